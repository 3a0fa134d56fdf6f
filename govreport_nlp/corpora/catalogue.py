"""Where the corpora lie, and what they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from govreport_nlp.corpora.records import SPLITS, Record, read_records
from govreport_nlp.errors import GovReportError

__all__ = ["Corpus", "corpora", "data_folder", "find_corpus"]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder with ``train.jsonl``, ``dev.jsonl``, ``test.jsonl``, or some of them.

    Attributes
    ----------
    name : str
        What :func:`govreport_nlp.corpora.load` calls it.
    folder : Path
        Where it lies.
    title, license, description : str
        From its ``corpus.json``; empty for a folder without one.
    """

    name: str
    folder: Path
    title: str = ""
    license: str = ""
    description: str = ""

    @property
    def splits(self) -> list[str]:
        """Splits that the corpus has, in the usual order."""
        return [split for split in SPLITS if self.path(split).is_file()]

    def path(self, split: str) -> Path:
        """File of one split."""
        return self.folder / f"{split}.jsonl"

    def records(self, split: str | None = None) -> Iterator[Record]:
        """Give the records of one split, or of all.

        Raises
        ------
        GovReportError
            If the corpus has no such split, or a file cannot be read.
        """
        if split is not None and split not in self.splits:
            raise GovReportError(
                f"there is no split {split!r}",
                where=f"corpus {self.name}",
                hint=f"Choose one of: {', '.join(self.splits)}",
            )
        for part in [split] if split else self.splits:
            yield from read_records(self.path(part))


def data_folder() -> Path:
    """Give the folder of the corpora: inside the installed package, or at the top of a checkout.

    Raises
    ------
    GovReportError
        If there is neither.
    """
    package = Path(__file__).parent
    for folder in (package / "data", package.parents[1] / "corpora"):
        if (folder / "DATACARD.md").is_file():
            return folder
    raise GovReportError(
        "the corpora are not here",
        where=str(package / "data"),
        hint="Reinstall govreport-nlp from a wheel, or work in a checkout",
    )


def corpora() -> list[Corpus]:
    """Give the corpora that come with the package.

    Examples
    --------
    >>> [corpus.name for corpus in corpora()]
    ['govreport', 'starter']
    """
    return [_described(path.parent) for path in sorted(data_folder().glob("*/corpus.json"))]


def find_corpus(name: str | Path) -> Corpus:
    """Give a corpus by its name, or one that lies in a folder.

    Raises
    ------
    GovReportError
        If there is no corpus of that name and no such folder with JSONL files.

    Examples
    --------
    >>> find_corpus("starter").splits
    ['train', 'dev', 'test']
    """
    known = {corpus.name: corpus for corpus in corpora()} if isinstance(name, str) else {}
    if name in known:
        return known[str(name)]
    corpus = _described(Path(name))
    if corpus.splits:
        return corpus
    raise GovReportError(
        f"there is no corpus {str(name)!r}",
        hint=f"Choose one of: {', '.join(known)}; or give a folder with train.jsonl, dev.jsonl or test.jsonl",
    )


def _described(folder: Path) -> Corpus:
    path = folder / "corpus.json"
    facts = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return Corpus(name=folder.resolve().name, folder=folder, **facts)
