"""Parts of a report: opening, review, plan, self-construction, closing, appendix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from govreport_nlp.characters import closes_sentence, fold
from govreport_nlp.reading.numbering import numbering
from govreport_nlp.reading.report import Paragraph

__all__ = ["assign_parts", "opens_appendix"]

_SELF = re.compile(
    r"自身建设|政府(?:系统)?(?:自身|作风|效能|能力|执政|行政|现代化)?建设|(?:建设|打造|锻造|塑造).{0,12}政府|政府.{0,6}(?:形象|效能|治理能力)|行政效能"
)
_SELF_BODY = re.compile(r"自身(?:改革)?建设|建设.{0,12}(?:型|满意|法治|清廉|廉洁)的?政府")
_PARAGRAPH: Final = 99
"""Level of a part that a paragraph without a heading of its own opens."""
_PLAN = re.compile(
    r"(?:今年|明年|今后|未来|下一步|新的一年|本届政府|\d{4}年).{0,12}(?:安排|任务|打算|目标|展望|思路|部署|建议|重点|意见|举措|计划)|"
    r"工作安排|主要任务|奋斗目标|工作打算|总体要求|工作部署|预期目标|工作展望|下.{0,3}步工作|做好(?:今年|\d{4}年)|开局之年|对下届政府|“十.五”.{0,10}(?:目标|任务)|发展目标"
)
_REVIEW = re.compile(r"回顾|工作总结|过去|(?:一年|五年|几年)来|取得的?(?:主要)?成[绩就效]|工作情况|完成情况")
_PLAN_BODY = re.compile(
    r"(?:今年|新的一年|明年|\d{4}年)[，]?.{0,24}(?:总体要求|总体思路|工作思路|预期目标|奋斗目标|主要目标|重点做好|重点抓好)"
)
_YEAR_AHEAD = re.compile(r"(?:今年|\d{4}年)的?(?:政府|主要|重点)?工作$")
_AHEAD = re.compile(r"今年是|今年，|(?:未来|今后)[五5]年|\d{4}年，?(?:我们要|是.{0,40}开局之年)")
"""Words that open the section after the review."""
_CLOSING = re.compile(r"(?:各位代表|同志们|各位同志|让我们)")
_APPENDIX = re.compile(r"(?:附件|附录|附[：:注]|名词解释|名词注释|用语说明|注释|有关(?:用语|名词)).{0,20}")


def opens_appendix(text: str) -> bool:
    """Tell whether a line is the title of an appendix (``附件1``, ``名词解释``)."""
    return _APPENDIX.fullmatch(fold(text)) is not None and not closes_sentence(text)


def assign_parts(texts: Sequence[str], paragraphs: Sequence[Paragraph]) -> list[str | None]:
    """Give the part each paragraph belongs to.

    Section titles decide; where they are silent, the first words of the section do.

    Parameters
    ----------
    texts : sequence of str
        Clean text of each paragraph.
    paragraphs : sequence of Paragraph
        The same paragraphs with kind, role and level.

    Returns
    -------
    list of str or None
        One of :data:`govreport_nlp.labels.PARTS` each.
    """
    parts: list[str | None] = []
    current = "opening"
    inner: tuple[str, int] | None = None
    for index, (text, paragraph) in enumerate(zip(texts, paragraphs, strict=True)):
        folded = fold(text)
        if paragraph.level:
            if inner and paragraph.level <= inner[1]:
                inner = None
            if opens_appendix(text):
                current, inner = "appendix", None
            elif current != "appendix":
                following = fold(texts[index + 1]) if index + 1 < len(texts) else ""
                current, inner = _turn(folded, following, paragraph.level, current, inner)
        else:
            if inner and inner[1] == _PARAGRAPH and numbering(text):
                inner = None
            if current == "plan" and not inner and _SELF_BODY.search(folded[:60]):
                inner = ("self-construction", _PARAGRAPH)
            if current in ("opening", "review") and paragraph.role == "text":
                current = _by_words(folded, current)
        parts.append(inner[0] if inner else current)
    _mark_closing(texts, paragraphs, parts)
    return parts


def _turn(
    heading: str, following: str, level: int, current: str, inner: tuple[str, int] | None
) -> tuple[str, tuple[str, int] | None]:
    """Part after a section title, and the part that holds below it only."""
    if _SELF.search(heading) and not _REVIEW.search(heading):
        return (current if current != "opening" else "review"), ("self-construction", level)
    if _PLAN.search(heading) and not _REVIEW.search(heading):
        return "plan", None
    if _REVIEW.search(heading) and current != "plan":
        return "review", None
    ahead = _YEAR_AHEAD.search(heading) or _PLAN_BODY.search(following[:60]) or _AHEAD.match(following)
    if current == "review" and level == 1 and ahead:
        return "plan", None
    return ("review" if current == "opening" else current), inner


def _by_words(text: str, current: str) -> str:
    if _PLAN_BODY.search(text[:60]):
        return "plan"
    if current == "opening" and re.search(r"(?:一年|五年|几年)来|过去的?一年|^\d{4}年[，是]", text[:80]):
        return "review"
    return current


def _mark_closing(texts: Sequence[str], paragraphs: Sequence[Paragraph], parts: list[str | None]) -> None:
    """Let the last address to the deputies open the closing, where it stands at the end."""
    end = next((i for i, part in enumerate(parts) if part == "appendix"), len(parts))
    heading = max((i for i in range(end) if paragraphs[i].level is not None), default=-1)
    last = [
        i
        for i in range(max(end - 4, heading + 1, 0), end)
        if _CLOSING.match(texts[i]) and not _SELF_BODY.search(fold(texts[i][:60]))
    ]
    if last and len(parts) > 8:
        parts[last[0] : end] = ["closing"] * (end - last[0])
