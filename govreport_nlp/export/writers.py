"""Output formats of the command line: each a function that takes one Doc after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO, Final

from spacy.tokens import Doc

from govreport_nlp.errors import GovReportError
from govreport_nlp.export.arrow import parquet_writer
from govreport_nlp.export.atomic import replacing_file
from govreport_nlp.export.formats import Format
from govreport_nlp.export.records import to_json
from govreport_nlp.export.tables import csv_writer
from govreport_nlp.export.visual import html_writer
from govreport_nlp.reading.report import Source

__all__ = ["jsonl_writer", "open_writer", "text_writer"]


def open_writer(path: Path, format: Format) -> AbstractContextManager[Callable[[Doc], None]]:
    """Open an output that appears at `path` when its block ends without error.

    Raises
    ------
    GovReportError
        If `path` is a folder where a file is needed or the other way round.
    """
    if path.exists() and path.is_dir() != (format is Format.CSV):
        needed = "a folder" if format is Format.CSV else "a file"
        raise GovReportError(f"{format} output needs {needed}", where=str(path), hint="Choose another name")
    return _WRITERS[format](path)


@contextmanager
def _jsonl_file(path: Path) -> Iterator[Callable[[Doc], None]]:
    with replacing_file(path) as scratch, scratch.open("wb") as file, jsonl_writer(file) as write:
        yield write


_WRITERS: Final[dict[Format, Callable[[Path], AbstractContextManager[Callable[[Doc], None]]]]] = {
    Format.JSONL: _jsonl_file,
    Format.PARQUET: parquet_writer,
    Format.CSV: csv_writer,
    Format.HTML: html_writer,
}


@contextmanager
def jsonl_writer(file: BinaryIO | None = None) -> Iterator[Callable[[Doc], None]]:
    """Give a function that adds the record of a Doc to an open file as a line of UTF-8.

    Parameters
    ----------
    file : binary file, optional
        Standard output by default; each line is then flushed, so that a reader of a pipe sees it at once.
    """
    stream = file or sys.stdout.buffer

    def write(doc: Doc) -> None:
        stream.write(to_json(doc).encode() + b"\n")
        if file is None:
            stream.flush()

    yield write


def text_writer(folder: Path) -> Callable[[Source], None]:
    """Give a function that writes the text of a source, to which all offsets refer, into `folder`.

    The file is named after the source, folders in its name included, with ``.txt`` added to another suffix;
    where two sources share a name, the later one has the first eight digits of its ``sha256`` before the
    suffix.

    Parameters
    ----------
    folder : Path
        Created if it does not exist.
    """
    written: dict[str, str] = {}

    def write(source: Source) -> None:
        parts = PurePath(source.name).parts
        name = str(PurePath(*(part for part in parts if part not in ("..", PurePath(source.name).anchor))))
        name = name if name.lower().endswith(".txt") else f"{name}.txt"
        if written.get(name, source.sha256) != source.sha256:
            name = f"{name[:-4]}.{source.sha256[:8]}.txt"
        if name in written:
            return
        written[name] = source.sha256
        with replacing_file(folder / name) as scratch:
            scratch.write_text(source.text, encoding="utf-8", newline="")

    return write
