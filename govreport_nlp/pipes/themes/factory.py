"""The spaCy pipe ``govreport_themes``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc, Span

from govreport_nlp.errors import GovReportError
from govreport_nlp.labels import THEMES
from govreport_nlp.pipes.extensions import paragraphs_of
from govreport_nlp.pipes.stateless import StatelessPipe
from govreport_nlp.pipes.themes.keywords import (
    NO_THEME,
    choose_labels,
    keyword_weights,
    no_weights,
    shares,
)

__all__ = ["ThemesPipe", "create_themes_pipe"]

_UNTHEMED: Final = frozenset({"title", "subtitle", "byline", "date", "salutation"})
_OWN_HEADING: Final = 2.0
_BELOW_HEADING: Final = 0.3
_OUTER_SECTION: Final = 0.3


class ThemesPipe(StatelessPipe):
    """Set the themes of every paragraph by keywords, and their shares in the report.

    The pipe is a baseline. The score of a theme is the share of its keywords in the weight of all keywords of
    the paragraph, of the titles of its sections (those of outer ones count less) and, for a heading, of the
    text of the section that it opens. Titles, bylines, dates and salutations have no theme.

    It sets ``span._.themes``, the score of every theme, and ``span._.labels``, at most two themes, on the
    spans of ``doc.spans["paragraphs"]``. In ``doc.cats`` every theme gets its share of the characters of the
    body paragraphs, white space left out, where a paragraph with two labels counts half for each. Paragraphs
    without a label make the sum of the shares less than 1.

    Parameters
    ----------
    name : str
        Name of the pipe in its pipeline.
    threshold : float
        Least score of the main theme, which must also outweigh the words that speak for no theme.
    secondary : float
        Least score of a second theme, as a share of the score of the main one.

    Raises
    ------
    GovReportError
        If `threshold` or `secondary` is not between 0 and 1.
    """

    def __init__(
        self, name: str = "govreport_themes", *, threshold: float = 0.25, secondary: float = 0.6
    ) -> None:
        super().__init__(name)
        for option, value in (("threshold", threshold), ("secondary", secondary)):
            if not 0 < value <= 1:
                raise GovReportError(
                    f"{option} cannot be {value}", where=name, hint="Give a number above 0, up to 1"
                )
        self.threshold = threshold
        self.secondary = secondary

    @property
    def labels(self) -> tuple[str, ...]:
        """Themes that the pipe can set."""
        return tuple(THEMES)

    def __call__(self, doc: Doc) -> Doc:
        """Set ``span._.themes`` and ``span._.labels`` of the paragraphs, and ``doc.cats``."""
        paragraphs = paragraphs_of(doc)
        texts = [span.text for span in paragraphs]
        own = [keyword_weights(text) for text in texts]
        below = _below_headings(paragraphs, own)
        titles: dict[str, dict[str, float]] = {}
        characters = dict.fromkeys(THEMES, 0.0)
        body = 0
        for span, text, weights, under in zip(paragraphs, texts, own, below, strict=True):
            themed = span._.role not in _UNTHEMED
            scores = shares(_context(span, weights, under, titles) if themed else no_weights())
            floor = max(self.threshold, scores.pop(NO_THEME))
            span._.themes = scores
            span._.labels = choose_labels(scores, floor, self.secondary)
            if span.label_ == "body":
                length = len("".join(text.split()))
                body += length
                for label in span._.labels:
                    characters[label] += length / len(span._.labels)
        doc.cats.update({theme: characters[theme] / body if body else 0.0 for theme in THEMES})
        return doc


def _below_headings(
    paragraphs: Sequence[Span], weights: Sequence[dict[str, float]]
) -> list[dict[str, float]]:
    """Give for each heading the sum of the weights of the section it opens; nothing for other paragraphs."""
    sums = [no_weights() for _ in paragraphs]
    open_sections: list[tuple[int, int]] = []
    for index, span in enumerate(paragraphs):
        if span.label_ == "heading":
            level = span._.level or 0
            while open_sections and open_sections[-1][0] >= level:
                _close(open_sections, sums)
            for _, outer in open_sections[-1:]:
                _add(sums[outer], weights[index])
            open_sections.append((level, index))
        elif open_sections:
            _add(sums[open_sections[-1][1]], weights[index])
    while open_sections:
        _close(open_sections, sums)
    return sums


def _close(open_sections: list[tuple[int, int]], sums: list[dict[str, float]]) -> None:
    """Close the innermost section; what it holds belongs to the one around it as well."""
    _, inner = open_sections.pop()
    if open_sections:
        _add(sums[open_sections[-1][1]], sums[inner])


def _context(
    span: Span, own: dict[str, float], below: dict[str, float], titles: dict[str, dict[str, float]]
) -> dict[str, float]:
    """Sum the weights that bear on a paragraph."""
    total = no_weights()
    if span.label_ == "heading":
        _add(total, own, _OWN_HEADING)
        _add(total, below, _BELOW_HEADING)
    else:
        _add(total, own)
    for distance, title in enumerate(reversed(span._.section or ())):
        if title not in titles:
            titles[title] = {**keyword_weights(title), NO_THEME: 0.0}
        _add(total, titles[title], _OUTER_SECTION if distance else 1)
    return total


def _add(total: dict[str, float], weights: dict[str, float], factor: float = 1) -> None:
    for theme, weight in weights.items():
        total[theme] += weight * factor


@Language.factory(
    "govreport_themes",
    requires=["doc.spans"],
    assigns=["doc.cats", "span._.themes", "span._.labels"],
    default_config={"threshold": 0.25, "secondary": 0.6},
)
def create_themes_pipe(nlp: Language, name: str, threshold: float, secondary: float) -> ThemesPipe:
    """Create the pipe ``govreport_themes``; see :class:`ThemesPipe`."""
    return ThemesPipe(name, threshold=threshold, secondary=secondary)
