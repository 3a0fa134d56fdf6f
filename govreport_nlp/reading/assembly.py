"""Turn the lines of a report into edits that leave its clean text of the source."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from govreport_nlp.reading.alignment import Edit
from govreport_nlp.reading.lines import Line

__all__ = ["clean_edits"]

_BLANK = "\ufeff \t\r\n\v\f\u3000\u00a0\x85\u2028\u2029"


def clean_edits(
    source: str, paragraphs: Sequence[Sequence[Line]], known: Sequence[Edit], elsewhere: str
) -> list[Edit]:
    """Give the edits after which the source reads one paragraph a line.

    Parameters
    ----------
    source : str
        Source text.
    paragraphs : sequence of sequence of Line
        Lines of each paragraph of one report.
    known : sequence of Edit
        Sorted edits made for other reasons (markup, chrome, artefacts) anywhere in the source.
    elsewhere : str
        Reason recorded for text outside the report.

    Returns
    -------
    list of Edit
        Edits that cover every source character the clean text does not hold.
    """
    starts = [edit.start for edit in known]
    edits: list[Edit] = []
    position = 0
    for number, paragraph in enumerate(paragraphs):
        for index, line in enumerate(paragraph):
            joint = "" if index else "\n" * (number > 0)
            if index and _needs_space(paragraph[index - 1].text[-1], line.text[0]):
                joint = " "
            edits += _gap(source, position, line.start, known, starts, joint, elsewhere)
            edits += _within(known, starts, line.start, line.end)
            position = line.end
    return edits + _gap(source, position, len(source), known, starts, "", elsewhere)


def _needs_space(left: str, right: str) -> bool:
    return left.isascii() and left.isalpha() and right.isascii() and right.isalpha()


def _within(known: Sequence[Edit], starts: Sequence[int], start: int, end: int) -> list[Edit]:
    low = bisect_left(starts, start)
    while low and known[low - 1].end > start:
        low -= 1
    high = bisect_left(starts, end)
    return [
        Edit(max(edit.start, start), min(edit.end, end), edit.text, edit.reason) for edit in known[low:high]
    ]


def _gap(
    source: str,
    start: int,
    end: int,
    known: Sequence[Edit],
    starts: Sequence[int],
    joint: str,
    elsewhere: str,
) -> list[Edit]:
    """Drop a gap between two kept lines piece by piece, leaving `joint` in place of its first white space."""
    outer = start == 0 or end == len(source)
    blank_reason = "white space" if outer else "paragraph break" if joint == "\n" else "line wrap"
    pieces: list[Edit] = []
    position = start
    for edit in [*_within(known, starts, start, end), Edit(end, end, "", "")]:
        if position < edit.start:
            blank = not source[position : edit.start].strip(_BLANK)
            pieces.append(Edit(position, edit.start, "", blank_reason if blank else elsewhere))
        if edit.end > edit.start:
            pieces.append(Edit(edit.start, edit.end, "", edit.reason))
        position = edit.end
    if joint and pieces:
        place = next((i for i, piece in enumerate(pieces) if piece.reason == blank_reason), 0)
        pieces[place] = replace(pieces[place], text=joint)
    return pieces
