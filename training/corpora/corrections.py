"""Apply the recorded corrections of a review."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from govreport_nlp.corpora.records import Record
from govreport_nlp.errors import GovReportError
from training.corpora.standoff import holder, read_table

__all__ = ["apply_corrections"]

Row = dict[str, str]


def apply_corrections(records: Iterable[Record], path: Path) -> int:
    """Correct records in place, as the rows of a table say.

    A row names the document and the kind: ``entity``, ``theme`` or ``heading``. Start, end and old label are
    what stands there, empty for a missed entity; new start, end and label are what should, empty for an
    entity that is none. Labels of a theme are themes joined by commas, those of a heading its kind. The
    reason stays in the table.

    Returns
    -------
    int
        Corrections made.

    Raises
    ------
    GovReportError
        If what a row corrects is not there, or a new entity overlaps another.
    """
    if not path.is_file():
        return 0
    by_name = {record["id"]: record for record in records}
    rows = list(enumerate(read_table(path), 1))
    # Wrong entities go first: a new one may stand where an old one stood.
    for step in (_remove, _add):
        for number, row in rows:
            record = holder(by_name, row["document"], int(row["start"] or row["new_start"]))
            try:
                step(record, row)
            except ValueError as error:
                raise GovReportError(str(error), where=f"{path}, row {number}") from error
    return len(rows)


def _remove(record: Record, row: Row) -> None:
    """Take away what a row says is wrong."""
    if not row["start"]:
        return
    spans = record["entities" if row["kind"] == "entity" else "paragraphs"]
    span = next((s for s in spans if s["start"] == int(row["start"]) and s["end"] == int(row["end"])), None)
    if span is None or _label(span, row["kind"]) != row["old_label"]:
        raise ValueError(f"there is no {row['kind']} {row['start']}–{row['end']} {row['old_label']}")
    if row["kind"] == "entity":
        spans.remove(span)
    elif row["kind"] == "theme":
        span["labels"] = [theme for theme in row["new_label"].split(",") if theme]
    else:
        span["kind"] = row["new_label"]


def _label(span: dict[str, Any], kind: str) -> str:
    if kind == "theme":
        return ",".join(span["labels"])
    return str(span["label" if kind == "entity" else "kind"])


def _add(record: Record, row: Row) -> None:
    """Add the entity that a row says is right."""
    if row["kind"] != "entity" or not row["new_label"]:
        return
    start, end = int(row["new_start"]), int(row["new_end"])
    entities = record["entities"]
    if any(entity["start"] < end and start < entity["end"] for entity in entities):
        raise ValueError(f"{start}–{end} overlaps another entity")
    entities.append({"start": start, "end": end, "label": row["new_label"], "text": None, "id": None})
    entities.sort(key=lambda entity: entity["start"])
