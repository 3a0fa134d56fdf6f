"""The trained re-flow model: a linear classifier over hashed features of line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from govreport_nlp.characters import closes_sentence
from govreport_nlp.reading.lines import Line
from govreport_nlp.reading.reflow.context import context_features
from govreport_nlp.reading.reflow.features import line_features

__all__ = ["ReflowModel", "feature_indices", "paragraph_ends"]

_MARKDOWN_HEADING = re.compile(r"#{1,6}\s")
_ATTACHMENT = re.compile(r"附件?[ \d一二三四五六]{0,3}[：:]?")
_WIDEST_PAGE: Final = 60
"""Columns; a longer line was not wrapped at the edge of a page."""
_CUT_NUMBER = re.compile(r"\d[.．]$")
_SUBTITLE_START = re.compile(r"[—─―－-]{1,4}[^。；]{6,40}(?<![上）)])$")
_SUBTITLE_END = re.compile(r"[^。，；]{2,30}(?:会议|大会)上?[）)]?")


def feature_indices(features: Iterable[str], size: int) -> list[int]:
    """Hash feature names into ``range(size)``; `size` is a power of two."""
    return [crc32(feature.encode()) & (size - 1) for feature in features]


class ReflowModel:
    """Logistic regression that tells a paragraph end from a line wrap, in two looks.

    The first look sees a break and its surroundings, the second one compares it with the sure breaks of the
    same file. Trained by ``training/reflow/train.py`` on real paragraph ends laid out in many ways.

    Parameters
    ----------
    first, second : array of float, shape (size,)
        One weight a hash bucket; `size` is a power of two.
    biases : (float, float)
        Intercepts of the two.
    """

    def __init__(
        self, first: NDArray[np.floating], second: NDArray[np.floating], biases: tuple[float, float]
    ) -> None:
        self.first = first.astype(np.float32)
        self.second = second.astype(np.float32)
        self.biases = biases

    @classmethod
    def from_path(cls, path: Path) -> ReflowModel:
        """Load the model from an ``.npz`` file."""
        with np.load(path, allow_pickle=False) as arrays:
            first, second = (float(bias) for bias in arrays["biases"])
            return cls(arrays["first"], arrays["second"], (first, second))

    def to_path(self, path: Path) -> None:
        """Store the model as an ``.npz`` file of half-precision weights."""
        np.savez_compressed(
            path,
            first=self.first.astype(np.float16),
            second=self.second.astype(np.float16),
            biases=np.array(self.biases, np.float32),
        )

    def first_scores(self, lines: Sequence[Line]) -> list[float]:
        """Log-odds of the first look that a paragraph ends after each line but the last."""
        return _scores(line_features(lines), self.first, self.biases[0])

    def scores(self, lines: Sequence[Line]) -> list[float]:
        """Log-odds that a paragraph ends after each line but the last."""
        return _scores(context_features(lines, self.first_scores(lines)), self.second, self.biases[1])


def _scores(features: Iterable[list[str]], weights: NDArray[np.float32], bias: float) -> list[float]:
    return [float(weights[feature_indices(names, len(weights))].sum()) + bias for names in features]


@cache
def _bundled() -> ReflowModel:
    return ReflowModel.from_path(Path(__file__).with_name("weights.npz"))


def paragraph_ends(lines: Sequence[Line], model: ReflowModel | None = None) -> list[bool]:
    """Tell for each line whether a paragraph ends with it.

    Parameters
    ----------
    lines : sequence of Line
        Lines of one file in order.
    model : ReflowModel, optional
        The bundled model unless given.

    Returns
    -------
    list of bool, one a line
        The last one is true.
    """
    if not lines:
        return []
    scores = (model or _bundled()).scores(lines)
    return [
        score > 0 if (known := _known(line, after)) is None else known
        for score, line, after in zip(scores, lines, lines[1:], strict=False)
    ] + [True]


def _known(line: Line, after: Line) -> bool | None:
    """Whether a paragraph ends between two lines where their form leaves no doubt."""
    if _MARKDOWN_HEADING.match(line.raw) or _MARKDOWN_HEADING.match(after.raw):
        return True
    if line.text.endswith("|") and after.text.startswith("|"):  # rows of a table
        return True
    if _ATTACHMENT.fullmatch(line.text) or _ATTACHMENT.fullmatch(after.text):
        return True
    if line.width > _WIDEST_PAGE and closes_sentence(line.text):
        return True
    if _CUT_NUMBER.search(line.text) and after.text[0].isdigit():
        return False
    if _SUBTITLE_START.match(line.text) and _SUBTITLE_END.fullmatch(after.text):
        return False
    return None
