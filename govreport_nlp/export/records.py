"""The annotation record: everything that one Doc says, as plain data with offsets into its source.

The record is described by ``govreport_nlp/schemas/annotation.v1.json``; :func:`annotation_schema` gives it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from spacy.tokens import Doc, Span

from govreport_nlp.errors import GovReportError
from govreport_nlp.pipes.extensions import paragraphs_of
from govreport_nlp.reading.alignment import Alignment
from govreport_nlp.reading.report import Metadata, Report, Source

__all__ = ["SCHEMA", "annotation_schema", "check_doc", "report_of", "to_dict", "to_json"]

SCHEMA: Final = "govreport.annotation.v1"
"""Name and version of the record."""


def annotation_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of the record.

    Examples
    --------
    >>> annotation_schema()["properties"]["schema"]
    {'const': 'govreport.annotation.v1'}
    """
    text = files("govreport_nlp").joinpath("schemas", "annotation.v1.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def check_doc(value: object, where: str, *, wanted: str = "one Doc") -> None:
    """Refuse what is no Doc.

    Raises
    ------
    GovReportError
        If `value` is not a Doc; it says that the function `where` takes `wanted`.
    """
    if not isinstance(value, Doc):
        raise GovReportError(
            f"{where} takes {wanted}, not {type(value).__name__}",
            hint="Docs come from gr.annotate: for doc in gr.annotate(…)",
        )


def report_of(doc: Doc) -> Report:
    """Give the report that `doc` came from; for plain text, the text itself taken as a report."""
    if doc._.report is not None:
        report: Report = doc._.report
        return report
    text = doc.text
    source = Source("", "text", None, sha256(text.encode()).hexdigest(), text)
    return Report(source, 0, 0, len(text), Alignment(len(text), ()), (), Metadata())


def to_dict(doc: Doc) -> dict[str, Any]:
    """Give the annotation record of `doc`.

    Parameters
    ----------
    doc : Doc
        From :func:`govreport_nlp.annotate`, or from a pipeline that was called with plain text.

    Returns
    -------
    dict
        Plain data in the order of the record contract. Offsets are half-open, in code points of the source
        text (``Report.source.text``), and never begin or end with white space. A Doc made from plain text is
        its own source: ``source`` is `None`, ``sha256`` that of the text in UTF-8, and offsets are its own.
        The ``text`` of an entity is its source slice with white space removed.

    Raises
    ------
    GovReportError
        If `doc` is not a Doc.

    Examples
    --------
    >>> import spacy
    >>> from spacy.tokens import Span
    >>> doc = spacy.blank("zh")("落实河长制。")
    >>> doc.ents = [Span(doc, 2, 5, label="PROGRAMME")]
    >>> to_dict(doc)["entities"]
    [{'start': 2, 'end': 5, 'label': 'PROGRAMME', 'text': '河长制', 'id': None}]
    """
    check_doc(doc, "to_dict")
    report, text = report_of(doc), doc.text
    source = report.source

    def place(span: Span) -> dict[str, int]:
        return _place(report, text, span.start_char, span.end_char)

    return {
        "schema": SCHEMA,
        "source": source.name or None,
        "sha256": source.sha256,
        "report": report.number,
        "start": report.start,
        "end": report.end,
        "meta": asdict(report.meta),
        "paragraphs": [
            {
                **place(span),
                "kind": span.label_,
                "level": span._.level,
                "labels": list(span._.labels),
                "themes": {theme: round(score, 4) for theme, score in (span._.themes or {}).items()},
            }
            for span in paragraphs_of(doc)
        ],
        "sentences": [place(span) for span in _sentences(doc)],
        "entities": [
            {
                **(offsets := place(span)),
                "label": span.label_,
                "text": "".join(source.text[offsets["start"] : offsets["end"]].split()),
                "id": span.kb_id_ or None,
            }
            for span in doc.ents
        ],
        "indicators": [_indicator(report, text, item) for item in _indicators(doc)],
    }


def to_json(doc: Doc) -> str:
    """Give the annotation record of `doc` as one line of JSON, without a line break."""
    return json.dumps(to_dict(doc), ensure_ascii=False, allow_nan=False)


def _sentences(doc: Doc) -> Iterator[Span]:
    spans: Iterable[Span] = doc.sents if doc.has_annotation("SENT_START") else ()
    return (span for span in spans if span.text.strip())


def _place(report: Report, text: str, start: int, end: int) -> dict[str, int]:
    """Map a clean span, without the white space at its edges, to the source."""
    inside = text[start:end]
    start, end = start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip())
    first, last = report.source_span(start, end)
    return {"start": first, "end": last}


def _indicators(doc: Doc) -> list[dict[str, Any]]:
    # The indicators pipe registers the attribute; a pipeline may have no such pipe.
    found: list[dict[str, Any]] = doc._.indicators
    return found


def _indicator(report: Report, text: str, item: dict[str, Any]) -> dict[str, Any]:
    rest = ("name", "value", "unit", "change", "relation", "kind", "year")
    return {**_place(report, text, item["start"], item["end"]), **{key: item[key] for key in rest}}
