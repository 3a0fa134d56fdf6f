"""The source table of a stand-off corpus: which texts it annotates, and where these are published."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from govreport_nlp.errors import GovReportError

__all__ = ["RAW_FILES", "SourceText", "read_sources"]

RAW_FILES = "https://raw.githubusercontent.com"
"""Address under which GitHub serves the files of public repositories."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """One row of ``sources.tsv``; a field that does not apply is empty.

    Attributes
    ----------
    source : str
        Name of the text in the records: a path below the folder that holds the texts.
    repository, commit, path : str
        Public repository (``owner/name``), commit and file, where the text was taken from one.
    address : str
        Page on which the issuer or a web site published it, as the file itself says.
    title, date, issuer : str
        What to look for where there is no public file.
    characters : int
        Length in code points.
    sha256 : str
        Digest of the whole text in UTF-8, front matter included.
    """

    source: str
    repository: str
    commit: str
    path: str
    address: str
    title: str
    date: str
    issuer: str
    characters: int
    sha256: str

    def url(self, base: str = RAW_FILES) -> str | None:
        """Give the address of the file, or `None` if it lies in no public repository.

        Examples
        --------
        >>> SourceText("a.md", "lawtext/gov", "fc1a2f6", "甲/a.md", "", "", "", "", 0, "").url("http://localhost")
        'http://localhost/lawtext/gov/fc1a2f6/%E7%94%B2/a.md'
        """
        if not self.repository:
            return None
        return f"{base.rstrip('/')}/{self.repository}/{self.commit}/{quote(self.path)}"

    def __str__(self) -> str:
        facts = (self.title, self.issuer, self.date)
        return self.source if self.repository else f"{self.source} ({', '.join(filter(None, facts))})"


def read_sources(path: Path) -> list[SourceText]:
    """Read a source table: tab-separated, with ``#`` comment lines before the names of the columns.

    Raises
    ------
    GovReportError
        If it cannot be read or its columns are others.
    """
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        return [
            SourceText(characters=int(row.pop("characters")), **row)
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise GovReportError(f"the source table cannot be read ({error})", where=str(path)) from error
