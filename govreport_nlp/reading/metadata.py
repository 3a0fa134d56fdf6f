"""Title, place, date and speaker, as far as the report itself says them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from govreport_nlp.characters import fold
from govreport_nlp.reading.report import Metadata, Paragraph
from govreport_nlp.reading.structure import PERSON

__all__ = ["describe_report"]

_DIGITS: Final = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_ZERO: Final = "〇○零O"
_CN_YEAR: Final = rf"[一二][{_ZERO}九][{_ZERO}一二三四五六七八九]{{2}}"
_CN: Final = "[一二三四五六七八九十]{1,3}"
_YEAR = re.compile(rf"((?:19|20)\d\d|{_CN_YEAR}) ?年")
_DATE = re.compile(rf"{_YEAR.pattern} ?(\d{{1,2}}|{_CN}) ?月 ?(\d{{1,2}}|{_CN}) ?日")
_LEVEL_OF: Final = {
    "特别行政区": "province", "自治区": "province", "省": "province",
    "自治州": "city", "地区": "city", "市": "city", "州": "city", "盟": "city",
    "自治县": "county", "自治旗": "county", "新区": "county", "县": "county", "旗": "county", "区": "county",
    "街道": "township", "苏木": "township", "镇": "township", "乡": "township",
}  # fmt: skip
_SUFFIX: Final = "|".join(sorted(_LEVEL_OF, key=len, reverse=True))
_PLACE = re.compile(
    rf"((?:[\u4e00-\u9fff]{{1,12}}?(?:{_SUFFIX}))+?)(?=人民政府|政府|办事处|第[一二三四五六七八九十百\d]+届|[一二三四五六七八九十]+届|人民代表大会|人大|政府工作|代?[省市区县旗州盟镇乡]长|主席)"
)
_GENERIC = re.compile(rf"^(?:[我全本各上]?(?:{_SUFFIX})|.{{0,2}}[xX×某])")
_OWN = re.compile(rf"(?:代表|受)(?:.{{0,20}}?)({_SUFFIX})(?:人民政府|政府|办事处)")
_LEADING = re.compile(r"[在于是为向由]")
_STATEMENT = re.compile(r"代表[^，。]{0,24}?(?:政府|办事处|国务院)")
_NATIONAL = re.compile(r"全国人民代表大会|国务院总理|代表国务院")
_OFFICE: Final = r"(?:代理|代)?(?:[省市区县旗州盟镇乡] ?长|主席|专员|主任|总理|书记)"
_SPEAKER = re.compile(rf"{_OFFICE} ?[：:]? ?({PERSON}|[\u4e00-\u9fff]{{4}})$")
_SPEAKER_FIRST = re.compile(rf"^([\u4e00-\u9fff]{{2,4}}) .{{0,20}}{_OFFICE}$")


@cache
def _gazetteer() -> dict[str, str]:
    table = Path(__file__).with_name("places.tsv").read_text(encoding="utf-8").splitlines()
    rows = (row.split("\t") for row in table if not row.startswith("#"))
    return dict(rows)


def describe_report(texts: Sequence[str], paragraphs: Sequence[Paragraph]) -> Metadata:
    """Gather what a report says about itself in its title block and opening.

    Parameters
    ----------
    texts : sequence of str
        Clean text of each paragraph.
    paragraphs : sequence of Paragraph
        The same paragraphs with their roles.

    Returns
    -------
    Metadata
    """
    rows = list(zip(texts, paragraphs, strict=True))
    # The subtitle names the meeting; a date or an issuer further up may belong to a covering letter.
    front = [
        text for role in ("subtitle", "byline", "title", "date") for text, p in rows[:25] if p.role == role
    ]
    titles = [re.sub(r"\s", "", text) for text, p in rows if p.role == "title"]
    title = next((t for t in titles if "政府工作报告" in t), titles[0] if titles else None)
    title = re.sub(r"(?<=报告)[（(—─―－-]+.*(?:会议|大会).*", "", title) if title else None
    opening = [
        m.group() for text, p in rows[:30] if p.role == "text" and (m := _STATEMENT.search(fold(text)[:80]))
    ]
    place, level = _place(front, opening)
    day = next((found for text in front if (found := _day(text))), None)
    year = (
        day.year if day else next((int(_number(m[1])) for t in front if (m := _YEAR.search(fold(t)))), None)
    )
    return Metadata(title, place, level, year, day.isoformat() if day else None, _speaker(rows))


def _number(digits: str) -> str:
    """Arabic digits of a year, month or day written in either script."""
    if digits.isdigit() and digits.isascii():
        return digits
    if "十" in digits:
        tens, _, ones = digits.partition("十")
        return (tens.translate(_DIGITS) or "1") + (ones.translate(_DIGITS) or "0")
    return digits.translate(_DIGITS)


def _day(text: str) -> date | None:
    match = _DATE.search(fold(text))
    if not match:
        return None
    try:
        return date(*(int(_number(part)) for part in match.groups()))
    except ValueError:
        return None


def _place(front: Sequence[str], opening: Sequence[str]) -> tuple[str | None, str | None]:
    if any(_NATIONAL.search(text) for text in (*front, *opening)):
        return "全国", "national"
    found = [name for text in (*front, *opening[:1]) for name in _names(text)]
    if found:
        name = max(found, key=lambda n: (found.count(n), len(n)))
        full = max((n for n in found if n.endswith(name)), key=len)
        return full, _level(full)
    own = next((match[1] for text in opening if (match := _OWN.search(text))), None)
    return None, _LEVEL_OF[own] if own else None


def _names(text: str) -> Iterable[str]:
    dateless = re.sub(rf"{_YEAR.pattern}度?", " ", _DATE.sub(" ", fold(text)))
    for match in _PLACE.finditer(re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", dateless)):
        name = re.sub(r"^.*(?:代表|关于|会上|会议上)", "", match[1])
        if _LEADING.match(name) and not any(name[:end] in _gazetteer() for end in range(2, len(name) + 1)):
            name = name[1:]
        if name in _gazetteer() or (len(name) > 2 and not _GENERIC.match(name)):
            yield name


def _level_known(name: str) -> str | None:
    """Level of the longest name of the gazetteer that a full name ends with."""
    gazetteer = _gazetteer()
    return next((gazetteer[name[i:]] for i in range(len(name)) if name[i:] in gazetteer), None)


def _level(name: str) -> str | None:
    """Level of the innermost division a full name ends with."""
    known = _level_known(name)
    if known:
        return known
    suffix = re.search(rf"(?:{_SUFFIX})$", name)
    return _LEVEL_OF[suffix.group()] if suffix else None


def _speaker(rows: Sequence[tuple[str, Paragraph]]) -> str | None:
    for text, paragraph in rows[:12]:
        if paragraph.role in ("byline", "subtitle", "title"):
            plain = _DATE.sub("", fold(text)).strip("（）() ")
            match = _SPEAKER.search(plain) or _SPEAKER_FIRST.search(plain)
            match = match or (re.fullmatch(f"({PERSON})", plain) if paragraph.role == "byline" else None)
            if match:
                return match[1].replace(" ", "")
    return None
