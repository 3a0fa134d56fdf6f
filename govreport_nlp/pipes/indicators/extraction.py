"""Find figures in a text: names, numbers, units and changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from govreport_nlp.characters import fold
from govreport_nlp.pipes.dense import without
from govreport_nlp.pipes.indicators.lexicon import Lexicon, lexicon

__all__ = ["Figure", "find_figures"]

_SPACE: Final = re.compile(r"\s+")
_PAIRED: Final = re.compile("分别|依次")
_SHARED: Final = re.compile("均|都")
_COORDINATION: Final = "、和与及"
_NAME_CHARACTER: Final = re.compile(r"[一-龥A-Za-z0-9．·“”]")
_BOTH: Final = "城乡"
_YEARLY: Final = ("年均", "每年")
_PLACE: Final = "市省县区州镇乡国旗盟的年月"
_RATE: Final = re.compile(r"(?:率|比例|比重|占比|度|指数|涨幅|总水平|CPI|强度)$")
_YEAR_END: Final = re.compile(r"[0-9]{4}年$")
_FIGURE_END: Final = re.compile(r"[0-9][^，。；、]{0,6}$")
_LONGEST: Final = 14


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as the text states it; see :class:`govreport_nlp.pipes.indicators.IndicatorsPipe`."""

    start: int
    end: int
    name: str
    value: float | None
    unit: str | None
    change: float | None
    relation: str


@dataclass(slots=True)
class _Tail:
    """What follows a name: numbers found so far, and where they end."""

    values: list[re.Match[str]]
    changes: list[re.Match[str]]
    end: int


def find_figures(text: str) -> list[Figure]:
    """Find the figures of a paragraph, in text order.

    Examples
    --------
    >>> [figure] = find_figures("地区生产总值完成173.5亿元,同比下降1.9%。")
    >>> figure.name, figure.value, figure.unit, figure.change, figure.relation
    ('地区生产总值', 173.5, '亿元', -1.9, 'reach')
    """
    words = lexicon()
    dense, place = without(_SPACE, fold(text))
    ends = _name_ends(dense, words)
    figures = []
    done = 0
    for end in sorted(ends):
        if end < done:
            continue
        for start, stop, name, value, change in _read(dense, end, ends, words):
            figure = _figure(name, value, change, words)
            if figure is not None:
                first, last = place(start), place(stop - 1) + 1
                figures.append(Figure(first, last, _unfold(name), *figure))
                done = max(done, stop)
    return sorted(figures, key=lambda figure: (figure.start, figure.end))


def _name_ends(text: str, words: Lexicon) -> dict[int, str]:
    """Give for each end of a name the longest name there, without those that lie within another."""
    longest: dict[int, str] = {}
    for last, word in words.names.iter(text):
        longest[last + 1] = max(longest.get(last + 1, ""), word, key=len)
    kept: dict[int, str] = {}
    leftmost = len(text)
    for end in sorted(longest, reverse=True):
        if end - len(longest[end]) < leftmost:
            leftmost = end - len(longest[end])
            kept[end] = longest[end]
    return kept


_Reading = tuple[int, int, str, re.Match[str] | None, re.Match[str] | None]


def _read(text: str, end: int, ends: dict[int, str], words: Lexicon) -> Iterator[_Reading]:
    """Give span, name, value and change of the figures whose last name ends at `end`."""
    start = _name_start(text, end, ends[end], words)
    lead = words.lead.match(text, end)
    if start is None or lead is None:
        return
    if text.startswith(_YEARLY, start) or text.endswith(_YEARLY, 0, start):
        return
    both = text.startswith(_BOTH, start) and _PAIRED.search(lead[0]) is not None
    many = both or (start > 0 and text[start - 1] in _COORDINATION)
    tail = _numbers(text, lead.end(), words, many=many)
    count = max(len(tail.values), len(tail.changes))
    paired = count > 1
    if not count or (_PAIRED.search(lead[0]) and not paired):
        return
    names = [(start, text[start:end])]
    if paired or _SHARED.search(lead[0]):
        names = _coordinated(text, start, end, ends, words, count if paired else None)
    if both and count == len(names) + 1:
        rest = names.pop()[1].removeprefix(_BOTH)
        names += [(start, f"城镇{rest}"), (start, f"农村{rest}")]
    if paired and len(names) != count:
        # The numbers belong to more than these names; only a value right after its own name is certain.
        if len(tail.values) != 1:
            return
        names, paired, count = names[-1:], False, 1
    if _is_cut(text, start, ends[end], len(names), words):
        return
    for number, (first, name) in enumerate(names):
        value, change = (
            (found[number if paired else 0] if len(found) == count else None)
            for found in (tail.values, tail.changes)
        )
        stop = max(found.end() for found in (value, change) if found is not None)
        yield first, stop, name, value, change


