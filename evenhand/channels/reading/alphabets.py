"""The likeliest charset of bytes that nobody named one for, by the letters that a language uses most.

Statistics need long texts, and a subject is short: but read in the wrong charset, letters are rare ones, change their
case within a word, or stand beside those of another alphabet.
"""

import codecs
import unicodedata
from itertools import pairwise

# Of an alphabet the first letters are the commonest, and count for more.
CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшцщэюъфіїєґёњћџј"
GREEK = "αοιετσνηυρπκμλςδγωθάίόήέύώχφβξζψ"
HAN = frozenset(
    "的一是不了在有人我他这個个們们中来來上大为為和国國地到以說说時时要就出会會可也你對对生能而子那得于於着下自之年過过發发後后作裡里用道行所然家種种事成方多經经麼么去法學学如都同現现當当沒没動动面起看定天分還还進进好小部其些主樣样理心本前開开但因只從从想實实日者意無无"
    "力它與与長长把機机十民第公此已工使情明性知全三又關关點点正業业外將将兩两高間间由問问很最重並并物手應应向頭头文體体政美相見见被利什二等產产或新己制身果加月話话合回特代内內信表化老給给世位次度門门任常先通教原東东提立及比員员解水名真論论處处走各入口認认條条平系氣气題题更別别打變变"
    "總总何電电數数安少報报才結结反受目太量再感建務务做接必場场件計计管期市直資资命金指許许統统區区保至社便空決决治展科司基書书非聽听白界達达光放強强即像難难且思完設设式色路記记品住告類类求據据程邊边該该交規规取望術术共確确今切讓让識识候帶带導导運运您請请幫帮查發發票款退單单訂订收"
    "測测試试郵邮件註注册冊密碼码登錄录價价購购買买商送貨货物費费訊讯賬账戶户謝谢"
)
KANA = frozenset(map(chr, [*range(0x3041, 0x3097), *range(0x30A1, 0x30FD)]))
JAPANESE = KANA | HAN | frozenset("々様御願致件返答連絡注文質商品請求書希望会社担当者株式確認配送代金振込変更予約")
HANGUL = frozenset(
    "이다는을에가의고하지한로은를도기나사인서어시자그리아해대으수정부과들일라관위있스문전제주구상마보것원여만안들었니습요세까게면저할녕환불계금주상품착직않합감드립바확연락신청번호취소배송결제오류로그등"
)
THAI = "านรกอเงมยลวดทสตะปบคหใไแโุูิีึืั็่้๊์ขชซธจถพผฟศษณฉญฎำ"
HEBREW = "יוהלאתרבשמנדחקפגכעםןטזצסךףץ"
ARABIC = "اليندمرتبوةهعفسكحقجشصخطزثضغأإآىئءؤذظ"
WESTERN = frozenset("äöüßÄÖÜéèêëàâçñóáíúãõåæøœîïôûùÉÀÇÑÅØ¿¡’‘“”–—…€°«»£§®©")
CENTRAL = frozenset("ěščřžýáíéůúťďňąęłńóśźżćőűäöüßđĚŠČŘŽÝŁŚŻŹĆŐŰŇľĺŕ’“”„–…")
TURKISH = frozenset("şğıİçöüŞÇÖÜâî’“”")
# Each with the letters to look for; where two fit equally, the earlier is taken.
FOREIGN = (
    ("gb18030", HAN), ("cp950", HAN), ("euc_jp", JAPANESE), ("cp932", JAPANESE), ("cp949", HANGUL), ("cp1251", CYRILLIC),
    ("koi8_r", CYRILLIC), ("cp866", CYRILLIC), ("iso8859_5", CYRILLIC), ("mac_cyrillic", CYRILLIC), ("cp1253", GREEK),
    ("cp1255", HEBREW), ("cp1256", ARABIC), ("iso8859_6", ARABIC), ("cp874", THAI),
)  # fmt: skip
LATIN = (("cp1252", WESTERN), ("cp1250", CENTRAL), ("iso8859_2", CENTRAL), ("cp1254", TURKISH))
ENOUGH = 0.5
FEWEST = 3  # bytes beyond ASCII; of fewer nothing can be told, and they are nearly always accents
COMMONEST = 12
ALL_ACCENTS = 0.7  # how likely it is that Latin words are made of hardly anything but accented letters
LOOKED_AT = 400  # bytes


def likeliest(data: bytes) -> str:
    """The codec whose text looks most like a language, or "" where none does."""
    data = data[:LOOKED_AT]
    high = sum(byte > 0x7F for byte in data)
    letters = high + sum(chr(byte).isalpha() for byte in data if byte < 0x80)
    if high < FEWEST:
        return "cp1252"
    latin = high * 2 < letters
    scored = [(likeness(data, codec, common) * (1 if latin else ALL_ACCENTS), codec) for codec, common in LATIN]
    if not latin:
        scored = [(likeness(data, codec, common), codec) for codec, common in FOREIGN] + scored
    score, codec = max(scored, key=lambda one: one[0])
    return codec if score >= ENOUGH else ""


def likeness(data: bytes, codec: str, common: frozenset[str] | str) -> float:
    """How much of the text is made of common letters, less what no writer writes; at most 1."""
    try:
        text = codecs.getincrementaldecoder(codec)().decode(data)
    except UnicodeError:
        return -1.0
    foreign = [char for char in text if char > "\x7f"]
    if not foreign:
        return -1.0
    used: float = sum(char.lower() in common or char in common for char in foreign)
    if isinstance(common, str):
        rare = common[COMMONEST:]
        used -= 0.3 * sum(char.lower() in rare for char in foreign)
    punctuation = sum(char in "、。，！？：；（）「」【】・～　№ \xa0" for char in foreign)
    odd = sum(unicodedata.category(char)[0] in "CSN" and char not in common for char in foreign)
    pairs = list(pairwise(text))
    breaks = sum(a.islower() and b.isupper() for a, b in pairs)
    if isinstance(common, str):
        breaks += sum(a.isascii() != b.isascii() and a.isalpha() and b.isalpha() for a, b in pairs)
    return (used + punctuation - odd - breaks) / len(foreign)
