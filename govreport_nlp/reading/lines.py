"""Physical lines of a source text, with the geometry that tells wraps from paragraph ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from govreport_nlp.characters import SPACE, display_width
from govreport_nlp.reading.alignment import Edit

__all__ = ["Line", "split_lines"]

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_EDGE = re.compile(rf"^[{SPACE}]*|[{SPACE}]*$")
_LEADING = re.compile(rf"^[{SPACE}]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds visible text.

    Attributes
    ----------
    start, end : int
        Source span from the first to the last visible character.
    text : str
        Visible text: without the outer white space and without spans dropped as markup.
    raw : str
        The line as it stands in the source, stripped; markup such as ``##`` is still there.
    indent : float
        White space before the text, in full-width columns.
    width : float
        Display width of `text`, in full-width columns.
    blank : int
        Number of blank lines before it.
    page : bool
        Whether a page starts with it (form feed, or page furniture dropped just before).
    """

    start: int
    end: int
    text: str
    raw: str
    indent: float
    width: float
    blank: int
    page: bool


def split_lines(text: str, drops: Iterable[Edit] = ()) -> Iterator[Line]:
    """Cut a source text into lines, leaving out blank ones and dropped spans.

    Parameters
    ----------
    text : str
        Source text.
    drops : iterable of Edit
        Spans that are not visible, in order, e.g. markup found by a format reader.

    Yields
    ------
    Line
        Lines in text order.
    """
    pending = sorted(drops)
    at = 0
    blank = 0
    page = False
    position = 0
    breaks = [*_BREAK.finditer(text), None]
    for match in breaks:
        end = match.start() if match else len(text)
        visible: list[tuple[int, int]] = []
        cursor = position
        while at < len(pending) and pending[at].start < end:
            drop = pending[at]
            if drop.start > cursor:
                visible.append((cursor, drop.start))
            cursor = max(cursor, drop.end)
            if drop.end > end:
                break
            at += 1
        if cursor < end:
            visible.append((cursor, end))
        line = _line(text, position, end, visible, blank, page)
        if line is None:
            blank += not text[position:end].strip()
            page = page or (end > position and bool(text[position:end].strip()))
        else:
            yield line
            blank, page = 0, False
        if match:
            page = page or match.group() == "\f"
            position = match.end()


def _line(
    text: str, start: int, end: int, visible: list[tuple[int, int]], blank: int, page: bool
) -> Line | None:
    pieces = [text[a:b] for a, b in visible]
    shown = "".join(pieces)
    stripped = _EDGE.sub("", shown)
    if not stripped:
        return None
    leading = _LEADING.match(shown)
    lead = leading.end() if leading else 0
    first = _offset(visible, lead)
    last = _offset(visible, lead + len(stripped) - 1) + 1
    raw = text[start:end].strip()
    indent = display_width(shown[:lead].replace("\t", "    "))
    return Line(first, last, stripped, raw, indent, display_width(stripped), blank, page)


def _offset(visible: list[tuple[int, int]], index: int) -> int:
    for start, end in visible:
        if index < end - start:
            return start + index
        index -= end - start
    raise IndexError(index)
