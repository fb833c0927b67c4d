"""The model that tells languages apart: what it says is what the library says, and it is made once in a process."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier, visit_counts

from evenhand.channels.reading import language
from evenhand.channels.reading.language_model import LanguageModel

TEXTS = {
    "en": "Hello, my order arrived yesterday but the blue cup in it was broken. What shall I do?",
    "de": "Guten Tag, seit dem letzten Update kann ich mich nicht mehr anmelden. Was soll ich tun?",
    "fr": "Bonjour, je n'arrive plus à télécharger ma facture du mois dernier. Merci de votre aide.",
    "es": "Buenos días, no puedo cambiar la dirección de envío de mi pedido. ¿Me pueden ayudar?",
    "it": "Buongiorno, il pagamento è andato a buon fine ma non ho ricevuto nessuna conferma.",
    "pt": "Bom dia, não consigo entrar na minha conta desde ontem. Podem ajudar, por favor?",
    "nl": "Goedemiddag, de levering zou vandaag komen maar ik heb nog niets ontvangen.",
    "sv": "Hej, jag kan inte längre logga in på mitt konto. Kan ni hjälpa mig, tack?",
    "pl": "Dzień dobry, nie mogę pobrać faktury za zeszły miesiąc. Proszę o pomoc.",
    "cs": "Dobrý den, nemohu se přihlásit ke svému účtu. Můžete mi prosím pomoci?",
    "fi": "Hei, en pääse enää kirjautumaan tililleni. Voisitteko auttaa minua?",
    "hu": "Jó napot kívánok, nem tudok bejelentkezni a fiókomba. Kérem, segítsenek.",
    "ro": "Bună ziua, nu mai pot descărca factura de luna trecută. Mulțumesc pentru ajutor.",
    "tr": "Merhaba, dünden beri hesabıma giriş yapamıyorum. Yardımcı olabilir misiniz?",
    "ru": "Здравствуйте, я не могу войти в свою учётную запись. Помогите, пожалуйста.",
    "uk": "Доброго дня, я не можу увійти до свого облікового запису. Допоможіть, будь ласка.",
    "ar": "مرحبا، لا أستطيع تسجيل الدخول إلى حسابي منذ أمس. هل يمكنكم مساعدتي من فضلكم؟",
    "hi": "नमस्ते, मैं कल से अपने खाते में लॉग इन नहीं कर पा रहा हूँ। कृपया मदद करें।",
    "zh": "您好，我从昨天开始就无法登录我的账户，请问该怎么办？",
    "vi": "Xin chào, từ hôm qua tôi không thể đăng nhập vào tài khoản của mình.",
    "id": "Selamat pagi, saya tidak bisa masuk ke akun saya sejak kemarin. Mohon bantuannya.",
}


@pytest.fixture(scope="module")
def library() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([name for name in identifier.labels if len(name) == 2])
    return identifier


def test_it_knows_the_languages_of_help_desks() -> None:
    assert {text: language.language_of(text) for text in TEXTS.values()} == {text: name for name, text in TEXTS.items()}


def test_it_is_sure_of_what_the_library_is_sure_of(library) -> None:
    """Parts of texts, too: of few words both know less, and they know the same."""
    source = random.Random("parts of texts")
    parts = [
        text[(at := source.randrange(len(text) // 2)) : at + length]
        for text in TEXTS.values() for length in (15, 30, 60) for _ in range(5)
    ]  # fmt: skip
    same = [language.model().language_of(part) == library.classify(part)[0] for part in parts]
    assert sum(same) >= len(parts) * 0.99


def test_it_sees_the_sequences_that_the_library_sees(library) -> None:
    source = random.Random("any bytes")
    texts = [text.encode() for text in TEXTS.values()] + [source.randbytes(300) for _ in range(100)]
    for text in texts:
        theirs = visit_counts(library.tk_nextmove, library._rowbase, library.tk_output, text) or Counter()
        assert Counter(language.model()._features(text)) == theirs


@pytest.mark.parametrize(
    "few", ["CSV import fails", "Printer problem", "Passwort vergessen", "Rechnung falsch", "Status update?"]
)
def test_of_few_words_nothing_is_said_rather_than_a_neighbour(few: str) -> None:
    """The likeliest is French, Latin, Luxembourgish, Luxembourgish and Bosnian."""
    assert language.model().language_of(few) not in ("en", "de")
    assert language.language_of(few) == ""


@pytest.mark.parametrize(
    ("few", "name"),
    [("Login not working", "en"), ("Kan niet inloggen", "nl"), ("Mot de passe oublié", "fr"), ("Nie mogę wejść", "pl")],
)
def test_few_words_may_be_enough(few: str, name: str) -> None:
    assert language.language_of(few) == name


def test_words_of_no_language_have_none() -> None:
    assert language.model().language_of("") == ""
    assert language.language_of("\u0001" * 300) == ""


def test_a_process_that_cannot_make_it_says_why(monkeypatch) -> None:
    monkeypatch.setattr("evenhand.channels.reading.language_model.CONDENSING", "evenhand.no_such_module")
    with pytest.raises(RuntimeError, match="no_such_module"):
        LanguageModel.condensed()


def test_it_is_made_once_however_many_need_it_at_the_same_time(monkeypatch) -> None:
    made = []

    def slowly() -> object:
        time.sleep(0.1)  # long enough for the others to ask
        made.append(object())
        return made[-1]

    language._model.cache_clear()
    monkeypatch.setattr(LanguageModel, "condensed", slowly)
    try:
        with ThreadPoolExecutor(4) as pool:
            models = {id(each.result()) for each in [pool.submit(language.model) for _ in range(4)]}
    finally:
        language._model.cache_clear()
    assert len(made) == len(models) == 1
