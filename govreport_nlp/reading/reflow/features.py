"""Features of a line break: layout around it and the characters on both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from govreport_nlp.characters import CLOSERS, OPENERS, closes_sentence, fold, is_cjk
from govreport_nlp.reading.lines import Line
from govreport_nlp.reading.numbering import numbering

__all__ = ["line_features"]

WINDOW: Final = 16
"""Lines on each side that tell the local layout."""

_NEVER_FIRST: Final = "，、。；：！？％," + CLOSERS
_OPEN = {
    opener: closer for opener, closer in zip(OPENERS, CLOSERS, strict=True) if opener not in "「『〈［〔｛{"
}


class _Layout:
    """Layout of the lines around a break."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.widths = [round(line.width) for line in lines]
        self._cache: dict[int, tuple[int, float, float, float]] = {}

    def around(self, index: int) -> tuple[int, float, float, float]:
        """Wrap width, share of lines that fill it, share of blank gaps and share of indented lines."""
        block = index // 4
        if block not in self._cache:
            low, high = max(0, block * 4 - WINDOW), min(len(self.lines), block * 4 + WINDOW + 4)
            self._cache[block] = self._measure(low, high)
        return self._cache[block]

    def _measure(self, low: int, high: int) -> tuple[int, float, float, float]:
        counts = Counter(width for width in self.widths[low:high] if width >= 15)
        total = high - low
        best = max(counts, key=lambda w: (counts[w] + counts[w - 1] + counts[w - 2], w), default=0)
        filled = counts[best] + counts[best - 1] + counts[best - 2]
        window = self.lines[low:high]
        # A lone long line fills its own width: one line is no evidence of wrapping.
        share = (filled - 1) / max(1, total - 1)
        blank = sum(line.blank > 0 for line in window) / total
        indented = sum(line.indent > 0 for line in window) / total
        return best, share, blank, indented


def _share(value: float) -> str:
    for name, limit in (("0", 0.04), ("1", 0.15), ("2", 0.35), ("3", 0.55), ("4", 0.75)):
        if value <= limit:
            return name
    return "5"


def _gap(value: float) -> str:
    for name, limit in (
        ("-9", -12),
        ("-2", -2.6),
        ("0", 0.6),
        ("1", 1.6),
        ("2", 2.6),
        ("4", 5),
        ("9", 10),
        ("20", 20),
    ):
        if value <= limit:
            return name
    return "99"


def _length(value: float) -> str:
    for limit in (4, 8, 12, 18, 25, 33, 46, 80, 150):
        if value <= limit:
            return str(limit)
    return "long"


def _end_class(text: str) -> str:
    if closes_sentence(text):
        return "end"
    last = fold(text[-1])
    if last in "；：，、":
        return last
    if last in CLOSERS:
        return "closer"
    if last in OPENERS:
        return "opener"
    if last.isdigit():
        return "digit"
    return "cjk" if is_cjk(last) else "other"


def _start_class(text: str) -> str:
    kind = numbering(text)
    if kind:
        return kind[0]
    first = fold(text[0])
    if first in _NEVER_FIRST:
        return "never"
    if first in OPENERS:
        return "opener" + first
    if first in "—─-－":
        return "dash"
    if first in "•·●■◆★※*":
        return "bullet"
    if first.isdigit():
        return "year" if text[:4].isdigit() and text[4:6].lstrip().startswith("年") else "digit"
    return "cjk" if is_cjk(first) else "other"


def _unclosed(text: str) -> bool:
    """Tell whether a quotation or bracket opened in `text` is still open at its end."""
    return any(text.rfind(opener) > text.rfind(closer) for opener, closer in _OPEN.items())


def _run_in(text: str) -> str:
    """Where the first sentence of a line ends and how many clauses it has: run-in headings are short."""
    folded = fold(text[:30])
    end = folded.find("。")
    return f"{_length(end)}:{min(folded.count('，', 0, end), 2)}" if end >= 0 else "none"


