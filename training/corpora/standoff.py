"""Turn annotation files as they come from annotators into corpus records."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from govreport_nlp.corpora.records import SCHEMA, Record
from govreport_nlp.errors import GovReportError
from govreport_nlp.pipes.sentences import sentence_ends

__all__ = ["holder", "read_annotations", "read_table", "records_of", "sentence_spans"]


def read_annotations(path: Path) -> Iterator[dict[str, Any]]:
    """Give the annotation files of a folder, or the lines of a JSONL file."""
    if path.is_dir():
        for file in sorted(path.glob("*.json")):
            yield json.loads(file.read_text(encoding="utf-8"))
    else:
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def read_table(path: Path) -> list[dict[str, str]]:
    """Read a tab-separated table with ``#`` comment lines before the names of the columns."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def sentence_spans(text: str, start: int, end: int) -> list[dict[str, int]]:
    """Give the sentences of the paragraph ``text[start:end]``, without the white space at their edges."""
    spans: list[dict[str, int]] = []
    position = start
    for stop in sentence_ends(text[start:end]):
        sentence = text[position : start + stop]
        spans.append({"start": position + len(sentence) - len(sentence.lstrip()), "end": start + stop})
        position = start + stop
    return spans


def records_of(
    annotation: dict[str, Any], source: dict[str, Any], text: str, splits: dict[str, dict[str, str]]
) -> Iterator[Record]:
    """Give one record for each report of an annotated text; `source` is its row of the source table.

    A compilation has one region for each report, whose records are named ``<id>-<number>``.
    """
    regions = annotation.get("regions") or [annotation["region"]]
    if (expected := annotation.get("sha256")) and expected != source["sha256"]:
        raise GovReportError("the text is not the annotated one", where=source["source"])
    for number, region in enumerate(regions):
        name = annotation["id"] if len(regions) == 1 else f"{annotation['id']}-{number}"
        about = splits[name]
        paragraphs = _within(annotation["paragraphs"], region)
        yield {
            "schema": SCHEMA,
            "id": name,
            "source": source["source"],
            "sha256": source["sha256"],
            "report": int(about["report"]),
            "start": region[0] if len(regions) > 1 else 0,
            "end": region[1] if len(regions) > 1 else len(text),
            "split": about["split"],
            "annotator": annotation["annotator"],
            "guideline_version": str(annotation["guideline_version"]),
            "regions": [region],
            "meta": {
                "title": source["title"] or None,
                "place": about["place"],
                "level": about["level"],
                "year": int(about["year"]),
                "date": None,
                "speaker": None,
            },
            "text": text,
            "paragraphs": [
                {
                    "start": span["start"],
                    "end": span["end"],
                    "kind": span["kind"],
                    "level": None,
                    "labels": span["themes"],
                    "themes": {},
                }
                for span in paragraphs
            ],
            "sentences": _sentences(annotation, text, paragraphs),
            "entities": [
                {"start": start, "end": end, "label": label, "text": None, "id": None}
                for start, end, label in sorted(annotation["entities"])
                if region[0] <= start < region[1]
            ],
            "indicators": [],
            "words": None,
        }


def _within(spans: Iterable[dict[str, Any]], region: list[int]) -> list[dict[str, Any]]:
    return [span for span in spans if region[0] <= span["start"] < region[1]]


def _sentences(
    annotation: dict[str, Any], text: str, paragraphs: list[dict[str, Any]]
) -> list[dict[str, int]]:
    """Split the paragraphs by rule, but not within an entity: some sources have ``?`` for a lost ``·``."""
    within = {offset for start, end, _ in annotation["entities"] for offset in range(start + 1, end)}
    sentences: list[dict[str, int]] = []
    for paragraph in paragraphs:
        begun: int | None = None
        for span in sentence_spans(text, paragraph["start"], paragraph["end"]):
            begun = span["start"] if begun is None else begun
            if span["end"] not in within:
                sentences.append({"start": begun, "end": span["end"]})
                begun = None
    return sentences


def holder(by_name: dict[str, Record], document: str, start: int) -> Record:
    """Give the record of a document; for a compilation, that of the report in which `start` lies."""
    if document in by_name:
        return by_name[document]
    for name, record in by_name.items():
        if name.rpartition("-")[0] == document and record["start"] <= start < record["end"]:
            return record
    raise GovReportError(f"there is no record {document!r} at {start}")
