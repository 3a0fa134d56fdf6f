"""Kind, role, level, section path and part of every paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from govreport_nlp.characters import closes_sentence, fold
from govreport_nlp.reading.numbering import NUMBERINGS, numbering
from govreport_nlp.reading.parts import assign_parts, opens_appendix
from govreport_nlp.reading.report import Paragraph

__all__ = ["PERSON", "Draft", "describe"]

_TITLE = re.compile(
    r"(?:.{0,40}(?:工作报告|政府报告)|.{2,40}工作(?:汇报|总结).{0,8}篇?\d{0,2})[（(]?[^。]{0,14}"
)
_TITLE_AND_SUBTITLE = re.compile(r".{0,30}工作报告 ?[（(—─―－-].{4,60}(?:会议|大会)上?.{0,12}[）)]?")
_DASHED = re.compile(r"[—─―]{1,4}[^。]{4,60}")
_CN: Final = r"[\d一二三四五六七八九十]{1,3}"
_DAY: Final = rf"[\d〇○零O一二三四五六七八九十]{{2,4}} ?年 ?{_CN} ?月(?: ?{_CN} ?日)?"
_DATE = re.compile(rf"[（(]?{_DAY}[）)]?")
_SUBTITLE = re.compile(
    rf"[（(]?[—─―－-]*.{{4,60}}(?:会议|大会)上?(?:的报告|通过)?[）)]?(?:[（(]{_DAY}[）)])?"
)
_SALUTATION = re.compile(
    r"(?:(?:各|尊敬).{0,30}|.{0,12})(?:代表|委员|同志|朋友|领导)们?[：:!！,，]|各.{0,30}(?:单位|部门)[：:,，]"
)
_HAN: Final = "[\u4e00-\u9fff]"
PERSON: Final = (
    rf"(?:{_HAN}{{1,8}}(?:[·•‧・]{_HAN}{{1,8}})+|{_HAN}(?: ?{_HAN}){{1,2}}(?<![省市县区州盟旗镇乡府长任]))"
)
"""Pattern of a name that stands alone on its line or after a date."""
_NAMED = re.compile(rf"(?:[（(]?{_DAY} ?)?{PERSON}[）)]?")
_OFFICE = re.compile(r"(?:省|市|县|区|镇|乡|州|盟|旗) ?长|主席|主任|总理|(?:人民政府|办事处|管委会)$")
_HEADING_KINDS: Final = ("part", "section", "ideographic", "ideographic bracket", "arabic", "arabic bracket")
_LONGEST: Final = 60
_UNNUMBERED: Final = 30


@dataclass(frozen=True, slots=True)
class Draft:
    """A paragraph before its structure is known.

    Attributes
    ----------
    start, end : int
        Span in the clean text.
    text : str
        Its clean text.
    raw : str
        Its first line as it stands in the source, with markup.
    """

    start: int
    end: int
    text: str
    raw: str


def describe(drafts: Sequence[Draft]) -> tuple[Paragraph, ...]:
    """Give every paragraph of a report its kind, role, level, section, part and run-in heading.

    Parameters
    ----------
    drafts : sequence of Draft
        All paragraphs of one report in order.

    Returns
    -------
    tuple of Paragraph
    """
    roles = _roles(drafts)
    levels = _levels(drafts, roles)
    run_ins = _run_ins(drafts, roles)
    paragraphs: list[Paragraph] = []
    path: list[tuple[int, str]] = []
    for draft, role, level, run_in in zip(drafts, roles, levels, run_ins, strict=True):
        if level is not None and level > 0:
            path = [step for step in path if step[0] < level]
        paragraphs.append(
            Paragraph(
                draft.start,
                draft.end,
                kind="heading" if level is not None else "body",
                role=role,
                level=level,
                section=tuple(title for _, title in path),
                run_in=run_in,
            )
        )
        if level is not None and level > 0:
            path.append((level, draft.text))
    parts = assign_parts([draft.text for draft in drafts], paragraphs)
    return tuple(replace(p, part=part) for p, part in zip(paragraphs, parts, strict=True))


def _roles(drafts: Sequence[Draft]) -> list[str]:
    titled = max((i for i, d in enumerate(drafts[:12]) if _is_title(d.text)), default=-1)
    greeted = (i for i, d in enumerate(drafts) if i > titled and _SALUTATION.fullmatch(d.text))
    opened = (i for i, d in enumerate(drafts) if i > titled and len(d.text) > 45 and closes_sentence(d.text))
    numbered = (i for i, d in enumerate(drafts) if i > titled and numbering(d.text))
    body = min(next(first, len(drafts)) for first in (greeted, opened, numbered))
    if titled < 0 and body == len(drafts):  # a few loose lines have no title block
        body = 0
    return [_role(draft, front=index < body) for index, draft in enumerate(drafts)]


def _is_title(text: str) -> bool:
    kind = numbering(text)
    if closes_sentence(text) or (kind and kind[0] != "part"):
        return False
    return bool(len(text) <= 50 and _TITLE.fullmatch(text)) or bool(_TITLE_AND_SUBTITLE.fullmatch(text))


def _role(draft: Draft, *, front: bool) -> str:
    text = draft.text
    if _SALUTATION.fullmatch(text) and len(text) <= 36:
        return "salutation"
    if _DATE.fullmatch(text):
        return "date"
    if front and not closes_sentence(text) and (len(text) <= _LONGEST or _is_title(text)):
        return _front_role(text)
    if draft.raw.startswith("#") and len(text) <= _LONGEST:
        return "title" if _is_title(text) else "section"
    if _is_heading(draft):
        return "section"
    kind = numbering(text)
    return "item" if kind and kind[0] in ("arabic", "arabic bracket", "circled", "first of") else "text"


def _front_role(text: str) -> str:
    if _TITLE_AND_SUBTITLE.fullmatch(text):
        return "title"
    if _DASHED.fullmatch(text) or _SUBTITLE.fullmatch(text):
        return "subtitle"
    if _is_title(text):
        return "title"
    if _NAMED.fullmatch(text):
        return "byline"
    if text[-1] in "：:）)":
        return "text"
    return "byline" if _OFFICE.search(text) else "subtitle"


def _is_heading(draft: Draft) -> bool:
    text = draft.text
    if opens_appendix(text):
        return True
    kind = numbering(text)
    if not kind or kind[0] not in _HEADING_KINDS:
        bold = bool(re.fullmatch(r"(\*\*|__)[^*]+\1", draft.raw))
        plain = not re.search(r"[，。；：！？、,;:!?|…]", text) and 4 <= len(text) <= _UNNUMBERED
        return (bold and len(text) <= _LONGEST and not closes_sentence(text)) or (
            plain and _opens_section(text)
        )
    if len(text) > _LONGEST or text[-1] in "；：，;:,":
        return False
    one_sentence = len(text) <= 40 and len(re.findall("[。！？；]", text)) == 1
    if kind[0] in ("part", "section", "ideographic"):
        return one_sentence or not closes_sentence(text)
    if kind[0] == "ideographic bracket":
        return not closes_sentence(text) or (one_sentence and not re.search(r"\d", text))
    return not closes_sentence(text) and len(text) <= _UNNUMBERED


_SECTION_WORDS = re.compile(
    r"工作|回顾|总结|安排|任务|目标|建设|发展|情况|思路|重点|要求|展望|成绩|问题|措施|部署|实事"
)


def _opens_section(text: str) -> bool:
    return bool(_SECTION_WORDS.search(text)) and not _OFFICE.search(text) and not text[-1].isdigit()


def _style(draft: Draft) -> str:
    if opens_appendix(draft.text):
        return "appendix"
    kind = numbering(draft.text)
    if kind and kind[0] in _HEADING_KINDS:
        return kind[0]
    marks = len(draft.raw) - len(draft.raw.lstrip("#"))
    return f"unnumbered {marks}" if marks else "unnumbered"


def _levels(drafts: Sequence[Draft], roles: Sequence[str]) -> list[int | None]:
    """Rank the heading styles of a report: numbered ones by convention, others by where they first stand."""
    styles = [_style(d) if role == "section" else None for d, role in zip(drafts, roles, strict=True)]
    order: list[str] = []
    for style in styles:
        if style is None or style == "appendix" or style in order:
            continue
        after = (
            [s for s in order if s in NUMBERINGS and _rank(s) > _rank(style)] if style in NUMBERINGS else []
        )
        order.insert(order.index(after[0]) if after else len(order), style)
    ranks = {"appendix": 1} | {style: rank for rank, style in enumerate(order, 1)}
    return [
        ranks[style] if style else 0 if role in ("title", "subtitle") else None
        for style, role in zip(styles, roles, strict=True)
    ]


def _rank(style: str) -> int:
    return _HEADING_KINDS.index(style)


_TIME = re.compile(r"\d{4}年|过去|今年|.{1,2}年来|各位|同志")
_RUN_IN = re.compile(r"[^。！？；：]{4,36}。(?=.)", re.DOTALL)


def _run_ins(drafts: Sequence[Draft], roles: Sequence[str]) -> list[int | None]:
    """End of the run-in heading of each body paragraph, if the report uses them."""
    ends: list[int | None] = []
    candidates = bodies = 0
    for draft, role in zip(drafts, roles, strict=True):
        body = role in ("text", "item") and len(draft.text) > 60
        match = _RUN_IN.match(fold(draft.text)) if body else None
        heading = match and match.group().count("，") <= 3 and match.end() <= 0.3 * len(draft.text)
        heading = heading and not _TIME.match(draft.text)
        ends.append(draft.start + match.end() if match and heading else None)
        bodies += body
        candidates += ends[-1] is not None
    used = candidates >= 3 and candidates >= 0.25 * bodies
    bold = [draft.raw.startswith(("**", "__")) for draft in drafts]
    return [end if used or is_bold else None for end, is_bold in zip(ends, bold, strict=True)]
