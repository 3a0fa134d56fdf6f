"""Corpus records: one report a line, described by ``govreport_nlp/schemas/corpus.v1.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from govreport_nlp.errors import GovReportError, MissingExtraError
from govreport_nlp.export.atomic import replacing_file
from govreport_nlp.export.records import annotation_schema

__all__ = [
    "SCHEMA",
    "SPLITS",
    "Record",
    "corpus_schema",
    "read_records",
    "validate",
    "with_text",
    "write_records",
]

SCHEMA: Final = "govreport.corpus.v1"
"""Name and version of the record."""

SPLITS: Final = ("train", "dev", "test")
"""The parts of every corpus."""

Record = dict[str, Any]
"""One report and its annotation, as plain data."""


def corpus_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of the record; it refers to that of the annotation record.

    Examples
    --------
    >>> corpus_schema()["properties"]["split"]
    {'enum': ['train', 'dev', 'test']}
    """
    text = files("govreport_nlp").joinpath("schemas", "corpus.v1.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def read_records(path: Path) -> Iterator[Record]:
    """Give the records of a JSONL file.

    Raises
    ------
    GovReportError
        If the file cannot be read, or a line is no JSON object.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise GovReportError("the line is no JSON object", where=f"{path}, line {number}")
                yield record
    except (OSError, UnicodeDecodeError) as error:
        raise GovReportError(f"the file cannot be read ({error})", where=str(path)) from error
    except json.JSONDecodeError as error:
        where = f"{path}, line {number}"
        raise GovReportError(f"the line is no JSON ({error.msg})", where=where) from error


def write_records(path: Path, records: Iterable[Record]) -> None:
    """Write records to a JSONL file, which appears when it is complete."""
    with replacing_file(path) as scratch, scratch.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def with_text(record: Record, text: str) -> Record:
    r"""Give `record` with the source text and the text of its entities.

    Examples
    --------
    >>> record = {"text": None, "entities": [{"start": 2, "end": 6, "text": None}]}
    >>> with_text(record, "落实河长\n制")["entities"]
    [{'start': 2, 'end': 6, 'text': '河长制'}]
    """
    entities = [
        {**entity, "text": "".join(text[entity["start"] : entity["end"]].split()) or None}
        for entity in record["entities"]
    ]
    return {**record, "text": text, "entities": entities}


def validate(record: Record) -> list[str]:
    """Give what is wrong with the form of a record; nothing for a valid one.

    Raises
    ------
    MissingExtraError
        If jsonschema is not installed.

    Examples
    --------
    >>> validate({"schema": "govreport.corpus.v1"})[0]
    "$: 'id' is a required property"
    """
    errors = sorted(_validator().iter_errors(record), key=lambda error: error.json_path)
    return [f"{error.json_path}: {_short(error.message)}" for error in errors]


def _short(message: str) -> str:
    return message if len(message) <= 200 else f"{message[:100]} … {message[-90:]}"


@cache
def _validator() -> Any:
    try:
        from jsonschema import Draft202012Validator
        from referencing import Registry, Resource
    except ImportError as error:
        raise MissingExtraError.of("jsonschema", "corpora", "Validating records") from error
    annotation = annotation_schema()
    registry: Any = Registry().with_resource(annotation["$id"], Resource.from_contents(annotation))
    return Draft202012Validator(corpus_schema(), registry=registry)
