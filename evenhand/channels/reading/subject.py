"""Subjects, without what mail programs put before them."""

import re

ANSWERED = "re|aw|antw|antwort|ré|réf|rép|res|rif|sv|vs|vá|odp|ynt|απ|σχετ|отв|на|回复|回覆|答复|答覆|返信|답장|회신|رد|תגובה|atb|ats|bls|r"
FORWARDED = "fwd|fw|wg|wtr|tr|rv|enc|i|inoltra|doorst|doorsturen|vb|vs|vl|pd|tov|továbbítás|i̇lt|ilt|πρθ|пересл|转发|轉寄|轉發|転送|전달|إعادة|הועבר|trs|fs"
MARKS = re.compile(
    rf"\s*(?:(?:{ANSWERED}|{FORWARDED})\s*(?:[\[(]\d{{1,3}}[\])]|\^\d{{1,3}})?\s*[:：]|\[[^\]]{{1,40}}\])",
    re.IGNORECASE,
)
PASSED_ON = re.compile(rf"\s*(?:{FORWARDED})\s*[:：]", re.IGNORECASE)
ANSWER = re.compile(rf"\s*(?:{ANSWERED})\s*[:：]", re.IGNORECASE)
LONGEST = 300


def bare(subject: str) -> str:
    """The subject itself: no "Re:", no "Fwd:", no "[list]" before it."""
    rest = subject[:LONGEST]
    while mark := MARKS.match(rest):
        rest = rest[mark.end() :]
    return rest.strip()


def alike(subject: str) -> str:
    """What two subjects share that are about the same thing."""
    return " ".join(bare(subject).casefold().split())


def passed_on(subject: str) -> bool:
    """Whether a mail program says by the subject that the letter is passed on."""
    return bool(PASSED_ON.match(subject[:LONGEST]))


def only_passed_on(subject: str) -> bool:
    """The same, where no other program means an answer by it (VS: is "videresendt" to some, "vastaus" to others)."""
    return passed_on(subject) and not ANSWER.match(subject[:LONGEST])
