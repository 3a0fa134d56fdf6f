"""Precision, recall and F1 of sets: boundaries, labelled spans, themes of paragraphs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

__all__ = ["Score", "score_sets"]


@dataclass(frozen=True, slots=True)
class Score:
    """Agreement of two sets.

    Attributes
    ----------
    matched : int
        Items in both.
    predicted, true : int
        Items of each side.
    """

    matched: int
    predicted: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the predicted items that are true; 1 if none was predicted."""
        return self.matched / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the true items that were found; 1 if there is none."""
        return self.matched / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 if there is no item at all."""
        total = self.predicted + self.true
        return 2 * self.matched / total if total else 1.0


def score_sets(true: Iterable[Hashable], predicted: Iterable[Hashable]) -> Score:
    """Compare two sets of boundaries, ``(start, end, label)`` spans or other keys.

    Order and repetition do not matter. On spans this is the strict score of :class:`spacy.scorer.Scorer`.

    Examples
    --------
    >>> score_sets([5, 9, 14], [5, 14, 20]).f1
    0.6666666666666666
    """
    left, right = set(true), set(predicted)
    return Score(len(left & right), len(right), len(left))
