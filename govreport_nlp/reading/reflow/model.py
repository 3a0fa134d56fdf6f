"""The trained re-flow model: a linear classifier over hashed features of line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from govreport_nlp.reading.lines import Line
from govreport_nlp.reading.reflow.features import line_features

__all__ = ["ReflowModel", "feature_indices", "paragraph_ends"]

_MARKDOWN_HEADING = re.compile(r"#{1,6}\s")
_SUBTITLE_START = re.compile(r"[—─―－-]{1,4}[^。；]{6,40}(?<![上）)])$")
_SUBTITLE_END = re.compile(r"[^。，；]{2,30}(?:会议|大会)上?[）)]?")


def feature_indices(features: Iterable[str], size: int) -> list[int]:
    """Hash feature names into ``range(size)``; `size` is a power of two."""
    return [crc32(feature.encode()) & (size - 1) for feature in features]


class ReflowModel:
    """Logistic regression that tells a paragraph end from a line wrap.

    Trained by ``training/reflow/train.py`` on real paragraph ends laid out in many ways.

    Parameters
    ----------
    weights : array of float, shape (size,)
        One weight a hash bucket; `size` is a power of two.
    bias : float
        Intercept.
    """

    def __init__(self, weights: NDArray[np.floating], bias: float) -> None:
        self.weights = weights.astype(np.float32)
        self.bias = float(bias)

    @classmethod
    def from_path(cls, path: Path) -> ReflowModel:
        """Load the model from an ``.npz`` file."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["weights"], float(arrays["bias"]))

    def to_path(self, path: Path) -> None:
        """Store the model as an ``.npz`` file of half-precision weights."""
        np.savez_compressed(path, weights=self.weights.astype(np.float16), bias=np.float32(self.bias))

    def scores(self, lines: Sequence[Line]) -> list[float]:
        """Log-odds that a paragraph ends after each line but the last."""
        size = len(self.weights)
        return [
            float(self.weights[feature_indices(features, size)].sum()) + self.bias
            for features in line_features(lines)
        ]


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
    if _SUBTITLE_START.match(line.text) and _SUBTITLE_END.fullmatch(after.text):
        return False
    return None
