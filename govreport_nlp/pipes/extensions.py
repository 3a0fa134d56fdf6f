"""Paragraphs, reports and indicators on a Doc: the attributes every pipe and export reads.

Paragraphs are the spans of ``doc.spans["paragraphs"]``, labelled ``heading`` or ``body``. Their extension
attributes are plain data, so they survive ``to_bytes``, DocBin (with ``store_user_data=True``) and
``n_process=2``:

========== ================= =====================================================================
attribute  type              meaning
========== ================= =====================================================================
role       str               see :class:`govreport_nlp.reading.report.Paragraph`
level      int or None       depth of a heading
section    sequence of str   titles of the sections it stands in, outermost first
part       str or None       part of the report
run_in     int or None       end of a run-in heading, as a character offset in the Doc
themes     dict or None      score of every theme, set by the themes pipe
labels     sequence of str   themes that hold, main one first
========== ================= =====================================================================

``doc._.report`` is the Report a Doc was made from, or None; ``doc._.indicators`` is set by the indicators
pipe.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from spacy.tokens import Doc, Span, SpanGroup

from govreport_nlp.reading.report import Paragraph, Report

__all__ = ["PARAGRAPHS", "attach", "paragraphs_of", "set_paragraphs"]

PARAGRAPHS: Final = "paragraphs"
_REPORT: Final = "govreport_report"

for _name in ("role", "level", "section", "part", "run_in", "themes"):
    Span.set_extension(_name, default=None, force=True)
Span.set_extension("labels", default=[], force=True)


def _report_of(doc: Doc) -> Report | None:
    data = doc.user_data.get(_REPORT)
    return Report.from_dict(data) if data is not None else None


Doc.set_extension("report", getter=_report_of, force=True)
Doc.set_extension("indicators", default=[], force=True)


def attach(doc: Doc, report: Report) -> Doc:
    """Give a Doc made of ``report.text`` its report and paragraphs.

    Parameters
    ----------
    doc : Doc
        Tokens of the clean text.
    report : Report
        Where the text comes from.

    Returns
    -------
    Doc
        The same Doc; ``doc._.report`` and ``doc.spans["paragraphs"]`` are set.
    """
    doc.user_data[_REPORT] = report.to_dict()
    return set_paragraphs(doc, report.paragraphs)


def set_paragraphs(doc: Doc, paragraphs: Iterable[Paragraph]) -> Doc:
    """Store paragraphs as ``doc.spans["paragraphs"]``.

    Raises
    ------
    ValueError
        If the offsets of a paragraph, which point into ``doc.text``, leave it.
    """
    spans = []
    for paragraph in paragraphs:
        span = doc.char_span(paragraph.start, paragraph.end, label=paragraph.kind, alignment_mode="expand")
        if span is None:
            raise ValueError(f"{paragraph} is not within the text (0–{len(doc.text)})")
        span._.role = paragraph.role
        span._.level = paragraph.level
        span._.section = list(paragraph.section)
        span._.part = paragraph.part
        span._.run_in = paragraph.run_in
        spans.append(span)
    doc.spans[PARAGRAPHS] = SpanGroup(doc, name=PARAGRAPHS, spans=spans)
    return doc


def paragraphs_of(doc: Doc) -> list[Span]:
    """Give the paragraphs of a Doc; none if no pipe has set them."""
    return list(doc.spans.get(PARAGRAPHS, ()))
