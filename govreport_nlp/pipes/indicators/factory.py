"""The spaCy pipe ``govreport_indicators``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from govreport_nlp.pipes.extensions import paragraphs_of
from govreport_nlp.pipes.indicators.context import kind_of, year_of
from govreport_nlp.pipes.indicators.extraction import find_figures
from govreport_nlp.pipes.stateless import StatelessPipe

__all__ = ["IndicatorsPipe", "create_indicators_pipe"]

_GROUP: Final = "indicators"
_LINE: Final = re.compile(r"[^\r\n]+")


class IndicatorsPipe(StatelessPipe):
    """Extract figures by rules: ``doc._.indicators`` and, span by span, ``doc.spans["indicators"]``.

    A figure is taken only where its name is known and stands directly before its number, so the pipe prefers
    precision. Each item of ``doc._.indicators`` is a dict:

    ``start``, ``end`` : int
        Half-open span from the name to the end of its last number, in characters of ``doc.text``. Where
        numbers are given to coordinated names (``A、B分别增长8%和6%``) the spans overlap.
    ``name`` : str
        Name as written, white space left out; the first of ``城镇和农村居民收入`` gets the shared head, and
        ``城乡居民收入分别`` with two numbers is two figures, of 城镇居民收入 and 农村居民收入.
    ``value`` : float or None
        Level as written, in ``unit``; None where the text gives the change alone.
    ``unit`` : str or None
        Unit of `value` with its numerals, such as ``亿元``, ``万人`` or ``%``.
    ``change`` : float or None
        Change, negative for a decrease: in percentage points where ``unit`` is ``%``, otherwise in per cent
        (``增长1.5倍`` is 150). Not extracted are changes in absolute amounts and yearly averages (``年均增长6%``).
    ``relation`` : str
        How the value (without one, the change) is stated: ``"about"``, ``"at least"``, ``"at most"``,
        ``"exceed"``; a plain value is ``"reach"``, a plain change ``"increase"`` or ``"decrease"``. A range
        (``15%—18%``) is its lower bound and ``"at least"``.
    ``kind`` : {"result", "target"}
        By the part of the report, else by words such as 预期目标 before it; see
        :func:`govreport_nlp.pipes.indicators.kind_of`.
    ``year`` : int or None
        Year the figure is about; see :func:`govreport_nlp.pipes.indicators.year_of`.

    Figures never run over the end of a paragraph; without paragraphs, over the end of a line.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.blank("zh")
    >>> pipe = nlp.add_pipe("govreport_indicators")
    >>> nlp("2023年，全县地区生产总值完成173.5亿元,同比下降1.9%。")._.indicators == [
    ...     {"start": 8, "end": 32, "name": "地区生产总值", "value": 173.5, "unit": "亿元", "change": -1.9,
    ...      "relation": "reach", "kind": "result", "year": 2023}]
    True
    """

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc._.indicators`` and ``doc.spans["indicators"]``."""
        doc._.indicators = list(self._find(doc))
        group = SpanGroup(doc, name=_GROUP)
        for item in doc._.indicators:
            span = doc.char_span(item["start"], item["end"], label=item["kind"], alignment_mode="expand")
            if span is not None:
                group.append(span)
        doc.spans[_GROUP] = group
        return doc

    def _find(self, doc: Doc) -> Iterator[dict[str, Any]]:
        text = doc.text
        given = doc._.report.meta.year if doc._.report is not None else None
        for start, end, part, section in _paragraphs(doc):
            paragraph = text[start:end]
            for figure in find_figures(paragraph):
                kind = kind_of(paragraph, figure.start, part, given)
                yield {
                    "start": start + figure.start,
                    "end": start + figure.end,
                    "name": figure.name,
                    "value": figure.value,
                    "unit": figure.unit,
                    "change": figure.change,
                    "relation": figure.relation,
                    "kind": kind,
                    "year": year_of(paragraph, figure.start, section, given, kind),
                }


def _paragraphs(doc: Doc) -> Iterator[tuple[int, int, str | None, list[str]]]:
    """Give span, part and section path of each paragraph, or of each line."""
    spans: list[Span] = paragraphs_of(doc)
    for span in spans:
        yield span.start_char, span.end_char, span._.part, list(span._.section or ())
    if not spans:
        for line in _LINE.finditer(doc.text):
            yield *line.span(), None, []


@Language.factory("govreport_indicators", assigns=["doc.spans", "doc._.indicators"])
def create_indicators_pipe(nlp: Language, name: str) -> IndicatorsPipe:
    """Create the pipe ``govreport_indicators``; see :class:`IndicatorsPipe`."""
    return IndicatorsPipe(name)
