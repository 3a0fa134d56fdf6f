"""Join stand-off annotations with texts that lie in a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from govreport_nlp.corpora.catalogue import Corpus
from govreport_nlp.corpora.records import Record, with_text
from govreport_nlp.corpora.sources import SourceText, read_sources
from govreport_nlp.errors import GovReportError

__all__ = ["Attachment", "attach", "attached_records", "digest", "find_texts", "sources_of"]

PARQUET: Final = "raw-reports.parquet"
"""A collection of texts with the columns ``source`` and ``text``, taken as if each were a file."""

_SUFFIXES: Final = frozenset({".txt", ".md"})
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Attachment:
    """What was found of the texts of a corpus.

    Attributes
    ----------
    texts : dict of str to str
        Text by the name of its source; each has the digest that the source table gives.
    missing : list of SourceText
        Sources of which there is no file.
    changed : dict of str to Path
        Files that have the name of a source and another content.
    extra : list of Path
        Text files that belong to no source.
    """

    texts: dict[str, str] = field(default_factory=dict)
    missing: list[SourceText] = field(default_factory=list)
    changed: dict[str, Path] = field(default_factory=dict)
    extra: list[Path] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every text is there."""
        return not (self.missing or self.changed)


def sources_of(corpus: Corpus) -> list[SourceText]:
    """Give the source table of a corpus; empty for one that carries its texts."""
    path = corpus.folder / "sources.tsv"
    return read_sources(path) if path.is_file() else []


def find_texts(sources: Iterable[SourceText], folder: Path) -> Attachment:
    """Look for texts in a folder and below: by name, then by content, then in ``raw-reports.parquet``.

    Parameters
    ----------
    sources : iterable of SourceText
        What to look for.
    folder : Path
        Where; files that end in ``.txt`` or ``.md`` are considered.

    Raises
    ------
    GovReportError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise GovReportError(
            "there is no such folder", where=str(folder), hint="Name the folder of the texts"
        )
    found = Attachment()
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in _SUFFIXES and path.is_file()]
    digests = {path: digest(path.read_bytes()) for path in paths}
    by_digest = {value: path for path, value in digests.items()}
    used: set[Path] = set()
    absent: list[SourceText] = []
    for source in sources:
        named = folder / source.source
        path = named if digests.get(named) == source.sha256 else by_digest.get(source.sha256, named)
        if path not in digests:
            absent.append(source)
            continue
        used.add(path)
        if digests[path] == source.sha256:
            found.texts[source.source] = path.read_bytes().removeprefix(_BOM).decode("utf-8")
        else:
            found.changed[source.source] = path
    found.extra = [path for path in paths if path not in used]
    _from_table(absent, folder / PARQUET, found)
    return found


def digest(content: bytes) -> str:
    """Give the SHA-256 of a text in UTF-8; a byte order mark is overlooked."""
    return sha256(content.removeprefix(_BOM)).hexdigest()


def _from_table(sources: list[SourceText], path: Path, found: Attachment) -> None:
    texts: dict[str, str] = {}
    if sources and path.is_file():
        wanted = [("source", "in", [source.source for source in sources])]
        table = pq.read_table(path, columns=["source", "text"], filters=wanted)
        texts = dict(zip(table["source"].to_pylist(), table["text"].to_pylist(), strict=True))
    for source in sources:
        if source.source not in texts:
            found.missing.append(source)
        elif digest(texts[source.source].encode()) == source.sha256:
            found.texts[source.source] = texts[source.source]
        else:
            found.changed[source.source] = path


def attach(corpus: Corpus, folder: Path) -> Attachment:
    """Look for the texts of a stand-off corpus in `folder`; see :func:`find_texts`."""
    return find_texts(sources_of(corpus), folder)


def attached_records(records: Iterable[Record], texts: dict[str, str]) -> Iterator[Record]:
    """Give records with their texts; a record that has its own keeps it, one without stays as it is."""
    for record in records:
        text = record["text"] or texts.get(record["source"])
        yield record if text is None else with_text(record, text)
