"""Check a corpus: form, offsets, splits, names, checksums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from govreport_nlp.corpora.attaching import attach, attached_records, sources_of
from govreport_nlp.corpora.catalogue import Corpus
from govreport_nlp.corpora.duplicates import near_duplicates
from govreport_nlp.corpora.names import Mention, several_labels, unmarked_mentions
from govreport_nlp.corpora.records import Record, validate
from govreport_nlp.corpora.structure import span_problems, text_problems

__all__ = ["SUMS", "Findings", "Problem", "check", "check_sums"]

SUMS: Final = "SHA256SUMS"
"""List of digests and names, as ``sha256sum`` writes it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must be mended.

    Attributes
    ----------
    kind : str
        ``"form"``, ``"offsets"``, ``"text"``, ``"splits"``, ``"duplicates"`` or ``"checksums"``.
    where : str
        Record or file.
    what : str
        What is wrong there.
    """

    kind: str
    where: str
    what: str


@dataclass(slots=True)
class Findings:
    """What a check has found.

    Attributes
    ----------
    records, with_text : int
        Records looked at, and how many of them with their text.
    problems : list of Problem
        Errors.
    several_labels, unmarked : list of Mention
        Places for a person to judge; many of them are right.
    """

    records: int = 0
    with_text: int = 0
    problems: list[Problem] = field(default_factory=list)
    several_labels: list[Mention] = field(default_factory=list)
    unmarked: list[Mention] = field(default_factory=list)


def check(corpus: Corpus, texts: Path | None = None) -> Findings:
    """Check the records of a corpus.

    Form (JSON Schema), offsets and splits are always checked; what needs the texts, only for the records
    whose text is in the corpus or in `texts`.

    Parameters
    ----------
    corpus : Corpus
        What to check.
    texts : Path, optional
        Folder of the texts of a stand-off corpus.

    Returns
    -------
    Findings

    Raises
    ------
    MissingExtraError
        If jsonschema is not installed.
    """
    findings = Findings()
    sound = list(_sound_records(corpus, findings))
    found = attach(corpus, texts).texts if texts else {}
    readable: list[Record] = []
    for record in attached_records(sound, found):
        if record["text"] is None:
            continue
        findings.with_text += 1
        faults = [Problem("text", record["id"], what) for what in text_problems(record, record["text"])]
        findings.problems += faults
        readable += [] if faults else [record]
    findings.problems += _split_problems(corpus, sound)
    for near in near_duplicates(readable):
        what = (
            f"the paragraph at {near.start} shares {near.shared:.0%} with {near.other} at {near.other_start}"
        )
        findings.problems.append(Problem("duplicates", near.record, what))
    findings.several_labels = several_labels(readable)
    findings.unmarked = unmarked_mentions(readable)
    return findings


def _sound_records(corpus: Corpus, findings: Findings) -> Iterator[Record]:
    """Note what is wrong with each record by itself; give those whose form is valid."""
    for split in corpus.splits:
        for record in corpus.records(split):
            findings.records += 1
            where = str(record.get("id", f"{corpus.path(split)}, record {findings.records}"))
            faults = validate(record)
            findings.problems += [Problem("form", where, what) for what in faults]
            if faults:
                continue
            findings.problems += [Problem("offsets", where, what) for what in span_problems(record)]
            if record["split"] != split:
                what = f"it is {record['split']} in the file of {split}"
                findings.problems.append(Problem("splits", where, what))
            yield record


def _split_problems(corpus: Corpus, records: Sequence[Record]) -> Iterator[Problem]:
    """Find ids given twice, places in several splits, and sources that the table does not have."""
    ids: dict[str, int] = defaultdict(int)
    places: dict[str, set[str]] = defaultdict(set)
    listed = {source.source: source.sha256 for source in sources_of(corpus)}
    for record in records:
        ids[record["id"]] += 1
        if record["meta"]["place"]:
            places[record["meta"]["place"]].add(record["split"])
        if record["text"] is None and listed.get(record["source"]) != record["sha256"]:
            yield Problem(
                "splits", record["id"], f"the source table has no {record['source']} with its SHA-256"
            )
    for name, count in ids.items():
        if count > 1:
            yield Problem("splits", name, f"{count} records have this id")
    for place, splits in places.items():
        if len(splits) > 1:
            yield Problem("splits", place, f"the place is in several splits: {', '.join(sorted(splits))}")


def check_sums(folder: Path) -> list[Problem]:
    """Compare the files below a folder, but for hidden ones, with its ``SHA256SUMS`` if there is one."""
    path = folder / SUMS
    if not path.is_file():
        return []
    listed = {
        name: value
        for value, name in (line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines())
    }
    present = {
        file.relative_to(folder).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("[!.]*")
        if file.is_file() and file != path
    }
    states = {
        "is missing": listed.keys() - present.keys(),
        "is not listed": present.keys() - listed.keys(),
        "has changed": {name for name in listed.keys() & present.keys() if listed[name] != present[name]},
    }
    return [Problem("checksums", name, what) for what, names in states.items() for name in sorted(names)]
