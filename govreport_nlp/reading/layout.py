"""From the text of a file to paragraphs of lines: the re-flow decision, with chrome set aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from govreport_nlp.reading.alignment import Edit
from govreport_nlp.reading.chrome import drop_chrome
from govreport_nlp.reading.lines import Line, split_lines
from govreport_nlp.reading.reflow import paragraph_ends

__all__ = ["Layout", "lay_out"]

_LONGEST_LINK = 60


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines of a file, sorted.

    Attributes
    ----------
    paragraphs : list of list of Line
        Lines of each paragraph, in text order.
    chrome : list of (Line, str)
        Lines that are no report text, each with the reason.
    """

    paragraphs: list[list[Line]]
    chrome: list[tuple[Line, str]]


def lay_out(text: str, drops: Iterable[Edit] = ()) -> Layout:
    """Tell paragraphs from wrapped lines and from chrome.

    Parameters
    ----------
    text : str
        Source text.
    drops : iterable of Edit
        Spans known not to be visible, such as markup.
    """
    kept, chrome = drop_chrome(list(split_lines(text, drops)))
    lines, links = _cut_links(kept, chrome)
    paragraphs: list[list[Line]] = []
    ended = True
    for line, ends in zip(lines, paragraph_ends(lines), strict=True):
        if ended:
            paragraphs.append([])
        paragraphs[-1].append(line)
        ended = ends
    return Layout(paragraphs, [*chrome, *links])


def _cut_links(
    lines: list[Line], chrome: Sequence[tuple[Line, str]]
) -> tuple[list[Line], list[tuple[Line, str]]]:
    """Drop what follows a list of related links: only titles of other pages stand there.

    Where a long line follows, report text goes on and nothing is dropped.
    """
    last = max((line.start for line in lines if len(line.text) > _LONGEST_LINK), default=0)
    cut = min(
        (line.start for line, reason in chrome if reason == "related links" and line.start > last),
        default=None,
    )
    if cut is None:
        return lines, []
    kept = [line for line in lines if line.start < cut]
    return kept, [(line, "related links") for line in lines if line.start >= cut]
