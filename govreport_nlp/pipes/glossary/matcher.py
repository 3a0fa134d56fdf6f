"""Find the names of a glossary in text, with the extents that the guidelines ask for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import ahocorasick

from govreport_nlp.characters import fold
from govreport_nlp.pipes.dense import without
from govreport_nlp.pipes.glossary.entries import Entry, Glossary, Veto, key_of

__all__ = ["GlossaryMatcher", "Match"]

_OPEN: Final = frozenset("“‘")
_CLOSE: Final = frozenset("”’")
_ALL: Final = "*"
_QUOTE: Final = re.compile(r"[“”‘’]+")
_BLANK: Final = re.compile(r"\s+|\[\^?\d{1,3}\]|[①-⑳❶-❿]")
_STRAIGHT: Final = re.compile(r"\"([^\"]*)\"")
_LIST: Final = re.compile(r"(?:“[^“”]{2,}”、?){2,}")
_QUOTED: Final = re.compile(r"(?<![”、])“[^“”，。；]{2,24}”\Z")
_REACH: Final = 27
_CODE: Final = re.compile(r"[0-9A-Za-z]")
_NUMERAL: Final = re.compile(r"[0-9一二三四五六七八九十百千万]")


class Match(NamedTuple):
    """A name in a text.

    Attributes
    ----------
    start, end : int
        Half-open span, code points.
    label : str
        Entity label.
    name : str
        Canonical name.
    """

    start: int
    end: int
    label: str
    name: str


class GlossaryMatcher:
    """Match a glossary against text.

    Names are compared in folded form, without quotation marks, white space and footnote marks. Where several
    matches overlap the longest counts, then the leftmost. Time is linear in the length of the text.

    Parameters
    ----------
    glossary : Glossary
        Names, patterns, heads and vetoes.
    labels : collection of str, optional
        Labels to find; all by default.

    Examples
    --------
    >>> from govreport_nlp.pipes.glossary.entries import Entry, Glossary
    >>> names = [Entry("双减", "PROGRAMME"), Entry("放管服改革", "PROGRAMME")]
    >>> matcher = GlossaryMatcher(Glossary(entries=names))
    >>> text = "落实“双减”工作，深化“放管服”改革"
    >>> [text[match.start : match.end] for match in matcher.find(text)]
    ['双减', '“放管服”改革']
    """

    def __init__(self, glossary: Glossary, labels: Iterable[str] | None = None) -> None:
        self._labels = None if labels is None else frozenset(labels)
        self._patterns = glossary.patterns
        self._tail, self._label_of_head = glossary.tail, glossary.label_of_head
        self._heads = tuple(self._label_of_head)
        self._entries = glossary.by_key
        self._vetoes: dict[str, list[Veto]] = defaultdict(list)
        for veto in glossary.vetoes:
            self._vetoes[key_of(veto.name)].append(veto)
        self._names: Any = ahocorasick.Automaton()
        for key, entry in self._entries.items():
            self._names.add_word(key, (key, entry))
        if self._names:
            self._names.make_automaton()

    def find(self, text: str) -> list[Match]:
        """Give the matches in one paragraph, in text order, without overlaps."""
        text = _STRAIGHT.sub(r"“\1”", fold(text))
        dense, place = without(_BLANK, text)
        # The sort is stable: of matches with the same span a name counts before a pattern.
        found = sorted(
            [*self._by_name(dense), *self._by_pattern(dense)], key=lambda m: (m.start - m.end, m.start)
        )
        taken = bytearray(len(dense))
        kept = []
        for match in found:
            if not any(taken[match.start : match.end]):
                taken[match.start : match.end] = b"\1" * (match.end - match.start)
                if self._labels is None or match.label in self._labels:
                    kept.append(match._replace(start=place(match.start), end=place(match.end - 1) + 1))
        return sorted(kept)

    def _by_name(self, text: str) -> Iterator[Match]:
        if not self._names:
            return
        bare, place = without(_QUOTE, text)
        for last, (key, entry) in self._names.iter(bare):
            span = _balance(text, place(last + 1 - len(key)), place(last) + 1)
            if span is None:
                continue
            start, end = span
            alone = text[start - 1 : start] in _OPEN and text[end : end + 1] in _CLOSE
            if entry.quoted and not (alone or text[start] in _OPEN or text[end - 1] in _CLOSE):
                continue
            if _is_list(text, start, end) or _cuts_number(text, start, end):
                continue
            if self._refused(key, text, start, end):
                continue
            yield self._extend(entry, text, start, end, alone=alone)

    def _extend(self, entry: Entry, text: str, start: int, end: int, *, alone: bool) -> Match:
        """Take in the head that follows a name, after an unquoted name only one that keeps its label.

        To a name that ends with a head also belongs the quoted one directly before it.
        """
        name, label = entry.canonical or entry.name, entry.label
        tail = self._tail.match(text, end + alone) if self._tail else None
        head_label = self._label_of_head.get(tail[1], label) if tail else label
        if tail and (alone or head_label == label):
            start, end, label, name = start - alone, tail.end(), head_label, self._with_head(entry, tail[0])
        quoted = _QUOTED.search(text, max(0, start - _REACH), start)
        if quoted and not alone and text.endswith(self._heads, start, end):
            start, name = quoted.start(), key_of(quoted[0]) + name
        return Match(start, end, label, name)

    def _with_head(self, entry: Entry, head: str) -> str:
        """Give the canonical name of a name with a head; a canonical name that has one gets no second."""
        known = self._entries.get(key_of(entry.name + head))
        if known is not None:
            return known.canonical or known.name
        name = entry.canonical or entry.name
        return (entry.name if name.endswith(self._heads) else name) + head

    def _by_pattern(self, text: str) -> Iterator[Match]:
        for pattern in self._patterns:
            for found in pattern.regex.finditer(text):
                start, end = found.span(found.lastindex or 0)
                if not self._refused(_ALL, text, start, end):
                    yield Match(start, end, pattern.label, key_of(text[start:end]))

    def _refused(self, key: str, text: str, start: int, end: int) -> bool:
        """Tell whether a veto, one for the name or one for all names, refuses what stands around a match."""
        return any(
            veto.refuses(text, start, end) for name in {_ALL, key} for veto in self._vetoes.get(name, ())
        )


def _balance(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Widen a span by the quotation marks that pair with those inside; None if they are not at its edge."""
    opened = unopened = 0
    for char in text[start:end]:
        if char in _OPEN:
            opened += 1
        elif char in _CLOSE and opened:
            opened -= 1
        elif char in _CLOSE:
            unopened += 1
    before, after = text[max(0, start - unopened) : start], text[end : end + opened]
    paired = _OPEN.issuperset(before) and _CLOSE.issuperset(after)
    if len(before) < unopened or len(after) < opened or not paired:
        return None
    return start - unopened, end + opened


def _is_list(text: str, start: int, end: int) -> bool:
    """Tell whether the span is two or more quotations and nothing else: each is a name of its own."""
    return text[start] in _OPEN and text[end - 1] in _CLOSE and _LIST.fullmatch(text, start, end) is not None


def _cuts_number(text: str, start: int, end: int) -> bool:
    """Tell whether an edge of the span lies within a number or a Latin word."""
    return any(
        0 < edge < len(text) and kind.match(text[edge - 1]) and kind.match(text[edge])
        for kind, edge in ((_CODE, start), (_CODE, end), (_NUMERAL, start))
    )
