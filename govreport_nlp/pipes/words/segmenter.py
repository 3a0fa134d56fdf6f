"""Word segmentation with a conditional random field trained by pkuseg."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import srsly  # type: ignore[import-untyped]
from spacy_pkuseg.inference import run_viterbi

from govreport_nlp.errors import GovReportError

__all__ = ["WordSegmenter", "fold"]

_FILE: Final = "segmenter.msgpack"
_FORMAT: Final = "govreport.segmenter.v1"
_LONGEST: Final = 6

# pkuseg's feature templates, grouped by the kind of string that they are looked up with. The order is that of
# the columns in the weights.
_TEMPLATES: Final = {
    "characters": ("c", "c-1", "c1", "c-2", "c2"),
    "bigrams": ("c-1c", "cc1", "c-2c-1"),
    "words": ("w-1", "w1"),
    "pairs": ("ww.l", "ww.r"),
}

_Scores = npt.NDArray[np.float64]


def _folding() -> dict[int, str]:
    pairs: dict[str, str] = {}
    pairs |= dict.fromkeys("0123456789０１２３４５６７８９", "0")
    for first, last in ("AZ", "az", "ＡＺ", "ａｚ"):
        pairs |= dict.fromkeys(map(chr, range(ord(first), ord(last) + 1)), "A")
    pairs |= dict.fromkeys("〇零一二三四五六七八九十百千万亿兆几两", "一")
    pairs |= dict.fromkeys("-._|/*－．／", "&")
    pairs |= dict(zip(",:;!?()％", "，：；！？（）%", strict=True))
    return str.maketrans(pairs)


_FOLDING: Final = _folding()


def fold(text: str) -> str:
    """Give `text` as the segmenter sees it: one digit, one numeral, one letter, one width of punctuation.

    The length stays the same.

    Examples
    --------
    >>> fold("PM2.5下降5%,ＧＤＰ三年增长")
    'AA0&0下降0%，AAA一年增长'
    """
    return text.translate(_FOLDING)


class WordSegmenter:
    """A linear-chain conditional random field over characters, with the features of pkuseg.

    The model is trained by `spacy_pkuseg` on folded text (see :func:`fold`) and gives the same words. It
    looks features up in tables where pkuseg builds a string for each, which is several times faster, and is
    stored with weights of half precision and without the parts that only training needs.

    Parameters
    ----------
    tags : sequence of str
        Names of the tags; those that start with ``B`` open a word.
    bias : array, shape (n_tags,)
        Score of each tag at every character.
    transitions : array, shape (n_tags, n_tags)
        Score of each tag (column) after each tag (row).
    tables : dict of str to (list of str, array of shape (n_keys, n_templates, n_tags))
        Scores by characters, character bigrams, words and word pairs (``"经济*发展"``).

    References
    ----------
    Luo, R., Xu, J., Zhang, Y., Zhang, Z., Ren, X., & Sun, X. (2019). PKUSEG: A toolkit for multi-domain
    Chinese word segmentation. arXiv:1906.11455.
    """

    def __init__(
        self,
        tags: Iterable[str],
        bias: npt.NDArray[Any],
        transitions: npt.NDArray[Any],
        tables: dict[str, tuple[list[str], npt.NDArray[Any]]],
    ) -> None:
        self.tags = tuple(tags)
        self._bias = bias
        self._transitions = transitions
        self._tables = tables
        self._opens = np.array([tag.startswith("B") for tag in self.tags])
        self._edges: _Scores = transitions.astype(np.float64)
        # One zero row more than keys: where a key is unknown, its row adds nothing.
        self._rows = {name: {key: row for row, key in enumerate(keys)} for name, (keys, _) in tables.items()}
        self._scores: dict[str, _Scores] = {
            name: np.concatenate([weights, np.zeros((1, *weights.shape[1:]))])
            for name, (_, weights) in tables.items()
        }
        self._reach: dict[str, int] = {}
        for word in tables["words"][0]:
            self._reach[word[:2]] = max(len(word), self._reach.get(word[:2], 0))

    def word_starts(self, text: str) -> list[int]:
        """Give the offset of each word's first character; `text` is a sentence without white space."""
        if not text:
            return []
        _, path = run_viterbi(self._score(fold(text)), self._edges)
        opens = self._opens[path]
        opens[0] = True
        return [int(start) for start in np.flatnonzero(opens)]

    def cut(self, text: str) -> list[str]:
        """Give the words of `text`, a sentence without white space."""
        starts = self.word_starts(text)
        return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]

    def _score(self, text: str) -> _Scores:
        """Score every tag at every character of the folded text."""
        scores = np.tile(self._bias.astype(np.float64), (len(text), 1))
        here, before, after, before2, after2 = self._look_up("characters", text)
        scores += here
        scores[1:] += before[:-1]
        scores[:-1] += after[1:]
        scores[2:] += before2[:-2]
        scores[:-2] += after2[2:]
        if len(text) > 1:
            bigrams = [first + second for first, second in pairwise(text)]
            to_here, from_here, before_here = self._look_up("bigrams", bigrams)
            scores[1:] += to_here
            scores[:-1] += from_here
            scores[2:] += before_here[:-1]
            self._add_words(scores, text, bigrams)
        return scores

    def _look_up(self, table: str, keys: Iterable[str]) -> _Scores:
        """Give the scores of each template of a table for a row of keys: (n_templates, n_keys, n_tags)."""
        rows = self._rows[table]
        found = [rows.get(key, -1) for key in keys]
        return self._scores[table][found].transpose(1, 0, 2)

    def _add_words(self, scores: _Scores, text: str, bigrams: list[str]) -> None:
        """Add the scores of every known word in the text, and of every two of them side by side."""
        words, pairs = self._rows["words"], self._rows["pairs"]
        found: list[tuple[int, int, int]] = []
        joints: list[tuple[int, int]] = []
        ending: dict[int, list[str]] = {}
        for start, bigram in enumerate(bigrams):
            for end in range(start + 2, min(start + self._reach.get(bigram, 0), len(text)) + 1):
                word = text[start:end]
                if word not in words:
                    continue
                found.append((start, end - 1, words[word]))
                ending.setdefault(end, []).append(word)
                for left in ending.get(start, ()):
                    pair = pairs.get(f"{left}*{word}")
                    if pair is not None:
                        joints.append((start, pair))
        first, last, rows = np.array(found, dtype=np.intp).reshape(-1, 3).T
        at_last, at_first = self._scores["words"][rows].transpose(1, 0, 2)
        np.add.at(scores, last, at_last)
        np.add.at(scores, first, at_first)
        right, rows = np.array(joints, dtype=np.intp).reshape(-1, 2).T
        at_right, at_left = self._scores["pairs"][rows].transpose(1, 0, 2)
        np.add.at(scores, right, at_right)
        np.add.at(scores, right - 1, at_left)

    @classmethod
    def from_pkuseg(cls, directory: str | Path) -> WordSegmenter:
        """Convert a model that `spacy_pkuseg.train` wrote after training on folded text.

        Parameters
        ----------
        directory : str or Path
            Folder with ``features.msgpack`` and ``weights.npz``.
        """
        directory = Path(directory)
        features = srsly.read_msgpack(directory / "features.msgpack")
        with np.load(directory / "weights.npz") as arrays:
            n_tags, n_features = (int(size) for size in arrays["sizes"])
            weights = arrays["w"].astype(np.float16)
        nodes = weights[: n_features * n_tags].reshape(n_features, n_tags)
        index: dict[str, int] = features["feature_to_idx"]
        words = {word for word in features["unigram"] if 2 <= len(word) <= _LONGEST}
        tables = {}
        for name, templates in _TEMPLATES.items():
            rows: list[dict[str, int]] = [_rows_of(template, index) for template in templates]
            keys = sorted(set().union(*rows, words if name == "words" else ()))
            table = np.zeros((len(keys), len(templates), n_tags), dtype=np.float16)
            for position, key in enumerate(keys):
                for column, row in enumerate(rows):
                    if key in row:
                        table[position, column] = nodes[row[key]]
            tables[name] = (keys, table)
        tags = sorted(features["tag_to_idx"], key=features["tag_to_idx"].__getitem__)
        transitions = weights[n_features * n_tags :].reshape(n_tags, n_tags).T
        return cls(tags, nodes[index["$$"]], transitions, tables)

    def to_bytes(self) -> bytes:
        """Give the model as bytes; the same model always gives the same bytes."""
        tables = {
            name: {"keys": keys, "weights": _pack(weights)} for name, (keys, weights) in self._tables.items()
        }
        packed: bytes = srsly.msgpack_dumps(
            {
                "format": _FORMAT,
                "tags": list(self.tags),
                "bias": _pack(self._bias),
                "transitions": _pack(self._transitions),
                "tables": tables,
            }
        )
        return packed

    @classmethod
    def from_bytes(cls, data: bytes) -> WordSegmenter:
        """Read a model that :meth:`to_bytes` gave.

        Raises
        ------
        GovReportError
            If the bytes are not such a model.
        """
        try:
            message = srsly.msgpack_loads(data)
            if message["format"] != _FORMAT:
                raise ValueError(message["format"])
            tags = message["tags"]
            tables = {}
            for name, templates in _TEMPLATES.items():
                keys, weights = (message["tables"][name][part] for part in ("keys", "weights"))
                tables[name] = (keys, _unpack(weights, len(keys), len(templates), len(tags)))
            bias = _unpack(message["bias"], len(tags))
            transitions = _unpack(message["transitions"], len(tags), len(tags))
        except (ValueError, TypeError, KeyError) as error:
            raise GovReportError(
                "The word segmentation model cannot be read",
                where=_FORMAT,
                hint="Train it again with training/words/train.py",
            ) from error
        return cls(tags, bias, transitions, tables)

    def __reduce__(self) -> tuple[object, ...]:
        return WordSegmenter.from_bytes, (self.to_bytes(),)

    def to_path(self, path: str | Path) -> None:
        """Write the model into the folder `path`, which is made where it is missing."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / _FILE).write_bytes(self.to_bytes())

    @classmethod
    def from_path(cls, path: str | Path) -> WordSegmenter:
        """Read the model in the folder `path`.

        Raises
        ------
        GovReportError
            If there is no model, or it cannot be read.
        """
        file = Path(path) / _FILE
        if not file.is_file():
            raise GovReportError(
                "There is no word segmentation model",
                where=str(file),
                hint="Train one with training/words/train.py",
            )
        return cls.from_bytes(file.read_bytes())


def _rows_of(template: str, index: dict[str, int]) -> dict[str, int]:
    """Give the row of each feature of a template by its key: the feature without name and dots."""
    prefix = f"{template}."
    return {
        feature.removeprefix(prefix).replace(".", ""): row
        for feature, row in index.items()
        if feature.startswith(prefix)
    }


def _pack(array: npt.NDArray[Any]) -> bytes:
    return array.astype("<f2").tobytes()


def _unpack(data: bytes, *shape: int) -> npt.NDArray[np.float16]:
    return np.frombuffer(data, dtype="<f2").reshape(shape)
