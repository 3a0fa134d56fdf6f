"""Which format a file is in, judged by its content and its suffix."""

from __future__ import annotations

import io
import re
import zipfile

from govreport_nlp.errors import ReadError

__all__ = ["FORMATS", "SUFFIXES", "binary_format", "text_format"]

FORMATS = ("text", "markdown", "html", "docx", "pdf")
SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".htm": "html",
    ".html": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".pdf": "pdf",
}
_SAVE_DOCX = "Open it in Word, WPS or LibreOffice and save it as .docx"
_OCR = "Run text recognition (OCR) on it first"
_UNPACK = "Unpack it and give the files in it"
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image", _OCR),
    (b"\xff\xd8\xff", "a JPEG image", _OCR),
    (b"GIF8", "a GIF image", _OCR),
    (b"II*\0", "a TIFF image", _OCR),
    (b"MM\0*", "a TIFF image", _OCR),
    (b"BM", "a BMP image", _OCR),
    (b"AT&TFORM", "a DjVu file", _OCR),
    (b"{\\rtf", "an RTF file", _SAVE_DOCX),
    (b"%!PS", "a PostScript file", "Convert it to PDF"),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "an xz archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"PAR1", "a Parquet file", "Read its text column and pass each text"),
    (b"SQLite format 3", "an SQLite database", "Read its text column and pass each text"),
    (b"MZ", "a Windows program", None),
    (b"\x7fELF", "a Linux program", None),
)
_ZIP_MEMBERS = (
    ("word/", "docx", ""),
    ("xl/", "an Excel workbook", "Save the sheet that holds the text as .txt"),
    ("ppt/", "a PowerPoint presentation", "Save its text as .txt"),
    ("content.xml", "an OpenDocument file", _SAVE_DOCX),
    ("META-INF/container.xml", "an EPUB book", "Unpack it and give the HTML pages in it"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_DIRECTORY = 1 << 20
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_FRAGMENT = re.compile(
    r"\s*<(?:div|p|table|article|section|h[1-6]|title|meta|span|font|center)\b", re.IGNORECASE
)
_CLOSINGS = re.compile(r"</(?:p|div|td|h[1-6]|span|font|li)\s*>|<br\b", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n\w[^\n]*:")
_HEADING = re.compile(r"^#{1,6}[ \t]+\S|^#{2,6}[^\s#]", re.MULTILINE)
_BOLD = re.compile(r"^\*\*[^\s*][^*\n]*\*\*", re.MULTILINE)
_HEAD = 4096


def binary_format(data: bytes, *, where: str, suffix: str = "") -> str | None:
    """Tell by its first bytes whether a file is DOCX or PDF.

    Returns
    -------
    {"docx", "pdf"} or None
        ``None`` for what may be text.

    Raises
    ------
    ReadError
        If the file is of a kind that cannot be read, or is not what its suffix says.
    """
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_OLE):
        raise _ole_error(data, where)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_format(data, where, suffix)
    for signature, what, hint in _SIGNATURES:
        # Two letters alone could also begin a text.
        if data.startswith(signature) and (len(signature) > 2 or b"\0" in data[:64] or signature[0] < 0x20):
            raise ReadError(f"this is {what}, not a report", where=where, hint=hint)
    if SUFFIXES.get(suffix) in ("docx", "pdf"):
        missing = "zip archive" if suffix == ".docx" else "%PDF header"
        raise ReadError(
            f"the file is not what its suffix {suffix} says (no {missing})",
            where=where,
            hint='Download or save it again; if it is text, say format="text" or format="html"',
        )
    return None


def _ole_error(data: bytes, where: str) -> ReadError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return ReadError("the document is encrypted", where=where, hint="Save it without a password")
    if "WordDocument".encode("utf-16-le") in data:
        return ReadError("this is an old Word file (.doc)", where=where, hint=_SAVE_DOCX)
    return ReadError("this is an old Office file", where=where, hint=_SAVE_DOCX)


def _zip_format(data: bytes, where: str, suffix: str) -> str:
    for member, what, hint in _ZIP_MEMBERS:
        if any(name.startswith(member) for name in _zip_names(data, where)):
            if what == "docx":
                return what
            raise ReadError(f"this is {what}, not a report", where=where, hint=hint)
    if suffix == ".docx":
        raise ReadError(
            "the file is a zip archive but holds no Word document", where=where, hint="Save it again"
        )
    raise ReadError("this is a zip archive, not a report", where=where, hint=_UNPACK)


def _zip_names(data: bytes, where: str) -> list[str]:
    # The end record says how large the directory is: know it before zipfile loads all of it.
    end = data.rfind(b"PK\x05\x06")
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if end >= 0 and (size > _MAX_DIRECTORY or data[max(0, end - 20) : end].startswith(b"PK\x06\x07")):
        raise ReadError("the zip archive holds too many files", where=where, hint="Save the document again")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except Exception as error:  # zipfile raises many kinds on broken archives
        raise ReadError(
            f"the zip archive is broken ({error})", where=where, hint="Download or save it again"
        ) from error


def text_format(text: str, *, suffix: str = "") -> str:
    r"""Tell whether a decoded text is HTML, Markdown or plain text.

    Markdown is what is named so, opens with front matter, or has a line with a bold opening or two with
    heading marks.

    Examples
    --------
    >>> text_format("<!DOCTYPE html><p>政府工作报告</p>", suffix=".txt")
    'html'
    >>> text_format("# 政府工作报告\n\n**工业。**稳步增长。", suffix=".txt")
    'markdown'
    """
    if _HTML.match(text[:_HEAD]):
        return "html"
    if SUFFIXES.get(suffix) == "markdown":
        return "markdown"
    if _FRAGMENT.match(text[:_HEAD]) and len(_CLOSINGS.findall(text[: 4 * _HEAD])) >= 2:
        return "html"
    if _FRONT_MATTER.match(text) or _BOLD.search(text) or len(_HEADING.findall(text)) >= 2:
        return "markdown"
    if SUFFIXES.get(suffix) == "html" and re.search(r"<[a-zA-Z][^<>]*>", text):
        return "html"
    return "text"
