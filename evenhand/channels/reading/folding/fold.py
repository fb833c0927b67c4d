"""Plain text, cut into what is new and what is folded. Linear in the length of the text."""

from dataclasses import dataclass
from itertools import accumulate

from evenhand.channels.reading.folding import marks
from evenhand.channels.reading.folding.phrases import REPLY_ABOVE
from evenhand.channels.reading.folding.run_on import runs_on

MOST_LOOKS = 1_500  # lines looked at for an introduction: no conversation has more lines above its first quote
MOST_LINES = 100_000  # what comes after goes with the line before
LONG_SIGNATURE = 25
SHORT_SIGNATURE = 8
MOST_IN_CLOSING = 4  # words of "With kind regards,"


@dataclass(frozen=True, slots=True)
class Folded:
    """The words new in a letter, what is folded, and whether the folded part is a letter passed on."""

    reply: str
    quoted: str
    forwarded: bool = False


def fold(text: str, passes_on: bool = False) -> Folded:
    """Cut `text`; every line of it is in `reply` or in `quoted`. Where nothing would be left, nothing is folded.

    `passes_on`: the subject says that a letter is passed on; that letter is then what its reader is to see, and stays.
    """
    lines = text.split("\n", MOST_LINES)
    rest = lines.pop() if len(lines) > MOST_LINES else ""
    page = Page(lines)
    page.fold()
    if (passes_on and page.holds_letter) or page.of_a_desk():
        return Folded(text.strip("\n"), "", passes_on and page.holds_letter)
    if not page.says_something():
        page.unfold_all_but_introduction()
    kept = [line for line, hidden in zip(page.lines, page.folded, strict=True) if not hidden]
    hidden = [line for line, hidden in zip(page.lines, page.folded, strict=True) if hidden]
    if rest:
        (hidden if page.folded[-1] else kept).append(rest)
    return Folded("\n".join(kept).strip("\n"), "\n".join(hidden).strip("\n"), page.forwarded)


