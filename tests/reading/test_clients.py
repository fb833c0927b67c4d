"""What mail programs and desks put around the words of an answer: one invented letter each."""

import pytest

from evenhand.channels.reading.folding import fold

NEW = "New words of mine, on two\nlines of text."
HEAD = "Neil <n@x.example>"

BELOW = [
    "---- On Wed, 24 Feb 2021 14:02:50 +0530 j@x.example wrote ----\n\nold",
    "---- Le mer., 24 févr. 2021 14:02:50 +0530 John <j@x.example> a écrit ----\n\nold",
    "---- John Smith wrote ----\n\n> old",
    f"Aa {HEAD} schrieb am So., 23.\nJuni 2024, 21:08:\n\n> old",
    "On Wed, Dec 9, Mister E\n<m@x.example>\nwrote:\n> old\n\n--\nMy name",
    f"-------- Oprindelig besked --------\nFra: {HEAD}\nDato: 04.07.2024  17.45  (GMT+01:00)\nTil: c@x.example\nEmne: Hej",
    f"-------- Message d'origine --------\nDe : {HEAD}\nDate : 23/06/24  10:46  (GMT+01:00)\nÀ : c@x.example Objet : Bonjour !",
    f"----- Mail original -----\nDe: {HEAD}\nÀ: Jo\nEnvoyé: Lundi 4 Janvier 2016 19:03:04\nObjet: Lampe\n\nold",
    f"------------------&nbsp;原始邮件&nbsp;------------------\n发件人: {HEAD};\n发送时间:&nbsp;2016年1月4日(星期一) 晚上7:03\n收件人:&nbsp;Jo;\n\n主题:&nbsp;灯\n\nold",
    f"**From:** {HEAD} **On Behalf Of** Z\n**Sent:** 28 July 2025 15:46\n**To:** HR\n**Subject:** Ref\n\nold",
    f"Télécharger Outlook pour iOS<https://x.example/o>\n________________________________\nFrom: {HEAD}\nSent: Thursday, September 26, 2019 11:35:12 AM\nTo: Y\nSubject: C\n\nold",
    f"Sent with Proton Mail secure email.\n\n------- Original Message -------\nOn Monday, January 4th, 2016 at 7:03 PM, {HEAD} wrote:\n\n> old",
    f"    Am Montag, 4. Januar 2016 um 19:03:04 MEZ hat {HEAD} Folgendes geschrieben:  \n \n old",
    f"-----Neil Gray schrieb: -----\nAn: jo@y.example\nVon: {HEAD}\nDatum: 04.01.2016 19:03\nBetreff: Lamp\n\nold",
    'At 2016-01-04 19:03:04, "Neil" <n@x.example> wrote:\n>old',
    "##- Please type your reply above this line -##\n\nold words of a desk",
    "Original Message processed by david®\n\nLamp 4. Januar 2016, 19:03 Uhr\nVon Neil\n\nold",
    "someone via a forum wrote:\n\nold",
    "Thus spake Neil Gray (n@x.example):\n\n> old",
    "Hi Neil, you wrote on 4.1.2016:\n\n> old",
    f"{HEAD} schrieb am Fr., 28. Apr. 2017 um 11:53 Uhr:\n\nold",
    # Languages that no table knows.
    f"Kuupäeval E, 4. jaanuar 2016 kell 19:03 kirjutas {HEAD}:\n\n> old",
    f"Missatge de {HEAD} del dia dl., 4 de gen. 2016 a les 19:03:\n\n> old",
    f"সোম, ৪ জানু, ২০১৬ তারিখে ৭:০৩ PM টায় {HEAD} লিখেছেন:\n\n> old",
    f"Mnamo Jum, 4 Jan 2016 saa 19:03 {HEAD} aliandika:\n\n> old",
    f"ორშ, 4 იან. 2016, 19:03 {HEAD}-მა დაწერა:\n\n> old",
    f"Wiadomość napisana przez {HEAD} w dniu 4 sty 2016, o godz. 19:03:\n\n> old",
]


@pytest.mark.parametrize("below", BELOW)
def test_what_stands_below_an_answer_is_folded(below: str) -> None:
    assert fold(f"{NEW}\n\n{below}").reply == NEW


def test_an_answer_below_an_introduction_in_any_language() -> None:
    assert fold(f"* {HEAD} [2016-01-04 19:03]:\n> old\n\n{NEW}").reply == NEW


@pytest.mark.parametrize(
    "text",
    [
        "On the other hand, be careful.\nOn average it works.\n\nOn a separate note, fine.",
        "It comes from: j@x.example\n\nThe data comes From: our base, not From: outside.",
        "Formats:\n\n2024-01-15 14:30:25\n15.01.2024 14:30\n01/15/2024 at 2:30 PM\n\nThese are examples.",
        "## Points\n----\n\n1. one\n\n----\n\nThe dashes are headings.\n\n====\n\nAnd these.",
        "First part.\n\n______________________________\n\nSecond part of it.\n\nBest regards,\nJo",
        f"Ask {HEAD} until 4.1.2016 19:03:\n\nthat is all.",
    ],
)
def test_what_only_looks_like_it_is_kept(text: str) -> None:
    assert fold(text).reply == text


@pytest.mark.parametrize("rule", ["--", "—————", "_____", "-- "])
def test_a_signature_below_a_rule(rule: str) -> None:
    assert fold(f"Thanks!\n\nCheers,\nSarah\n\n{rule}\nSarah J\nManager").reply == "Thanks!\n\nCheers,\nSarah"


@pytest.mark.parametrize(
    "line",
    ["Someone from mobile", "From My Iphone 6", "<<sent by galaxy>>", "från min iPhone", "Envoyé avec Proton Mail", "来自我的华为手机", "iPhone’umdan gönderildi", "取得 iOS 版 Outlook", "Diese Nachricht wurde mit der Mail App gesendet"],
)  # fmt: skip
def test_lines_of_phones_are_folded(line: str) -> None:
    assert fold(f"{NEW}\n\n{line}").reply == NEW


@pytest.mark.parametrize(
    "line", ["From my side all is fine.", "Gesendet am Montag", "Get well soon!", "Sent the parcel yesterday."]
)
def test_last_lines_of_people_are_kept(line: str) -> None:
    assert fold(f"{NEW}\n\n{line}").reply.endswith(line)
