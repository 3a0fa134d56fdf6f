"""The words that figures are made of, read from the tables beside this file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import ahocorasick

from govreport_nlp.characters import fold
from govreport_nlp.pipes.tables import read_rows, read_text

__all__ = ["Lexicon", "lexicon"]

_PLAIN: Final = "(?:[0-9]{1,3}(?:，[0-9]{3})+(?![0-9])|[0-9]+)(?:．[0-9]+)?"
_SCALE: Final = "[十百千万亿]{0,2}"
_LINK: Final = "(?:、|和|与|及|以及|，)"
_TO: Final = "(?:[－～–]|—{1,2}|至|到)"
_FULFILMENT: Final = (
    "(?:(?:完成|占|为)?(?:全年|年初|年度|调整)?(?:预算|计划|目标|任务)数?的?[0-9]+(?:．[0-9]+)?％[，、]?)?"
)


@dataclass(frozen=True)
class Lexicon:
    """Names of figures and the grammar of what follows them, over folded text without white space.

    Attributes
    ----------
    kinds : dict of str to str
        Kind of every name, ``full`` or ``suffix``.
    names : ahocorasick.Automaton
        Finds the names.
    modifiers, openings : tuple of str
        Words that belong to a name they stand before, and words that a name cannot reach over.
    relations : dict of str to str
        Relation of each word that stands before or after a number.
    falls : frozenset of str
        Words for a negative change.
    lead : re.Pattern
        A bracket after the name and words that change nothing.
    value, change : re.Pattern
        A number with its unit; a change. Groups: ``before``, ``number``, ``unit``, ``after``; for a value
        ``over`` and ``scale``, for a change ``turn``. Of a range ``number`` is the lower bound, ``low`` the
        unit written after it and ``upper`` the other bound.
    next_value, next_change : re.Pattern
        The same after a coordination, where words may be left out.
    break_ : re.Pattern
        What may stand between a value and a change, such as the share of the plan that is fulfilled.
    cue : re.Pattern
        Words that mark a sentence as a target.
    """

    kinds: dict[str, str]
    names: Any
    modifiers: tuple[str, ...]
    openings: tuple[str, ...]
    relations: dict[str, str]
    falls: frozenset[str]
    lead: re.Pattern[str]
    value: re.Pattern[str]
    change: re.Pattern[str]
    next_value: re.Pattern[str]
    next_change: re.Pattern[str]
    break_: re.Pattern[str]
    cue: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """Give the lexicon that comes with the package."""
    names, roles, relations = defaultdict(list), defaultdict(list), {}
    for word, kind, _ in _table("names"):
        names[kind].append(fold(word))
    for word, role, relation in _table("words"):
        roles[role].append(word)
        relations[word] = relation
    gap = f"{_any(roles['gap'])}*"
    before = _any(roles["before"])
    reach = _any(word for word in roles["before"] if relations[word] == "reach")
    turn = f"(?P<turn>{_any(roles['rise'] + roles['fall'])}){gap}"
    hedge = f"(?P<before>{_any(w for w in roles['before'] if relations[w] != 'reach' or w in ('达', '为'))})?"
    after = f"(?P<after>{_any(roles['after'])})?"
    units, shares = _any(word for word, _, _ in _table("units")), "(?:％|个?百分点|倍)"
    multiple = f"(?P<over>[余多])?(?P<scale>{_SCALE})(?:(?<=[十百千万亿])[余多])?"
    amount = rf"{_range(f'{_SCALE}{units}')}{multiple}(?P<unit>{units})(?!分点)"
    share = f"{_range(shares)}(?P<unit>{shares})"
    kinds = {word: kind for kind in ("full", "suffix") for word in names[kind]}
    automaton = ahocorasick.Automaton()
    for word in kinds:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return Lexicon(
        kinds=kinds,
        names=automaton,
        modifiers=tuple(names["modifier"]),
        openings=tuple(names["opening"]),
        relations=relations,
        falls=frozenset(roles["fall"]),
        lead=re.compile(rf"(?:（[^（）]{{1,15}}）)?{gap}"),
        value=re.compile(rf"(?:{reach}{gap})?(?P<before>{before})?{amount}{after}"),
        change=re.compile(rf"{turn}{hedge}{share}{after}"),
        next_value=re.compile(rf"{_LINK}(?P<before>{before})?{amount}{after}"),
        next_change=re.compile(rf"{_LINK}(?:{turn})?{hedge}{share}{after}"),
        break_=re.compile(rf"[，、（]?{_FULFILMENT}{gap}"),
        cue=re.compile(_any(roles["cue"])),
    )


def _range(unit: str) -> str:
    """Give an expression for a number, or for the two of a range, without the unit after it."""
    return rf"(?P<number>－?{_PLAIN})(?:(?P<low>{unit})?{_TO}(?P<upper>{_PLAIN}))?"


def _table(name: str) -> list[list[str]]:
    path = Path(__file__).with_name(f"{name}.tsv")
    return [cells for _, cells in read_rows(read_text(path), 3, where=str(path))]


def _any(words: Iterable[str]) -> str:
    """Give an expression for any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(fold(word)) for word in sorted(words, key=lambda w: (-len(w), w))) + ")"
