"""Compare two annotations of the same texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import mean
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from govreport_nlp.corpora.records import Record
from govreport_nlp.errors import GovReportError, MissingExtraError
from govreport_nlp.evaluation.scores import Score, score_sets
from govreport_nlp.labels import ENTITIES, THEMES

__all__ = ["Agreement", "Difference", "compare"]

Spans = set[tuple[int, int, str]]

_TAGS: Final = {label: 1 + 2 * number for number, label in enumerate(ENTITIES)}
"""Number of the B tag of each label; the I tag is one more, O is 0."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the two annotations differ.

    Attributes
    ----------
    record : str
        Identifier, or name of the source.
    kind : str
        ``"label"`` (same span), ``"extent"`` (spans overlap), ``"only in A"``, ``"only in B"``, ``"themes"``.
    start, end : int
        Source span that covers both sides.
    a, b : str
        What each side says there: label and offsets, or themes; empty for nothing.
    """

    record: str
    kind: str
    start: int
    end: int
    a: str
    b: str


@dataclass(slots=True)
class Agreement:
    """How far two annotations agree.

    Attributes
    ----------
    records, characters : int
        Reports compared, and the characters both annotated.
    entities : dict of str to Score
        Exact spans by label, and of all labels under ``"all"``.
    sentences : Score
        Sentence ends.
    themes : Score
        Themes of the paragraphs that both sides have (micro).
    main_theme : float
        Share of these paragraphs whose first theme, or lack of one, is the same.
    kappa_entities : float
        Cohen's kappa of the B, I and O labels of characters within paragraphs.
    kappa_themes : float
        Cohen's kappa of each theme in the paragraphs, averaged over themes.
    differences : list of Difference
        In the order of the texts.
    """

    records: int = 0
    characters: int = 0
    entities: dict[str, Score] = field(default_factory=dict)
    sentences: Score = field(default_factory=lambda: Score(0, 0, 0))
    themes: Score = field(default_factory=lambda: Score(0, 0, 0))
    main_theme: float = 1.0
    kappa_entities: float = 1.0
    kappa_themes: float = 1.0
    differences: list[Difference] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Give the figures, without the differences, as plain data."""

        def score(value: Score) -> dict[str, float]:
            return {"a": value.predicted, "b": value.true, "both": value.matched, "f1": round(value.f1, 4)}

        return {
            "records": self.records,
            "characters": self.characters,
            "entities": {label: score(value) for label, value in self.entities.items()},
            "sentences": score(self.sentences),
            "themes": score(self.themes),
            "main_theme": round(self.main_theme, 4),
            "kappa_entities": round(self.kappa_entities, 4),
            "kappa_themes": round(self.kappa_themes, 4),
        }


