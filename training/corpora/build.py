"""Build ``corpora/`` from its sources.

``python -m training.corpora.build ../shared`` writes the stand-off corpus with its source table, the starter
corpus and the checksums.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final

import pyarrow.parquet as pq
import typer

from govreport_nlp.corpora.attaching import PARQUET, digest
from govreport_nlp.corpora.checking import SUMS
from govreport_nlp.corpora.records import SPLITS, Record, write_records
from training.corpora.corrections import apply_corrections
from training.corpora.rendering import read_starter, render
from training.corpora.splits import extend_splits
from training.corpora.standoff import read_annotations, read_table, records_of
from training.corpora.words import add_words, read_words

HERE: Final = Path(__file__).parent
CORPORA: Final = HERE.parents[1] / "corpora"
REPOSITORY: Final = "lawtext/gov"
COMMIT: Final = "fc1a2f67a589763dc905aaa90f2b1ba356bbccde"
GUIDELINES: Final = "3.1"
"""Version of the guidelines that reviewed records follow."""

_FRONT_MATTER: Final = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_COLUMNS: Final = (
    "source",
    "repository",
    "commit",
    "path",
    "address",
    "title",
    "date",
    "issuer",
    "characters",
    "sha256",
)
_SOURCES_HEADER: Final = """\
# Texts of the stand-off records. sha256 is that of the whole text in UTF-8, front matter included: the file
# at that commit of the public repository. address: the page of publication that the file names. Texts without
# a repository have to be found by title, date and issuer.
"""
_SPLITS_HEADER: Final = """\
# Split of every record. style: how the text is laid out; characters: length of the laid-out text.
"""


def main(
    shared: Annotated[
        Path | None, typer.Argument(help="Sample reports; without them only the starter corpus.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the corpora.")] = CORPORA,
) -> None:
    """Write the corpora and their checksums."""
    if shared:
        _govreport(shared, out)
    _starter(out / "starter")
    write_sums(out)


def annotated(
    shared: Path, annotations: Iterable[dict[str, Any]]
) -> tuple[list[Record], dict[str, dict[str, Any]]]:
    """Give the records of annotations with text, before any correction, and the source table by source."""
    annotations = list(annotations)
    splits = {row["id"]: row for row in read_table(CORPORA / "govreport" / "splits.tsv")}
    texts = _texts(shared / "reports", annotations)
    records: list[Record] = []
    sources: dict[str, dict[str, Any]] = {}
    for annotation in annotations:
        row, text = texts[annotation["id"]]
        sources[row["source"]] = row
        records += records_of(annotation, row, text, splits)
    return records, sources


def _govreport(shared: Path, out: Path) -> None:
    first, second = read_annotations(shared / "annotations"), read_annotations(HERE / "annotations.jsonl")
    records, sources = annotated(shared, [*first, *second])
    made = apply_corrections(records, CORPORA / "corrections.tsv")
    add_words(records)
    for record in records:
        record |= {"guideline_version": GUIDELINES, "text": None}
    _write_splits(out / "govreport", records)
    rows = [sources[name] for name in sorted(sources)]
    _write_table(out / "govreport" / "sources.tsv", _SOURCES_HEADER, _COLUMNS, rows)
    typer.echo(f"govreport: {len(records)} records, {made} corrections")


def _texts(reports: Path, annotations: list[dict[str, Any]]) -> dict[str, tuple[dict[str, Any], str]]:
    """Give the row of the source table and the text of every annotation."""
    files = {row["source"]: row for row in read_table(HERE / "reports.tsv")}
    names = [annotation["source"]["id"] for annotation in annotations if "id" in annotation["source"]]
    table = pq.read_table(reports / PARQUET, columns=["id", "source", "text"], filters=[("id", "in", names)])
    raw = {row["id"]: row for row in table.to_pylist()}
    found: dict[str, tuple[dict[str, Any], str]] = {}
    for annotation in annotations:
        source = annotation["source"]
        if "id" in source:
            path, text = raw[source["id"]]["source"], raw[source["id"]]["text"]
            front = _front_matter(text)
            row = {
                "source": path,
                "repository": REPOSITORY,
                "commit": COMMIT,
                "path": path,
                "address": front.get("source", ""),
                "title": front.get("title", ""),
                "date": "",
                "issuer": "",
            }
        else:
            text = (reports / source["file"]).read_bytes().decode("utf-8")
            row = {"repository": "", "commit": "", "path": "", **files[source["file"]]}
        size = {"characters": len(text), "sha256": digest(text.encode())}
        found[annotation["id"]] = ({**row, **size}, text)
    return found


def _front_matter(text: str) -> dict[str, str]:
    match = _FRONT_MATTER.match(text)
    lines = match[1].splitlines() if match else []
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def _starter(out: Path) -> None:
    texts = [read_starter(path) for path in sorted((HERE / "starter").glob("*.txt"))]
    path = out / "splits.tsv"
    before = {row["id"]: row["split"] for row in read_table(path)} if path.is_file() else {}
    sizes = {text.name: sum(map(len, text.paragraphs)) for text in texts}
    strata = {text.name: [text.meta["level"], text.meta["style"]] for text in texts}
    splits = extend_splits(before, [(text.name, sizes[text.name], strata[text.name]) for text in texts])
    words = read_words()
    records = [
        render(text, splits[text.name], words=words.get(text.name, {}), guideline_version=GUIDELINES)
        for text in texts
    ]
    rows = [
        {"id": text.name, "split": splits[text.name], **text.meta, "characters": len(record["text"])}
        for text, record in zip(texts, records, strict=True)
    ]
    _write_splits(out, records)
    columns = ("id", "split", "level", "place", "year", "style", "characters")
    _write_table(path, _SPLITS_HEADER, columns, rows)
    typer.echo(f"starter: {len(records)} records")


def _write_splits(folder: Path, records: list[Record]) -> None:
    records.sort(key=lambda record: (record["id"].rpartition("-")[0], record["report"], record["id"]))
    for split in SPLITS:
        write_records(folder / f"{split}.jsonl", (record for record in records if record["split"] == split))


def _write_table(path: Path, header: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    lines = ["\t".join(columns), *("\t".join(str(row[column]) for column in columns) for row in rows)]
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")


def write_sums(folder: Path) -> None:
    """Write the SHA-256 of every file below a folder, as ``sha256sum`` does."""
    files = sorted(path for path in folder.rglob("[!.]*") if path.is_file() and path.name != SUMS)
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files
    ]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