class Page:
    """The lines of one text, each folded or not."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        bare = [line.strip() for line in lines]
        self.fence = [line.startswith("```") for line in bare]
        self.folded = [line in marks.TRACKERS for line in bare]
        self.blank = [not line or line in marks.TRACKERS for line in bare]
        self.quote = marks.quotes(lines, bare)
        for start, end in marks.armour(bare):
            self.hide(start, end)
            self.blank[start:end] = [True] * (end - start)
        self.rule = [line[:1] in marks.RULED and marks.separator(line) for line in bare]
        self.introductions: list[tuple[int, int]] = []
        self.forwarded = self.holds_letter = False
        self.first_word = next((at for at, blank in enumerate(self.blank) if not blank), len(lines))

    def hide(self, start: int, end: int) -> None:
        self.folded[start:end] = [True] * (end - start)

    def of_a_desk(self) -> bool:
        """Whether it begins as the letters of help desks do, with the line above which one is to answer. What is new in
        it stands below."""
        first = self.lines[self.first_word] if self.first_word < len(self.lines) else ""
        return marks.divider(first) == "original" and marks.lowered(first.strip(marks.TRIM)) in REPLY_ABOVE

    def says_something(self) -> bool:
        """Whether any line is neither folded nor blank."""
        return not all(folded or blank for folded, blank in zip(self.folded, self.blank, strict=True))

    def unfold_all_but_introduction(self) -> None:
        """Nothing is new in this letter: it shows what it quotes."""
        self.folded = [False] * len(self.lines)
        for start, end in self.introductions[:1]:
            if start == self.first_word and not all(self.blank[end:]):
                self.hide(start, end)

    def fold(self) -> None:
        end = self.first_cut()
        self.count_words()
        self.hide(end, len(self.lines))
        self.fold_signature(end)
        self.fold_quotes(end)
        self.fold_program_lines()

    def first_cut(self) -> int:
        """Where a quoted letter without quote marks begins, which goes on to the end; len(lines) if there is none."""
        said = fenced = False
        at = looks = 0
        while at < len(self.lines) and looks < MOST_LOOKS:
            fenced ^= self.fence[at]
            if self.quote[at] and not (at and self.quote[at - 1]):
                self.look_into_quote(at)
            if self.blank[at] or self.quote[at] or fenced:
                at += 1
                continue
            looks += 1
            count = self.introduced(at, said)
            if count < 0:
                return self.with_rule_above(at)
            said = said or not (count or self.rule[at])
            at += count or 1
        return len(self.lines)

    def introduced(self, at: int, said: bool) -> int:
        """-1 if the new words end here; else how many lines are an introduction, to be passed over."""
        if not marks.HINT.search(self.lines[at]):
            return 0
        if said and runs_on(self.lines[at]):
            return -1
        if kind := marks.divider(self.lines[at]):
            self.holds_letter = self.holds_letter or not self.introductions
            self.forwarded = self.forwarded or (kind == "forwarded" and not self.introductions)
            return -1 if said else 1
        if count := marks.header_block(self.lines, at):
            self.holds_letter = self.holds_letter or not self.introductions
            return -1 if said else count
        count = marks.introduction(self.lines, at)
        if count:
            self.introductions.append((at, at + count))
            marks.bars(self.lines, self.quote, at + count)
            if said and not self.quote_follows(at + count):
                return -1
        return count

    def look_into_quote(self, at: int) -> None:
        """Whether a quote that nothing introduces is a letter passed on, as some programs mark one."""
        if self.introductions or self.holds_letter:
            return
        inner = [line.lstrip("> ") for line in self.lines[at : at + 20]]
        kind = marks.divider(inner[0])
        self.forwarded = self.forwarded or kind == "forwarded"
        self.holds_letter = bool(kind or marks.header_block(inner, 0))

    def quote_follows(self, at: int) -> bool:
        """Whether the next line that is not blank carries a quote mark."""
        while at < len(self.lines) and self.blank[at]:
            at += 1
        return at < len(self.lines) and self.quote[at]

    def with_rule_above(self, at: int) -> int:
        """The rule that a mail program draws above a quoted letter belongs to the quote."""
        above = at - 1
        while above >= 0 and self.blank[above]:
            above -= 1
        return above if above >= 0 and self.rule[above] else at

    def count_words(self) -> None:
        """Running counts of the lines that are somebody's own words, and for each line the next that is not."""
        own = [
            not (blank or quote or rule) for blank, quote, rule in zip(self.blank, self.quote, self.rule, strict=True)
        ]
        for start, end in self.introductions:
            own[start:end] = [False] * (end - start)
        self.words = [0, *accumulate(own)]
        starts = {start for start, _ in self.introductions}
        self.next_quote = [len(self.lines)] * (len(self.lines) + 1)
        for at in range(len(self.lines) - 1, -1, -1):
            self.next_quote[at] = at if self.quote[at] or at in starts else self.next_quote[at + 1]

    def words_between(self, start: int, end: int) -> int:
        return self.words[max(start, end)] - self.words[start]

    def fold_signature(self, end: int) -> None:
        """From the line `-- `, or from a rule above few last lines, to the end of the words, unless an answer follows."""
        fenced = divides = False
        for at in range(self.first_word, end):
            fenced ^= self.fence[at]
            if fenced or not self.rule[at] or at == self.first_word:
                continue
            stop = min(self.next_quote[at + 1], end)
            most = LONG_SIGNATURE if self.lines[at].strip() in ("--", "—") else SHORT_SIGNATURE
            few = self.words_between(at + 1, stop) <= most and not self.words_between(stop, end)
            divides = divides or (few and most != LONG_SIGNATURE and self.goes_on(at + 1, stop))
            if few and (most == LONG_SIGNATURE or not divides):
                self.hide(at, stop)
                return

    def goes_on(self, start: int, stop: int) -> bool:
        """Whether what stands below a rule is more of the letter: it has a rule of its own, or ends as a letter does."""
        below = [at for at in range(start, stop) if not self.blank[at]]
        closing = (
            len(self.lines[at].split()) <= MOST_IN_CLOSING and self.lines[at].rstrip().endswith(",") for at in below[1:]
        )
        return any(self.rule[at] for at in below[:-1]) or any(closing)

    def fold_quotes(self, end: int) -> None:
        """Quotes at the end are folded, and one above all the words. Between the words they stay: they are the question."""
        tail = end
        while tail and (self.folded[tail - 1] or not self.words_between(tail - 1, tail)):
            tail -= 1
        if self.words_between(0, tail) and self.next_quote[tail] < end:
            self.hide(tail, end)
        for start, stop in self.introductions:
            if start < tail:
                self.hide(start, stop)
        if self.introductions and not self.words_between(0, self.introductions[0][0]):
            self.fold_quote_above(*self.introductions[0], tail)

    def fold_quote_above(self, start: int, stop: int, end: int) -> None:
        """One quote that stands above all the words, as those who write below it leave it."""
        after = stop
        while after < end and (self.blank[after] or self.quote[after]):
            after += 1
        if self.next_quote[after] >= end and self.words_between(after, end):
            self.hide(start, after)

    def fold_program_lines(self) -> None:
        """The lines that a phone or a mail program adds, where they are the last ones."""
        at = len(self.lines) - 1
        while at > self.first_word:
            if not (self.folded[at] or self.blank[at] or self.rule[at]):
                if not marks.signed_by_program(self.lines[at]):
                    return
                self.hide(at, at + 1)
            at -= 1
