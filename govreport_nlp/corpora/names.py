"""Names across documents: the same string with several labels, and mentions left unmarked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import ahocorasick

from govreport_nlp.corpora.records import Record

__all__ = ["Mention", "mentions_of", "several_labels", "unmarked_mentions"]

_LEAST = 3
"""Characters of a name that is looked for where it is not marked; shorter ones are often parts of words."""

_AROUND = 12
"""Characters of context on each side."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a corpus where a name stands.

    Attributes
    ----------
    record : str
        Identifier of the record.
    start, end : int
        Span in the source.
    name : str
        The characters without white space.
    label : str or None
        How it is marked there; `None` where it is not.
    usual : dict of str to int
        How often each label marks the name in the corpus.
    context : str
        The name in its surroundings, without white space.
    """

    record: str
    start: int
    end: int
    name: str
    label: str | None
    usual: dict[str, int]
    context: str


def mentions_of(records: Iterable[Record]) -> Iterator[tuple[Record, str, str]]:
    """Give record, name and label of every entity; records need their text."""
    for record in records:
        for entity in record["entities"]:
            yield record, entity["text"], entity["label"]


def _labels(records: Iterable[Record]) -> dict[str, Counter[str]]:
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for _, name, label in mentions_of(records):
        labels[name][label] += 1
    return labels


def several_labels(records: Sequence[Record]) -> list[Mention]:
    """Give every mention of a name that has more than one label in the corpus, by name."""
    labels = _labels(records)
    found = [
        Mention(
            record["id"],
            entity["start"],
            entity["end"],
            entity["text"],
            entity["label"],
            dict(labels[entity["text"]]),
            _context(record["text"], entity["start"], entity["end"]),
        )
        for record in records
        for entity in record["entities"]
        if len(labels[entity["text"]]) > 1
    ]
    return sorted(found, key=lambda mention: (mention.name, mention.record, mention.start))


def unmarked_mentions(records: Sequence[Record], *, least: int = 2) -> list[Mention]:
    """Give places where a name stands unmarked that is marked at least `least` times in the corpus.

    Many are right: a town as an address, a name that only classes another one. Of overlapping names the
    longest counts.
    """
    labels = {name: found for name, found in _labels(records).items() if len(name) >= _LEAST}
    automaton = ahocorasick.Automaton()
    for name, usual in labels.items():
        if usual.total() >= least:
            automaton.add_word(name, name)
    automaton.make_automaton()
    found: list[Mention] = []
    for record in records:
        for paragraph in record["paragraphs"] if len(automaton) else ():
            for start, end, name in _stretches(automaton, record, paragraph["start"], paragraph["end"]):
                context = _context(record["text"], start, end)
                found.append(Mention(record["id"], start, end, name, None, dict(labels[name]), context))
    return found


def _stretches(
    automaton: ahocorasick.Automaton, record: Record, start: int, end: int
) -> Iterator[tuple[int, int, str]]:
    """Give the longest names in a paragraph that touch no entity, as source spans."""
    offsets = [offset for offset in range(start, end) if not record["text"][offset].isspace()]
    taken = {
        offset
        for entity in record["entities"]
        if start <= entity["start"] < end
        for offset in range(entity["start"], entity["end"])
    }
    text = "".join(record["text"][offset] for offset in offsets)
    matches = [(last - len(name) + 1, last, name) for last, name in automaton.iter(text)]
    for first, last, name in sorted(matches, key=lambda match: -len(match[2])):
        span = range(offsets[first], offsets[last] + 1)
        if taken.isdisjoint(span):
            taken.update(span)
            yield span.start, span.stop, name


def _context(text: str, start: int, end: int) -> str:
    left, right = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return "".join(f"{left}【{text[start:end]}】{right}".split())
