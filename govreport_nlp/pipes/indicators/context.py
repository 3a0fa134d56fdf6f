"""Tell whether a figure is a result or a target, and of which year."""

from __future__ import annotations

import re
from typing import Final

from govreport_nlp.pipes.indicators.lexicon import lexicon

__all__ = ["kind_of", "year_of"]

_YEAR: Final = re.compile(r"(?<![0-9])(?<![比较与由从])((?:19|20)[0-9]{2})\s?年(?!以来|末?相比)")
_REACH: Final = 300
_SENTENCE_END: Final = re.compile(r"[。！？!?；;\n]")


def _sentence_before(text: str, start: int) -> str:
    """Give what stands before a figure in its sentence, or the nearer part of it."""
    return _SENTENCE_END.split(text[max(0, start - _REACH) : start])[-1]


def kind_of(text: str, start: int, part: str | None, given: int | None = None) -> str:
    """Tell ``"result"`` from ``"target"``.

    Parameters
    ----------
    text : str
        Text of the paragraph.
    start : int
        Where the figure starts in it.
    part : str or None
        Part of the report: figures of the review are results, those of the plan targets unless their sentence
        names a past year and no target; elsewhere the words of the sentence before the figure decide.
    given : int or None
        Year in which the report was given; without it a year counts as past where a later one stands before.

    Examples
    --------
    >>> kind_of("主要预期目标是：地区生产总值增长6%", 8, None)
    'target'
    """
    before = _sentence_before(text, start)
    if part == "review":
        return "result"
    if lexicon().cue.search(before):
        return "target"
    return "target" if part == "plan" and not _is_past(text, start, before, given) else "result"


def _is_past(text: str, start: int, before: str, given: int | None) -> bool:
    """Tell whether the last year in `before` lies before the year of the plan."""
    years = _YEAR.findall(before)
    known = given or max(map(int, _YEAR.findall(text[max(0, start - _REACH) : start])), default=0)
    return bool(years) and int(years[-1]) < known


def year_of(text: str, start: int, section: list[str], given: int | None, kind: str) -> int | None:
    """Tell the year of a figure.

    The last year named before the figure in its sentence counts, then the one in the title of a section, from
    the innermost one out, then that of the report: results are those of the year before it was given.

    Examples
    --------
    >>> year_of("到2030年，地区生产总值达到900亿元", 7, [], 2024, "target")
    2030
    >>> year_of("地区生产总值达到900亿元", 0, ["一、工作回顾"], 2024, "result")
    2023
    """
    for place in (_sentence_before(text, start), *reversed(section)):
        years = _YEAR.findall(place)
        if years:
            return int(years[-1])
    if given is None:
        return None
    return given if kind == "target" else given - 1
