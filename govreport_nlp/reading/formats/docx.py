"""DOCX: paragraphs and table cells in document order, one a line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from govreport_nlp.errors import MissingExtraError, ReadError
from govreport_nlp.reading.extraction import Extraction

__all__ = ["extract"]

_MAX_PARTS = 5000
_MAX_XML = 32 << 20
_MAX_TOTAL = 256 << 20
_MAX_RATIO = 200
_RATIO_FROM = 1 << 20
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Deleted and moved-away text, and the second copy of a text box that old Word versions get.
_SKIPPED = frozenset((
    f"{_W}del",
    f"{_W}moveFrom",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
))  # fmt: skip
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def extract(data: bytes, *, where: str = "<docx>") -> Extraction:
    """Take the text of the body out of a DOCX file.

    Each paragraph is a line, in tables and text boxes too; a line break within a paragraph is one as well.
    Tracked insertions are in the text; tracked deletions, headers, footers, notes and bookmarks are not.
    Numbers that Word makes itself (automatic lists) are not in the file as text and so are missing here.

    Parameters
    ----------
    data : bytes
        Content of the file.
    where : str
        File name for error messages.

    Raises
    ------
    ReadError
        If the file is no Word document, is broken or would unpack to more than a document can hold.
    MissingExtraError
        If python-docx is not installed.
    """
    try:
        import docx
    except ImportError as error:
        raise MissingExtraError.of("python-docx", "docx", "Reading DOCX", where=where) from error
    try:
        _check_size(data, where)
        body = docx.Document(io.BytesIO(data)).element.body
        text = "".join(_pieces(body)).lstrip("\n")
    except ReadError:
        raise
    except Exception as error:  # python-docx, lxml and zipfile raise many kinds on broken files
        raise ReadError(
            f"the file is not a DOCX document, or is broken ({type(error).__name__})",
            where=where,
            hint="Open it in Word, WPS or LibreOffice and save it as .docx again",
        ) from error
    if not text.strip():
        raise ReadError(
            "the document holds no text", where=where, hint="If it holds scans, run OCR on it first"
        )
    return Extraction(text + "\n", "docx")


def _check_size(data: bytes, where: str) -> None:
    """Refuse archives that unpack to much; zipfile never unpacks more than the sizes they declare."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    excessive = (
        len(parts) > _MAX_PARTS
        or sum(part.file_size for part in parts) > _MAX_TOTAL
        or any(part.file_size > _MAX_XML for part in parts if part.filename.endswith((".xml", ".rels")))
        or any(part.file_size > max(_RATIO_FROM, _MAX_RATIO * part.compress_size) for part in parts)
    )
    if excessive:
        raise ReadError(
            "the file unpacks to far more data than a report holds (a zip bomb?)",
            where=where,
            hint="Save the document's text as .txt",
        )


def _pieces(body: Any) -> Iterator[str]:
    """Give text and line breaks; the walk keeps its own stack, so depth is no danger."""
    stack = [body]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            yield element
        elif element.tag == f"{_W}t":
            yield element.text or ""
        elif element.tag in _CHARACTERS:
            yield _CHARACTERS[element.tag]
        elif element.tag not in _SKIPPED:
            if element.tag == f"{_W}p":
                yield "\n"
            stack += reversed(element)
