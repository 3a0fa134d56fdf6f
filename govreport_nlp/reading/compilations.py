"""Part a page that holds several reports."""

from __future__ import annotations

import re
from collections.abc import Sequence

from govreport_nlp.characters import closes_sentence, fold

__all__ = ["split_compilation"]

_AUTHORITY = "(?:政府|国务院|办事处|管委会|委员会)"
_OPENING = re.compile(
    r"(?:[^“”]{0,30}[：！，。])? ?(?:(?:现在|下面|现)，?(?:请允许)?由?我?，?|(?:请允许)?我，?|(?=受))"
    rf"(?:谨?代表.{{0,40}}?{_AUTHORITY}|受.{{1,30}}?{_AUTHORITY}.{{0,6}}?委托).{{0,40}}(?:报告|汇报)"
)
_SALUTATION = re.compile(r".{0,30}(?:代表|委员|同志)们?[：！]")
_COUNT = r"[\d一二三四五六七八九十]+"
_ITEM = re.compile(
    rf".{{0,40}}篇{_COUNT}|.{{0,24}}(?:报告|汇报|总结).{{0,12}}[（(]?{_COUNT}[）)]?|第{_COUNT}篇.{{0,40}}"
)
_FRONT = 60
"""A title-block paragraph is no longer than this."""


def split_compilation(paragraphs: Sequence[str]) -> list[tuple[int, int]]:
    """Give the half-open range of paragraphs of every report in a file.

    A report is known by its opening statement (``现在，我代表…人民政府…报告工作``) or, on a compilation
    page, by the numbered item title above it; its title block is taken along.

    Parameters
    ----------
    paragraphs : sequence of str
        Clean text of all paragraphs of the file.

    Returns
    -------
    list of (int, int)
        Ranges in order. A file with one report, or none that can be told, gives one range over everything;
        otherwise what stands before the first report is in no range.
    """
    folded = [fold(text) for text in paragraphs]
    openings = [i for i, text in enumerate(folded) if len(text) < 400 and _OPENING.match(text[:120])]
    starts: list[int] = []
    for opening in openings:
        start = _front(folded, opening)
        if not starts or start - starts[-1] > 5:
            starts.append(start)
    items = [i for i, text in enumerate(folded) if len(text) < _FRONT and _ITEM.fullmatch(text)]
    if len(items) > 1:
        prefix = {re.sub(rf"{_COUNT}\D{{0,3}}$", "", folded[i]) for i in items}
        starts = items if len(prefix) == 1 and len(items) >= len(starts) else starts
    if len(starts) < 2:
        return [(0, len(paragraphs))]
    return list(zip(starts, [*starts[1:], len(paragraphs)], strict=True))


def _front(folded: Sequence[str], opening: int) -> int:
    """First paragraph of the title block above an opening statement."""
    start = opening
    while start > 0:
        above = folded[start - 1]
        if len(above) > _FRONT or (closes_sentence(above) and not _SALUTATION.fullmatch(above)):
            break
        start -= 1
    return start
