"""Names of the output formats."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

from govreport_nlp.errors import GovReportError

__all__ = ["Format", "format_of"]


class Format(StrEnum):
    """What the annotation of files can be written as."""

    JSONL = "jsonl"
    PARQUET = "parquet"
    CSV = "csv"
    HTML = "html"


_BY_SUFFIX: Final = {
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".parquet": Format.PARQUET,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    "": Format.CSV,
}


def format_of(path: Path) -> Format:
    """Give the format that the name of an output asks for; a folder, or a name without suffix, asks for CSV.

    Raises
    ------
    GovReportError
        If its suffix is not known.

    Examples
    --------
    >>> format_of(Path("out.parquet")).value, format_of(Path("tables")).value
    ('parquet', 'csv')
    """
    if path.is_dir():
        return Format.CSV
    try:
        return _BY_SUFFIX[path.suffix.lower()]
    except KeyError:
        raise GovReportError(
            f"the suffix {path.suffix!r} names no output format",
            where=str(path),
            hint="Use .jsonl, .parquet, .html or a folder name (CSV), or say --format",
        ) from None
