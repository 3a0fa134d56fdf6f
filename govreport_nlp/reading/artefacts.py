"""Traces of conversion inside a line: stray spaces, bookmark tags, footnote marks, OCR intrusions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from govreport_nlp.characters import SPACE
from govreport_nlp.reading.alignment import Edit
from govreport_nlp.reading.lines import Line

__all__ = ["artefact_edits"]

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff〇"
_MARK: Final = "，。；：？！、“”‘’（）《》【】…—％"

_TAGS: Final = (
    ("bookmark", "", re.compile(r"\[bookmark:[^\]\n]*\]")),
    ("field code", "", re.compile(r"\{?\b(?:HYPERLINK|PAGEREF|REF|TOC) +[\"\\][^\n}]{0,80}\}?")),
    (
        "footnote mark",
        "",
        re.compile(
            rf"(?<=[{_HAN}{_MARK}])(?:\[\^?\d{{1,3}}\]|［\d{{1,3}}］|〔\d{{1,2}}〕|﹝ ?\d{{1,3}} ?﹞)(?!号)"
        ),
    ),
    ("OCR intrusion", "和", re.compile(rf"(?<=[{_HAN}”》]) and (?=[{_HAN}“《])")),
    (
        "control character",
        "",
        re.compile("[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u2060\ufeff]+"),
    ),
)
_RUN = re.compile(rf"[{SPACE}]+")
_CLINGS = re.compile(rf"[{_HAN}{_MARK}]")
_HAN_PAIR = re.compile(rf"[{_HAN}][{SPACE}]+[{_HAN}]")

_SPACED: Final = 200
"""A text with more spaces between Chinese characters than one in so many is spaced out by its converter."""


def artefact_edits(source: str, lines: Sequence[Line], taken: Iterable[Edit] = ()) -> Iterator[Edit]:
    """Yield the edits that clean the inside of lines.

    White space next to a digit, a letter or a mark is dropped where one side is Chinese. Between two Chinese
    characters it is kept as one space (``镇长 于水清``), unless the whole text is spaced out by its converter
    or the line is a letter-spaced title. Between Latin words one space stays.

    Parameters
    ----------
    source : str
        Source text.
    lines : sequence of Line
        Lines that belong to reports.
    taken : iterable of Edit
        Spans already dropped, which no edit may touch.

    Yields
    ------
    Edit
        Edits in text order.
    """
    length = sum(len(line.text) for line in lines)
    pairs = sum(len(_HAN_PAIR.findall(line.text)) for line in lines if len(line.text) > 40)
    spaced_out = pairs * _SPACED > length
    blocked = {at for edit in taken for at in range(edit.start, edit.end)}
    for line in lines:
        edits = sorted(_line_edits(source, line, spaced_out))
        last = line.start
        for edit in edits:
            if edit.start >= last and not blocked.intersection(range(edit.start, edit.end)):
                yield edit
                last = edit.end


def _line_edits(source: str, line: Line, spaced_out: bool) -> Iterator[Edit]:
    text = source[line.start : line.end]
    tags = []
    for reason, replacement, pattern in _TAGS:
        for match in pattern.finditer(text):
            tags.append(match.span())
            yield Edit(line.start + match.start(), line.start + match.end(), replacement, reason)
    drop_between_han = spaced_out or _letter_spaced(text)
    for match in _RUN.finditer(text):
        start, end = match.span()
        if any(a < end and start < b for a, b in tags):
            continue
        before, after = text[start - 1], text[end]
        both_han = bool(_HAN_PAIR.fullmatch(text[start - 1 : end + 1]))
        clings = bool(_CLINGS.match(before) or _CLINGS.match(after))
        if both_han and not drop_between_han:
            clings = False
        if clings:
            yield Edit(line.start + start, line.start + end, "", "stray space")
        elif match.group() != " ":
            yield Edit(line.start + start, line.start + end, " ", "stray space")


def _letter_spaced(text: str) -> bool:
    """Tell whether every character of a short line is parted by spaces (``政 府 工 作 报 告``)."""
    pieces = text.split()
    return len(pieces) >= 4 and all(len(piece) <= 2 for piece in pieces)
