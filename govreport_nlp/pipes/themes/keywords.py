"""Score the themes of a text by weighted keywords."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import ahocorasick

from govreport_nlp.characters import fold
from govreport_nlp.labels import THEMES
from govreport_nlp.pipes.tables import read_rows, read_text

__all__ = ["NO_THEME", "choose_labels", "keyword_weights", "no_weights", "shares"]

NO_THEME: Final = "none"
"""Key of the weight that speaks for no theme at all."""

_PRIOR: Final = 8.0


@cache
def _keywords() -> Any:
    path = Path(__file__).with_name("keywords.tsv")
    automaton = ahocorasick.Automaton()
    for _, (theme, word, weight) in read_rows(read_text(path), 3, where=str(path)):
        automaton.add_word(fold(word), (theme, float(weight)))
    automaton.make_automaton()
    return automaton


def no_weights() -> dict[str, float]:
    """Give a weight of 0 for each theme and for :data:`NO_THEME`."""
    return dict.fromkeys((*THEMES, NO_THEME), 0.0)


def keyword_weights(text: str) -> dict[str, float]:
    """Sum the weights of the keywords in a text for each theme and for :data:`NO_THEME`.

    Of keywords that overlap the leftmost counts, of those the longest. White space does not matter.

    Examples
    --------
    >>> keyword_weights("加强安全生产，排查消防隐患。")["safety"]
    11.0
    """
    weights = no_weights()
    for _, (theme, weight) in _keywords().iter_long(fold("".join(text.split()))):
        weights[theme] += weight
    return weights


def shares(weights: dict[str, float]) -> dict[str, float]:
    """Give the share of every theme, and of :data:`NO_THEME`, in the weights, between 0 and 1.

    Shares sum to less than 1: the rest is that of a prior, which keeps the scores low where keywords are few.
    """
    total = sum(weights.values()) + _PRIOR
    return {theme: weight / total for theme, weight in weights.items()}


def choose_labels(scores: dict[str, float], threshold: float, secondary: float) -> list[str]:
    """Choose at most two themes, the main one first.

    Parameters
    ----------
    scores : dict of str to float
        Score of every theme.
    threshold : float
        Least score of the main theme.
    secondary : float
        Least score of a second theme, as a share of the score of the main one.

    Examples
    --------
    >>> choose_labels({"economy": 0.3, "ecology": 0.5, "safety": 0.1}, 0.25, 0.6)
    ['ecology', 'economy']
    """
    main, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    if scores[main] < threshold:
        return []
    return [main, second] if scores[second] >= secondary * scores[main] else [main]
