"""PDF: the text layer line by line, with running heads and page numbers named as drops."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from typing import TYPE_CHECKING

from govreport_nlp.errors import MissingExtraError, ReadError
from govreport_nlp.reading.alignment import Edit
from govreport_nlp.reading.extraction import Extraction

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

__all__ = ["extract"]

_MAX_PAGES = 1000
_MAX_PAGE_BYTES = 4 << 20
_MAX_BYTES = 16 << 20
_MARGIN_LINES = 3
_REPEATED_ON = 0.3
_NUMBER = r"(?:\d{1,3}|[ivxlcIVXLC]{1,7})"
_PAGE_NUMBER = re.compile(
    rf"[-—–―─~·•\s]*{_NUMBER}[-—–―─~·•\s]*"
    rf"|第\s*[\d一二三四五六七八九十百]+\s*页\s*(?:[，,/（(]?\s*共\s*[\d一二三四五六七八九十百]+\s*页\s*[)）]?)?"
    rf"|{_NUMBER}\s*(?:/|of)\s*{_NUMBER}"
    rf"|(?:[Pp]age|P\.?)\s*{_NUMBER}(?:\s*(?:/|of)\s*{_NUMBER})?"
)
_ANY_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_SENTENCE_END = re.compile("[。；！？]")
_SAVE = "Open it in a PDF reader and print it to a new PDF"

# Damaged files make pypdf log dozens of lines; whoever configures logging still gets them.
logging.getLogger("pypdf").addHandler(logging.NullHandler())


def extract(data: bytes, *, where: str = "<pdf>") -> Extraction:
    r"""Take the text layer out of a PDF file.

    Lines stay as they are printed; a form feed stands between pages. Page numbers and running heads (lines at
    the top or bottom that three or more pages, and 30 % of all, share but for the page number) are named as
    drops, each with its line break.

    Parameters
    ----------
    data : bytes
        Content of the file.
    where : str
        File name for error messages.

    Raises
    ------
    ReadError
        If the file is no PDF, encrypted, broken, scanned, or larger inside than a report can be.
    MissingExtraError
        If pypdf, or for encrypted files the package cryptography, is not installed.
    """
    try:
        import pypdf
    except ImportError as error:
        raise MissingExtraError.of("pypdf", "pdf", "Reading PDF", where=where) from error
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError(
                "the PDF is encrypted and needs a password", where=where, hint="Save it without a password"
            )
        pages = [_page_text(page) for page in _checked_pages(reader, where)]
    except ReadError:
        raise
    except pypdf.errors.DependencyError as error:
        raise MissingExtraError.of("cryptography", "pdf", "Reading encrypted PDF", where=where) from error
    except pypdf.errors.LimitReachedError as error:
        raise _too_large("a stream in it", where) from error
    except Exception as error:  # pypdf raises many kinds on broken files
        raise ReadError(
            f"the file is not a PDF, or is broken ({type(error).__name__})", where=where, hint=_SAVE
        ) from error
    drops = tuple(_margins(pages))
    text = "\f".join(pages)
    numbers = sum(len(text[edit.start : edit.end].split()) for edit in drops)
    if len(text.split()) <= numbers:
        raise ReadError(
            "the PDF has no text layer: it is scanned or holds only pictures",
            where=where,
            hint="Run text recognition (OCR) on it first, for example with ocrmypdf -l chi_sim",
        )
    return Extraction(text, "pdf", drops=drops)


def _checked_pages(reader: PdfReader, where: str) -> list[PageObject]:
    """Give the pages once all of them are known to be small enough to parse."""
    count = len(reader.pages)
    if count > _MAX_PAGES:
        raise _too_large(f"{count} pages", where)
    pages = list(reader.pages)
    total = 0
    for number, page in enumerate(pages, 1):
        contents = page.get_contents()
        size = len(contents.get_data()) if contents is not None else 0
        total += size
        if size > _MAX_PAGE_BYTES or total > _MAX_BYTES:
            raise _too_large(f"page {number}", where)
    return pages


def _too_large(what: str, where: str) -> ReadError:
    return ReadError(f"the PDF is larger inside than a report can be ({what})", where=where, hint=_SAVE)


def _page_text(page: PageObject) -> str:
    lines = page.extract_text().replace("\r\n", "\n").replace("\f", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _margins(pages: list[str]) -> list[Edit]:
    """Find running heads and page numbers among the first and last lines of each page."""
    counts: Counter[str] = Counter()
    lines_of = []
    offset = 0
    for number, page in enumerate(pages):
        lines = _lines(page, offset)
        lines_of.append(lines)
        outer = (*lines[:_MARGIN_LINES], *lines[-_MARGIN_LINES:])
        counts.update({shape for *_, text in outer for shape in _shapes(text, number)})
        offset += len(page) + 1
    least = max(3, _REPEATED_ON * len(pages))
    repeated = {shape for shape, count in counts.items() if count >= least}
    return [edit for number, lines in enumerate(lines_of) for edit in _page_drops(lines, number, repeated)]


def _lines(page: str, offset: int) -> list[tuple[int, int, str]]:
    """Give the lines that show something, each with its span (line break included)."""
    lines = []
    for line in page.split("\n"):
        end = offset + len(line) + 1
        if line.strip():
            lines.append((offset, end, line.strip()))
        offset = end
    if lines and lines[-1][1] == offset:  # the last line has no break
        start, end, text = lines[-1]
        lines[-1] = (start, end - 1, text)
    return lines


def _shapes(line: str, page: int) -> set[str]:
    """Give forms of a line, one of which is alike on all pages if it is a running head."""
    if _SENTENCE_END.search(line):
        return set()
    line = "".join(line.split())
    counted = {
        f"{line[: match.start()]}<{int(match[0]) - page}>{line[match.end() :]}"
        for match in _ANY_NUMBER.finditer(line)
    }
    return {line, *counted}


def _page_drops(lines: list[tuple[int, int, str]], page: int, repeated: set[str]) -> list[Edit]:
    """Go inwards from both ends of a page until a line of the report is met."""
    drops: dict[int, Edit] = {}
    for side in (lines[:_MARGIN_LINES], lines[: -_MARGIN_LINES - 1 : -1]):
        for start, end, text in side:
            if _PAGE_NUMBER.fullmatch(text):
                drops[start] = Edit(start, end, "", "page number")
            elif repeated & _shapes(text, page) and not (page == 0 and _is_only_title(text, lines)):
                drops[start] = Edit(start, end, "", "running head")
            else:
                break
    return sorted(drops.values())


def _is_only_title(text: str, lines: list[tuple[int, int, str]]) -> bool:
    """Whether a line may be the title itself, which running heads repeat."""
    return text.endswith("报告") and sum(line.endswith("报告") for *_, line in lines) == 1