@dataclass(frozen=True, slots=True)
class _Pair:
    """The two records of one report, and the parts that both annotate."""

    sides: tuple[Record, Record]
    common: list[tuple[int, int]]

    @property
    def name(self) -> str:
        return str(self.sides[0].get("id") or self.sides[0]["source"])

    def spans(self, side: int, layer: str) -> list[dict[str, Any]]:
        return [
            span
            for span in self.sides[side][layer]
            if any(start <= span["start"] and span["end"] <= end for start, end in self.common)
        ]

    def entities(self, side: int) -> Spans:
        return {(span["start"], span["end"], span["label"]) for span in self.spans(side, "entities")}

    def paragraphs(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Give the paragraphs that both sides have."""
        others = {(span["start"], span["end"]): span for span in self.spans(1, "paragraphs")}
        for span in self.spans(0, "paragraphs"):
            if (span["start"], span["end"]) in others:
                yield span, others[span["start"], span["end"]]

    def tags(self, side: int) -> npt.NDArray[np.int64]:
        """Give the tag of every character within a paragraph of either side."""
        first, last = self.common[0][0], self.common[-1][1]
        tags, inside = np.zeros(last - first, dtype=np.int64), np.zeros(last - first, dtype=bool)
        for paragraph in (*self.spans(0, "paragraphs"), *self.spans(1, "paragraphs")):
            inside[paragraph["start"] - first : paragraph["end"] - first] = True
        for start, end, label in self.entities(side):
            tags[start - first : end - first] = _TAGS[label] + 1
            tags[start - first] = _TAGS[label]
        return tags[inside]


def compare(a: Iterable[Record], b: Iterable[Record]) -> Agreement:
    """Compare two annotations, one of which may be the output of a model.

    Reports are matched by the SHA-256 of their source and their number within it; only regions that both
    sides annotate count.

    Parameters
    ----------
    a, b : iterable of Record
        Corpus records or annotation records.

    Returns
    -------
    Agreement

    Raises
    ------
    GovReportError
        If they have no report in common.
    MissingExtraError
        If scikit-learn is not installed.
    """
    pairs = list(_pairs(a, b))
    if not pairs:
        raise GovReportError(
            "the two annotations have no text in common", hint="Texts are matched by SHA-256"
        )
    entities = [(pair.entities(0), pair.entities(1)) for pair in pairs]
    ends = [
        [(number, span["end"]) for number, pair in enumerate(pairs) for span in pair.spans(side, "sentences")]
        for side in (0, 1)
    ]
    themes = [(a["labels"], b["labels"]) for pair in pairs for a, b in pair.paragraphs()]
    return Agreement(
        records=len(pairs),
        characters=sum(end - start for pair in pairs for start, end in pair.common),
        entities={label: _score(entities, label) for label in (*ENTITIES, "all")},
        sentences=score_sets(ends[1], ends[0]),
        themes=score_sets(
            [(number, theme) for number, (_, b) in enumerate(themes) for theme in b],
            [(number, theme) for number, (a, _) in enumerate(themes) for theme in a],
        ),
        main_theme=sum(a[:1] == b[:1] for a, b in themes) / max(1, len(themes)),
        kappa_entities=_kappa(*(np.concatenate([pair.tags(side) for pair in pairs]) for side in (0, 1))),
        kappa_themes=mean(
            _kappa([theme in a for a, _ in themes], [theme in b for _, b in themes]) for theme in THEMES
        ),
        differences=[difference for pair in pairs for difference in _differences(pair)],
    )


def _pairs(a: Iterable[Record], b: Iterable[Record]) -> Iterator[_Pair]:
    others = {(record["sha256"], record["report"]): record for record in b}
    for record in a:
        other = others.get((record["sha256"], record["report"]))
        if other and (common := list(_common(_regions(record), _regions(other)))):
            yield _Pair((record, other), common)


def _regions(record: Record) -> list[list[int]]:
    regions: list[list[int]] = record.get("regions") or [[record["start"], record["end"]]]
    return regions


def _common(a: Sequence[Sequence[int]], b: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    for left in a:
        for right in b:
            start, end = max(left[0], right[0]), min(left[1], right[1])
            if start < end:
                yield start, end


def _score(entities: Sequence[tuple[Spans, Spans]], label: str) -> Score:
    a, b = (
        [
            (number, span)
            for number, sides in enumerate(entities)
            for span in sides[side]
            if label in (span[2], "all")
        ]
        for side in (0, 1)
    )
    return score_sets(b, a)


def _kappa(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    try:
        from sklearn.metrics import cohen_kappa_score
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "corpora", "Cohen's kappa") from error
    # Kappa is not defined where both sides use one and the same value throughout.
    return 1.0 if np.unique([*np.asarray(a), *np.asarray(b)]).size < 2 else float(cohen_kappa_score(a, b))


def _differences(pair: _Pair) -> list[Difference]:
    found = [*_entity_differences(pair), *_theme_differences(pair)]
    return sorted(found, key=lambda difference: (difference.start, difference.end))


def _entity_differences(pair: _Pair) -> Iterator[Difference]:
    a, b = pair.entities(0), pair.entities(1)
    left, right = sorted(a - b), sorted(b - a)
    for span in left:
        other = next((other for other in right if other[0] < span[1] and span[0] < other[1]), None)
        if other is None:
            yield Difference(pair.name, "only in A", *span[:2], _shown(span), "")
            continue
        right.remove(other)
        kind = "label" if span[:2] == other[:2] else "extent"
        start, end = min(span[0], other[0]), max(span[1], other[1])
        yield Difference(pair.name, kind, start, end, _shown(span), _shown(other))
    for span in right:
        yield Difference(pair.name, "only in B", *span[:2], "", _shown(span))


def _shown(span: tuple[int, int, str]) -> str:
    return f"{span[2]} {span[0]}–{span[1]}"


def _theme_differences(pair: _Pair) -> Iterator[Difference]:
    for left, right in pair.paragraphs():
        if left["labels"] != right["labels"]:
            sides = (", ".join(side["labels"]) or "none" for side in (left, right))
            yield Difference(pair.name, "themes", left["start"], left["end"], *sides)
