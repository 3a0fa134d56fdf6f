"""What reading gives: sources, reports and their paragraphs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from govreport_nlp.reading.alignment import Alignment, Edit

__all__ = ["Metadata", "Paragraph", "Report", "Source"]

Kind = Literal["heading", "body"]


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded input file.

    Attributes
    ----------
    name : str
        File name, or ``"<text>"`` and the like when there was no file.
    format : str
        ``"text"``, ``"markdown"``, ``"html"``, ``"docx"`` or ``"pdf"``.
    encoding : str or None
        Encoding the bytes were decoded with; ``None`` for formats that carry their own.
    sha256 : str
        Hexadecimal digest of the source bytes (of the UTF-8 bytes for text given as `str`).
    text : str
        Decoded text, or for PDF, DOCX and HTML the extracted text; all source offsets point into it.
    """

    name: str
    format: str
    encoding: str | None
    sha256: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as its author wrote it.

    Attributes
    ----------
    start, end : int
        Half-open span in the clean text, code points.
    kind : {"heading", "body"}
        Headings include the title and its subtitle.
    role : str
        ``"title"``, ``"subtitle"``, ``"section"``, ``"byline"``, ``"date"``, ``"salutation"``, ``"item"`` or
        ``"text"``.
    level : int or None
        Depth of a heading: 0 for the title block, 1 for the top sections; ``None`` for body.
    section : tuple of str
        Titles of the sections the paragraph stands in, outermost first; a heading does not stand in itself.
    part : str or None
        Part of the report, one of :data:`govreport_nlp.labels.PARTS`.
    run_in : int or None
        End of a run-in heading (``工业经济厚积薄发。``) that opens the paragraph, as a clean offset.
    """

    start: int
    end: int
    kind: Kind = "body"
    role: str = "text"
    level: int | None = None
    section: tuple[str, ...] = ()
    part: str | None = None
    run_in: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a report says about itself; ``None`` where it does not say.

    Attributes
    ----------
    title : str or None
        Title as printed, without its subtitle.
    place : str or None
        Full name of the place whose government reports.
    level : str or None
        One of :data:`govreport_nlp.labels.LEVELS`.
    year : int or None
        Year in which the report was given.
    date : str or None
        Day it was given, ISO 8601.
    speaker : str or None
        Name of the person who gave it.
    """

    title: str | None = None
    place: str | None = None
    level: str | None = None
    year: int | None = None
    date: str | None = None
    speaker: str | None = None


@dataclass(frozen=True)
class Report:
    """One government work report, cleaned and aligned with the text it came from.

    Attributes
    ----------
    source : Source
        The file it stands in.
    number : int
        Its place among the reports of that file, from 0.
    start, end : int
        Half-open span of the report in the source text.
    alignment : Alignment
        Maps the clean text to the whole source text.
    paragraphs : tuple of Paragraph
        In text order; together with the line breaks between them they are the clean text.
    meta : Metadata
        Title, place, date and the like.
    text : str
        Clean text: one paragraph a line, no chrome, no line wraps.
    """

    source: Source
    number: int
    start: int
    end: int
    alignment: Alignment = field(repr=False)
    paragraphs: tuple[Paragraph, ...] = field(repr=False)
    meta: Metadata
    text: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.alignment.apply(self.source.text))

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the source span of a clean span; see :meth:`Alignment.source_span`."""
        return self.alignment.source_span(start, end)

    def clean_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the clean span of a source span; see :meth:`Alignment.clean_span`."""
        return self.alignment.clean_span(start, end)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every change made to the source text, in order, each with its reason."""
        return self.alignment.edits

    def to_dict(self) -> dict[str, Any]:
        """Give the report as plain data that msgpack and JSON can store, the source text included."""
        return {
            "source": asdict(self.source),
            "number": self.number,
            "start": self.start,
            "end": self.end,
            "edits": [[e.start, e.end, e.text, e.reason] for e in self.edits],
            "paragraphs": [asdict(p) for p in self.paragraphs],
            "meta": asdict(self.meta),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """Rebuild a report from :meth:`to_dict`."""
        source = Source(**data["source"])
        return cls(
            source=source,
            number=data["number"],
            start=data["start"],
            end=data["end"],
            alignment=Alignment(len(source.text), (Edit(*edit) for edit in data["edits"])),
            paragraphs=tuple(Paragraph(**{**p, "section": tuple(p["section"])}) for p in data["paragraphs"]),
            meta=Metadata(**data["meta"]),
        )
