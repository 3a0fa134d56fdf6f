"""Second look at line breaks: what the rest of the file shows of its habits."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from govreport_nlp.characters import closes_sentence, fold
from govreport_nlp.reading.lines import Line
from govreport_nlp.reading.numbering import numbering

__all__ = ["context_features"]

_STEPS: Final = (-8, -5, -3.5, -2.5, -1.7, -1, -0.5, 0, 0.5, 1, 1.7, 2.5, 3.5, 5, 8)
_SURE: Final = 2.0


def _starts_with_run_in(line: Line, after: Line) -> bool:
    end = fold(after.text[:30]).find("。")
    return 3 <= end <= 24


_HABITS: Final[dict[str, Callable[[Line, Line], bool]]] = {
    "run-in": _starts_with_run_in,
    "indent": lambda line, after: after.indent > 0,
    "deeper": lambda line, after: after.indent > line.indent,
    "blank": lambda line, after: after.blank > 0,
    "bold": lambda line, after: after.raw.startswith(("**", "__")),
    "numbered": lambda line, after: numbering(after.text) is not None,
    "closed": lambda line, after: closes_sentence(line.text),
    "short": lambda line, after: line.width < 20,
}
"""Traits of a break that a file shows at all its paragraph ends or at none."""


def context_features(lines: Sequence[Line], scores: Sequence[float]) -> Iterator[list[str]]:
    """Yield features that compare every break with the sure ones of the same file.

    Parameters
    ----------
    lines : sequence of Line
        Lines of one file.
    scores : sequence of float
        First scores of the breaks between them.

    Yields
    ------
    list of str
        Feature names of the break after each line but the last.
    """
    pairs = list(pairwise(lines))
    traits = {name: [trait(line, after) for line, after in pairs] for name, trait in _HABITS.items()}
    ends = [i for i, score in enumerate(scores) if score > _SURE]
    wraps = [i for i, score in enumerate(scores) if score < -_SURE]
    habits = {name: f"{_share(values, ends)}/{_share(values, wraps)}" for name, values in traits.items()}
    levels = [str(bisect_right(_STEPS, score)) for score in scores]
    padded = ["^", *levels, "$"]
    for index, level in enumerate(levels):
        shown = {name: f"{habits[name]}{values[index]}" for name, values in traits.items()}
        yield [
            f"s={level}",
            f"before={level}|{padded[index]}",
            f"after={level}|{padded[index + 2]}",
            *(f"{name}={level}|{habit}" for name, habit in shown.items()),
            f"ri={level}|{shown['run-in']}|{shown['indent']}",
            f"rc={level}|{shown['run-in']}|{traits['closed'][index]}|{traits['short'][index]}",
            f"bc={level}|{shown['bold']}|{traits['closed'][index]}",
        ]


def _share(values: Sequence[bool], places: Sequence[int]) -> str:
    """Share of `places` at which a trait holds, in seven steps; ``?`` without evidence."""
    if len(places) < 3:
        return "?"
    share = sum(values[i] for i in places) / len(places)
    return str(bisect_right((0.02, 0.15, 0.4, 0.6, 0.85, 0.98), share))
