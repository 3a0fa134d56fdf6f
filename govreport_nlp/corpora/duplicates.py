"""Near-duplicates between the splits of a corpus, by shingles of characters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from govreport_nlp.corpora.records import Record

__all__ = ["Near", "near_duplicates"]

_SHINGLE: Final = 8
"""Letters and digits in a row. Set phrases of the genre are mostly shorter or few."""

_SHARED: Final = 0.6
"""Least share of the shingles of a paragraph that one paragraph of another split has.

Overall requirements that follow the same higher document share up to half."""

_LEAST: Final = 64
"""Shingles of a paragraph that is compared; shorter ones are headings and opening formulas."""


@dataclass(frozen=True, slots=True)
class Near:
    """A paragraph that stands, much the same, in another split.

    Attributes
    ----------
    record, other : str
        Identifiers of the two records.
    start, other_start : int
        Where the two paragraphs start.
    shared : float
        Share of the shingles of the first that the second has.
    """

    record: str
    start: int
    other: str
    other_start: int
    shared: float


def near_duplicates(records: Sequence[Record]) -> Iterator[Near]:
    """Compare every paragraph of dev and test with those of the splits before it: train, then dev.

    Parameters
    ----------
    records : sequence of Record
        With text.

    Examples
    --------
    >>> text = "".join(chr(0x4E00 + n) for n in range(99))
    >>> paragraph = {"start": 0, "end": 99}
    >>> a, b = ({"id": s, "split": s, "text": text, "paragraphs": [paragraph]} for s in ("train", "test"))
    >>> [(near.record, near.other, near.shared) for near in near_duplicates([a, b])]
    [('test', 'train', 1.0)]
    """
    order = {"train": 0, "dev": 1, "test": 2}
    index: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for record in sorted(records, key=lambda record: order[record["split"]]):
        rank = order[record["split"]]
        for paragraph in record["paragraphs"]:
            start = paragraph["start"]
            shingles = _shingles(record["text"][start : paragraph["end"]])
            if rank and len(shingles) >= _LEAST:
                shared = Counter(
                    (other, where)
                    for shingle in shingles
                    for other_rank, other, where in index.get(shingle, ())
                    if other_rank < rank
                )
                for (other, where), count in shared.most_common(1):
                    if count >= _SHARED * len(shingles):
                        yield Near(record["id"], start, other, where, round(count / len(shingles), 2))
            for shingle in shingles:
                index[shingle].append((rank, record["id"], start))


def _shingles(text: str) -> set[str]:
    letters = "".join(character for character in text if character.isalnum())
    return {letters[at : at + _SHINGLE] for at in range(len(letters) - _SHINGLE + 1)}
