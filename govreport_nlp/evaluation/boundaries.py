"""Score paragraph and sentence boundaries."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

__all__ = ["BoundaryScore", "score_boundaries"]


@dataclass(frozen=True, slots=True)
class BoundaryScore:
    """Agreement of two sets of boundaries.

    Attributes
    ----------
    matched : int
        Boundaries in both.
    predicted, true : int
        Boundaries of each side.
    """

    matched: int
    predicted: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the predicted boundaries that are true; 1 if none was predicted."""
        return self.matched / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the true boundaries that were found; 1 if there is none."""
        return self.matched / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 if there is no boundary at all."""
        total = self.predicted + self.true
        return 2 * self.matched / total if total else 1.0


def score_boundaries(true: Iterable[Hashable], predicted: Iterable[Hashable]) -> BoundaryScore:
    """Compare boundaries, given as offsets or other keys; order and repetition do not matter.

    Examples
    --------
    >>> score_boundaries([5, 9, 14], [5, 14, 20]).f1
    0.6666666666666666
    """
    left, right = set(true), set(predicted)
    return BoundaryScore(len(left & right), len(right), len(left))
