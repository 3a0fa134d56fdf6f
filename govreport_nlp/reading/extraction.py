"""What every format module gives to the reader."""

from __future__ import annotations

from dataclasses import dataclass, field

from govreport_nlp.reading.alignment import Edit

__all__ = ["Extraction"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """Text taken out of a file.

    Attributes
    ----------
    text : str
        Decoded or extracted text.
    format : str
        ``"text"``, ``"markdown"``, ``"html"``, ``"docx"`` or ``"pdf"``.
    encoding : str or None
        Encoding of the bytes, where the format does not carry its own.
    drops : tuple of Edit
        Spans the format itself knows not to be report text (running heads, page numbers, markup), each an
        edit with an empty replacement and a reason.
    """

    text: str
    format: str
    encoding: str | None = None
    drops: tuple[Edit, ...] = field(default=())
