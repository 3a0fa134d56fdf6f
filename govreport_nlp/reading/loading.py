"""From any source (path, bytes, file object or text) to decoded text with the drops its format knows."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path
from typing import IO, Any, cast

from govreport_nlp.errors import ReadError
from govreport_nlp.reading.alignment import Edit
from govreport_nlp.reading.decoding import check_text, decode
from govreport_nlp.reading.extraction import Extraction
from govreport_nlp.reading.formats import docx, html, markdown, pdf
from govreport_nlp.reading.report import Source
from govreport_nlp.reading.sniffing import FORMATS, binary_format, text_format

__all__ = ["MAX_BYTES", "SourceLike", "load", "path_of"]

SourceLike = str | os.PathLike[str] | bytes | IO[bytes] | IO[str]

MAX_BYTES = 64 << 20
"""Largest source that is read, in bytes (characters for text files that are already open)."""

_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,8}$")
_SEPARATOR = re.compile(r"[/\\]")
# Marks of running text or HTML; a one-line text may hold a slash (元/人).
_TEXT_MARK = re.compile(r"[，。；：！？、<>]")


def load(
    source: SourceLike,
    *,
    name: str | None = None,
    format: str | None = None,
    encoding: str | None = None,
) -> tuple[Source, tuple[Edit, ...]]:
    r"""Read a source and decode it, or extract its text.

    Parameters
    ----------
    source : str, path, bytes or file object
        A `str` is text if it holds a line break, else a path if there is such a file, or if it ends in a
        suffix or holds a separator but no Chinese punctuation, else text.
    name : str, optional
        Name for a source that has none; its suffix counts like a file's.
    format : {"text", "markdown", "html", "docx", "pdf"}, optional
        Format to read it as; by default content and suffix decide.
    encoding : str, optional
        Python codec of the bytes; by default it is detected.

    Returns
    -------
    source : Source
        Name, format, encoding, digest and text.
    drops : tuple of Edit
        Spans of the text that the format knows not to be report text.

    Raises
    ------
    ReadError
        If there is no such file or it cannot be read as a report.
    MissingExtraError
        If the format needs a package that is not installed.

    Examples
    --------
    >>> source, drops = load("# 政府工作报告\n\n**工业。**稳步增长。\n")
    >>> source.name, source.format, [edit.reason for edit in drops]
    ('<text>', 'markdown', ['markup', 'markup', 'markup'])
    """
    where, content = _content(source)
    if format is not None and format not in FORMATS:
        raise ReadError(
            f"there is no format {format!r}", where=where, hint=f"Choose from: {', '.join(FORMATS)}"
        )
    if name is None:
        name = where if where.startswith("<") else Path(where).name
    raw = _encoded(content, where) if isinstance(content, str) else content
    if len(raw) > MAX_BYTES:
        raise _too_large(where)
    if not raw:
        raise ReadError("there is nothing in it: it is empty", where=where)
    extraction = _extraction(content, Path(name).suffix.lower(), where, format, encoding)
    if not extraction.text.strip("\ufeff \t\r\n\f\v\u3000\u00a0"):
        raise ReadError("there is nothing but white space in it", where=where)
    found = Source(
        name=name,
        format=extraction.format,
        encoding=extraction.encoding,
        sha256=hashlib.sha256(raw).hexdigest(),
        text=extraction.text,
    )
    return found, extraction.drops


def _content(source: object) -> tuple[str, str | bytes]:
    """Give a name for messages and what the source holds."""
    if isinstance(source, str):
        path = path_of(source)
        return ("<text>", source) if path is None else (source, _read_file(path))
    if isinstance(source, (bytes, bytearray, memoryview)):
        return "<bytes>", bytes(source)
    if isinstance(source, os.PathLike):
        path = Path(os.fsdecode(source))
        return str(path), _read_file(path)
    if hasattr(source, "read"):
        label = getattr(source, "name", None)
        where = label if isinstance(label, str) else "<stream>"
        return where, _read_stream(cast("IO[Any]", source), where)
    raise ReadError(
        f"a source of type {type(source).__name__} cannot be read",
        hint="Give a path, bytes, a file object or text",
    )


def path_of(source: str) -> Path | None:
    """Give the path that a string stands for, or ``None`` if it is text."""
    if not source.strip() or "\n" in source or "\r" in source or "\0" in source:
        return None
    path = Path(source)
    try:
        exists = path.exists()
    except (OSError, ValueError):  # too long for a file name, or not encodable
        return None
    looks_like = _SUFFIX.search(source) or (_SEPARATOR.search(source) and not _TEXT_MARK.search(source))
    return path if exists or looks_like else None


def _read_file(path: Path) -> bytes:
    where = str(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise ReadError("this is a directory", where=where, hint="Give the files in it")
        if not stat.S_ISREG(mode):
            raise ReadError(
                "this is not a regular file", where=where, hint="Open it and give the file object"
            )
        with path.open("rb") as stream:
            return cast("bytes", _read_stream(stream, where))
    except FileNotFoundError as error:
        raise ReadError("there is no such file", where=where, hint=_missing_hint(where)) from error
    except (OSError, ValueError) as error:
        raise _unreadable(error, where) from error


def _missing_hint(where: str) -> str:
    if re.match(r"https?:/", where):
        return "Download the page first: nothing is read from the network"
    if re.search(r"[*?\[]", where):
        return "This takes one file; expand the pattern first"
    return "Check the path; to pass a line of text, end it with a line break"


def _read_stream(stream: IO[Any], where: str) -> str | bytes:
    """Read to the end, but never much more than the limit."""
    pieces: list[Any] = []
    size = 0
    try:
        while size <= MAX_BYTES and (piece := stream.read(MAX_BYTES + 1 - size)):
            pieces.append(piece)
            size += len(piece)
        if size > MAX_BYTES:
            raise _too_large(where)
        content = pieces[0][:0].join(pieces) if pieces else b""
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise _unreadable(error, where) from error
    if not isinstance(content, (str, bytes)):
        raise ReadError("the file object gives neither bytes nor text", where=where)
    return content


def _unreadable(error: Exception, where: str) -> ReadError:
    if isinstance(error, PermissionError):
        return ReadError("permission to read the file is denied", where=where, hint="Check its access rights")
    if isinstance(error, UnicodeDecodeError):
        return ReadError(
            f"the open file cannot be decoded as {error.encoding}",
            where=where,
            hint='Open it in binary mode ("rb")',
        )
    reason = getattr(error, "strerror", None) or str(error)
    return ReadError(f"the file cannot be read ({reason})", where=where)


def _too_large(where: str) -> ReadError:
    return ReadError(
        f"the source is larger than {MAX_BYTES / (1 << 20):g} MB",
        where=where,
        hint="Split it into single reports",
    )


def _encoded(text: str, where: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ReadError(
            f"the text holds half a surrogate pair at character {error.start}",
            where=where,
            hint="Pass the bytes instead",
        ) from error


def _extraction(
    content: str | bytes, suffix: str, where: str, format: str | None, encoding: str | None
) -> Extraction:
    codec = None
    if isinstance(content, str):
        if format in ("docx", "pdf"):
            raise ReadError(
                f"{format} cannot be read from text", where=where, hint="Pass the bytes of the file"
            )
        check_text(content, where=where)
        text = content
    else:
        found = format or binary_format(content, where=where, suffix=suffix)
        if found == "docx":
            return docx.extract(content, where=where)
        if found == "pdf":
            return pdf.extract(content, where=where)
        declared = html.declared_charset(content)
        text, codec = decode(content, where=where, encoding=encoding, declared=declared)
    found = format or text_format(text, suffix=suffix)
    if found == "html":
        return html.extract(text, where=where, encoding=codec)
    if found == "markdown":
        return markdown.extract(text, encoding=codec)
    mark = (Edit(0, 1, "", "byte order mark"),) if text.startswith("\ufeff") else ()
    return Extraction(text, "text", codec, mark)
