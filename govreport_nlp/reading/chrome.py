"""Find the lines around and between reports that belong to a page or a web site, not to a report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from govreport_nlp.characters import fold
from govreport_nlp.reading.lines import Line

__all__ = ["drop_chrome", "find_chrome"]

_BARE_NUMBER = re.compile(r"\d{1,4}")
_SHORTEST_PAGE = 150
"""Characters; numbers closer together count the rows of a table."""


@cache
def _patterns() -> list[tuple[str, int, re.Pattern[str]]]:
    table = Path(__file__).with_name("chrome.tsv").read_text(encoding="utf-8").splitlines()
    rows = (row.split("\t") for row in table if not row.startswith("#"))
    return [(reason, int(longest), re.compile(pattern)) for reason, longest, pattern in rows]


def find_chrome(lines: Sequence[Line]) -> list[str | None]:
    """Give for each line the reason why it is not report text, or ``None``.

    Parameters
    ----------
    lines : sequence of Line
        All lines of a file in order.

    Returns
    -------
    list of str or None, one a line
    """
    reasons = [_reason(line) for line in lines]
    for index in _page_numbers(lines):
        reasons[index] = "page number"
    return reasons


def _reason(line: Line) -> str | None:
    folded = fold(line.text)
    for reason, longest, pattern in _patterns():
        if len(folded) <= longest and pattern.fullmatch(folded):
            return reason
    return None


def _page_numbers(lines: Sequence[Line]) -> list[int]:
    """Find the bare numbers that count pages: they rise by one or two, or a lone one stands apart."""
    found = [i for i, line in enumerate(lines) if _BARE_NUMBER.fullmatch(fold(line.text))]
    numbers = [int(fold(lines[i].text)) for i in found]
    steps = [after - before for before, after in pairwise(numbers)]
    if not steps:
        return [
            i for i, number in zip(found, numbers, strict=True) if number < 1900 and _stands_apart(lines, i)
        ]
    pages = lines[found[-1]].start - lines[found[0]].start >= _SHORTEST_PAGE * len(steps)
    return found if pages and sum(step in (1, 2) for step in steps) >= 0.8 * len(steps) else []


def _stands_apart(lines: Sequence[Line], index: int) -> bool:
    return any(line.blank or line.page for line in lines[index : index + 2])


def drop_chrome(lines: Sequence[Line]) -> tuple[list[Line], list[tuple[Line, str]]]:
    """Part the lines of a file into report text and chrome.

    Returns
    -------
    kept : list of Line
        Lines of text; one that followed a page number is marked as the first of a page.
    dropped : list of (Line, str)
        The others, each with the reason.
    """
    kept: list[Line] = []
    dropped: list[tuple[Line, str]] = []
    page = False
    blank = 0
    for line, reason in zip(lines, find_chrome(lines), strict=True):
        if reason:
            dropped.append((line, reason))
            page = page or line.page or reason == "page number"
            blank = max(blank, line.blank)
            continue
        kept.append(replace(line, page=line.page or page, blank=max(line.blank, blank)))
        page, blank = False, 0
    return kept, dropped