def _inner(text: str) -> str:
    """Whether sentences and clauses end inside a line: a heading holds none, prose does."""
    folded = fold(text[:-1])
    return f"{min(folded.count('。'), 2)}{min(folded.count('，'), 2)}{'；' in folded}"


def _markup(raw: str) -> str:
    if raw.startswith("#"):
        return "#"
    return "**" if raw.startswith(("**", "__")) else ""


def line_features(lines: Sequence[Line]) -> Iterator[list[str]]:
    """Yield the features of every break between two neighbouring lines.

    Parameters
    ----------
    lines : sequence of Line
        Lines of one file in order.

    Yields
    ------
    list of str
        Feature names of the break after each line but the last.
    """
    layout = _Layout(lines)
    for index in range(len(lines) - 1):
        yield _features(layout, index)


def _features(layout: _Layout, index: int) -> list[str]:
    line, after = layout.lines[index], layout.lines[index + 1]
    beyond = layout.lines[index + 2] if index + 2 < len(layout.lines) else None
    width, wrapped, blanks, indents = layout.around(index)
    share = _share(wrapped)
    gap = _gap(width - line.width)
    ahead = _gap(width - after.width)
    end, start = _end_class(line.text), _start_class(after.text)
    opens = _start_class(line.text)
    blank = f"{min(after.blank, 2)}/{_share(blanks)}"
    indent = f"{after.indent > line.indent}{after.indent > 0}{line.indent > 0}/{_share(indents)}"
    long, short = _length(line.width), _length(after.width)
    markup = _markup(line.raw) + ">" + _markup(after.raw)
    page = "p" if after.page else ""
    run_in = _run_in(after.text)
    unclosed = "u" if _unclosed(line.text) else ""
    left, right = fold(line.text[-2:]), fold(after.text[:2])
    wraps = share not in "012"
    geometry = f"{share},{gap}" if wraps else f"{share},{long}"
    return [
        f"g={geometry}|{end}",
        f"gi={geometry}|{indent}",
        f"gie={geometry}|{indent}|{end}",
        f"gb={geometry}|{blank}|{end}",
        f"gbp={share}|{blank}|{page}|{end}",
        f"gs={geometry}|{start}|{end}",
        f"go={geometry}|{opens}|{end}|{start}",
        f"ga={share}|{ahead}|{end}",
        f"gap={geometry}|{ahead}|{opens}",
        f"af={_end_class(after.text)}|{ahead}|{start}|{end}|{beyond is None or beyond.indent > after.indent}",
        f"es={end}|{start}",
        f"ie={indent}|{end}|{start}",
        f"be={blank}|{end}|{start}",
        f"in={_inner(line.text)}|{end}|{long}",
        f"ins={_inner(line.text)}|{end}|{start}|{blank}",
        f"le={long}|{end}|{opens}",
        f"ls={short}|{start}|{end}",
        f"lle={long}|{short}|{end}",
        f"lsb={long}|{short}|{blank}|{opens}|{start}",
        f"ri={run_in}|{end}|{share}",
        f"rg={run_in}|{geometry}|{end}",
        f"rs={run_in}|{start}|{end}|{_run_in(line.text)}",
        f"i={indent}|{share in '345'}",
        f"m={markup}|{end}",
        f"mp={markup}|{blank}",
        f"p={page}|{end}|{start}",
        f"u={unclosed}|{end}|{share}",
        f"l1={left[-1:]}",
        f"r1={right[:1]}",
        f"r2={right}",
        f"r3={fold(after.text[:3])}",
        f"r4={fold(after.text[:4])}",
        f"x11={left[-1:]}|{right[:1]}",
        f"x21={left}|{right[:1]}",
        f"x12={left[-1:]}|{right}",
        f"x22={left}|{right}",
        f"r2e={right}|{end}",
        f"l2g={left}|{share}|{gap if wraps else long}",
    ]