def _numbers(text: str, at: int, words: Lexicon, *, many: bool) -> _Tail:
    """Read a value or values with their changes, or changes with their values."""
    tail = _Tail([], [], at)
    _read_list(text, tail, tail.values, words.value, words.next_value if many else None)
    first_is_value = bool(tail.values)
    if first_is_value:
        mark = words.break_.match(text, tail.end)
        if mark is not None and (many or not _PAIRED.search(mark[0])):
            tail.end = mark.end()
    _read_list(text, tail, tail.changes, words.change, words.next_change if many else None)
    if tail.changes and not first_is_value:
        mark = words.break_.match(text, tail.end)
        value = words.value.match(text, mark.end()) if mark else None
        if value is not None and not value[0][0].isdigit() and not many:
            tail.values.append(value)
    return tail


def _read_list(
    text: str,
    tail: _Tail,
    found: list[re.Match[str]],
    first: re.Pattern[str],
    following: re.Pattern[str] | None,
) -> None:
    match = first.match(text, tail.end)
    while match is not None:
        found.append(match)
        tail.end = match.end()
        match = following.match(text, tail.end) if following is not None else None


def _name_start(text: str, end: int, word: str, words: Lexicon) -> int | None:
    """Give the start of the name that ends with `word`, or None where it cannot be told."""
    start = end - len(word)
    full = words.kinds[word] == "full"
    while full:
        modifier = next((m for m in words.modifiers if text.endswith(m, 0, start)), None)
        if modifier is None:
            break
        start -= len(modifier)
    if full and start > 0 and text[start - 1] in _PLACE:
        return start
    first = start
    while first > 0 and _NAME_CHARACTER.match(text[first - 1]) and text[first - 1] not in _COORDINATION:
        if text.endswith(words.openings, 0, first) or _YEAR_END.search(text, max(0, first - 5), first):
            break
        first -= 1
        if end - first > _LONGEST + len(word):
            return None
    if not full and start - first < 2:
        return None
    name = text[first:end]
    return None if name[0].isdigit() or name.count("“") != name.count("”") else first


def _is_cut(text: str, start: int, word: str, names: int, words: Lexicon) -> bool:
    """Tell whether a name may have begun before a coordination, as in ``粮食、蔬菜产量``."""
    if names > 1 or words.kinds[word] == "full" or start == 0 or text[start - 1] not in _COORDINATION:
        return False
    return _FIGURE_END.search(text[max(0, start - 10) : start - 1]) is None


def _coordinated(
    text: str, start: int, end: int, ends: dict[int, str], words: Lexicon, count: int | None
) -> list[tuple[int, str]]:
    """Give the names that are coordinated with the last one, at most `count`, in text order."""
    names = [(start, text[start:end])]
    while start > 1 and text[start - 1] in _COORDINATION and (count is None or len(names) < count):
        stop = start - 1
        word = ends.get(stop)
        first = _name_start(text, stop, word, words) if word else None
        name = text[first:stop] if first is not None else ""
        if first is None:
            first, name = _shared_head(text, stop, names[-1][1], words)
        if first is None:
            break
        names.append((first, name))
        start = first
    return names[::-1]


def _shared_head(text: str, stop: int, last: str, words: Lexicon) -> tuple[int | None, str]:
    """Read the first part of ``城镇和农村居民收入``, which shares the head of the `last` name."""
    for length in range(min(6, stop), 0, -1):
        part = text[stop - length : stop]
        for cut in range(1, len(last)):
            if words.kinds.get(part + last[cut:]) == "full":
                return stop - length, part + last[cut:]
    return None, ""


def _figure(
    name: str, value: re.Match[str] | None, change: re.Match[str] | None, words: Lexicon
) -> tuple[float | None, str | None, float | None, str] | None:
    """Give value, unit, change and relation; None for a share that is not a figure of the name."""
    amount, unit, by = None, None, None
    if value is not None:
        if value["unit"] in "％‰" and not _RATE.search(name):
            return None
        amount, unit = _to_float(value["number"]), _unfold(value["low"] or value["scale"] + value["unit"])
    if change is not None:
        by = _to_float(change["number"]) * (100 if change["unit"] == "倍" else 1)
        if change["turn"] in words.falls:
            by = -by
        if value is None and change["unit"].endswith("百分点"):
            unit = "%"
    if value is not None:
        relation = _relation(value, words, "reach")
        if relation == "reach" and value["over"]:
            relation = "exceed"
    elif change is not None:
        relation = _relation(change, words, "decrease" if by is not None and by < 0 else "increase")
    else:
        return None
    return amount, unit, by, relation


def _relation(match: re.Match[str], words: Lexicon, default: str) -> str:
    if match["upper"]:
        return "at least"
    for group in ("after", "before"):
        relation = words.relations.get(match[group] or "", "reach")
        if relation != "reach":
            return relation
    return default


def _to_float(number: str) -> float:
    return float(number.replace("，", "").replace("．", ".").replace("－", "-"))


def _unfold(text: str) -> str:
    """Give back the half-width marks of units and codes."""
    return text.replace("％", "%").replace("／", "/").replace("．", ".")
