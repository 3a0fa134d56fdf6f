"""Records as Arrow data and Parquet files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from spacy.tokens import Doc

from govreport_nlp.export.atomic import replacing_file
from govreport_nlp.export.records import SCHEMA, to_dict

__all__ = ["ARROW_SCHEMA", "ROW_GROUP", "parquet_writer", "to_arrow"]

ROW_GROUP: Final = 64
"""Records held in memory before they are written as one row group."""

_TEXT, _COUNT = pa.string(), pa.int64()


def _struct(**fields: pa.DataType) -> pa.DataType:
    return pa.struct(list(fields.items()))


ARROW_SCHEMA: Final = pa.schema(
    {
        "schema": _TEXT,
        "source": _TEXT,
        "sha256": _TEXT,
        "report": _COUNT,
        "start": _COUNT,
        "end": _COUNT,
        "meta": _struct(title=_TEXT, place=_TEXT, level=_TEXT, year=_COUNT, date=_TEXT, speaker=_TEXT),
        "paragraphs": pa.list_(
            _struct(
                start=_COUNT,
                end=_COUNT,
                kind=_TEXT,
                level=_COUNT,
                labels=pa.list_(_TEXT),
                themes=pa.map_(_TEXT, pa.float64()),
            )
        ),
        "sentences": pa.list_(_struct(start=_COUNT, end=_COUNT)),
        "entities": pa.list_(_struct(start=_COUNT, end=_COUNT, label=_TEXT, text=_TEXT, id=_TEXT)),
        "indicators": pa.list_(
            _struct(
                start=_COUNT,
                end=_COUNT,
                name=_TEXT,
                value=pa.float64(),
                unit=_TEXT,
                change=pa.float64(),
                relation=_TEXT,
                kind=_TEXT,
                year=_COUNT,
            )
        ),
    },
    metadata={"schema": SCHEMA},
)
"""Arrow schema of the record; one row is one report."""


def to_arrow(docs: Iterable[Doc]) -> pa.Table:
    """Give the records of `docs` as one Arrow table.

    Examples
    --------
    >>> import spacy
    >>> to_arrow([spacy.blank("zh")("落实河长制。")]).num_rows
    1
    """
    return pa.Table.from_pylist([to_dict(doc) for doc in docs], schema=ARROW_SCHEMA)


@contextmanager
def parquet_writer(path: Path) -> Iterator[Callable[[Doc], None]]:
    """Give a function that adds the record of a Doc to a Parquet file.

    The file appears when the block ends without error; memory holds :data:`ROW_GROUP` records at most.

    Parameters
    ----------
    path : Path
        File to create or replace.
    """
    records: list[dict[str, Any]] = []

    def flush() -> None:
        writer.write_batch(pa.RecordBatch.from_pylist(records, schema=ARROW_SCHEMA))
        records.clear()

    def write(doc: Doc) -> None:
        records.append(to_dict(doc))
        if len(records) == ROW_GROUP:
            flush()

    with (
        replacing_file(path) as scratch,
        pq.ParquetWriter(scratch, ARROW_SCHEMA, compression="zstd") as writer,
    ):
        yield write
        if records:
            flush()
