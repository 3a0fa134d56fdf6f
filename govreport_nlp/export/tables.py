"""Annotated reports as flat tables, one a layer: for data frames and spreadsheets."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import pyarrow as pa
from spacy.tokens import Doc

from govreport_nlp.errors import GovReportError, MissingExtraError
from govreport_nlp.export.atomic import replacing_files
from govreport_nlp.export.records import check_doc, report_of, to_dict
from govreport_nlp.labels import THEMES
from govreport_nlp.pipes.extensions import paragraphs_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "LAYERS", "Layer", "csv_writer", "tables", "to_dataframe"]

Layer = Literal["entities", "paragraphs", "sentences", "indicators", "reports"]
LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)

_TEXT, _COUNT, _LIST = pa.string(), pa.int64(), pa.list_(pa.string())
_KEY: Final = {"document": _COUNT, "source": _TEXT, "report": _COUNT}
_SPAN: Final = {"start": _COUNT, "end": _COUNT}
_WITHIN: Final = {**_KEY, "paragraph": _COUNT, "sentence": _COUNT, **_SPAN}

COLUMNS: Final[dict[Layer, dict[str, pa.DataType]]] = {
    "entities": {**_WITHIN, "label": _TEXT, "text": _TEXT, "id": _TEXT},
    "paragraphs": {
        **_KEY,
        "paragraph": _COUNT,
        **_SPAN,
        "kind": _TEXT,
        "role": _TEXT,
        "level": _COUNT,
        "section": _LIST,
        "part": _TEXT,
        "theme": _TEXT,
        "labels": _LIST,
        **{f"score_{theme}": pa.float64() for theme in THEMES},
        "text": _TEXT,
    },
    "sentences": {**_KEY, "sentence": _COUNT, "paragraph": _COUNT, **_SPAN, "text": _TEXT},
    "indicators": {
        **_WITHIN,
        "name": _TEXT,
        "value": pa.float64(),
        "unit": _TEXT,
        "change": pa.float64(),
        "relation": _TEXT,
        "kind": _TEXT,
        "year": _COUNT,
    },
    "reports": {
        **_KEY,
        "sha256": _TEXT,
        **_SPAN,
        "title": _TEXT,
        "place": _TEXT,
        "level": _TEXT,
        "year": _COUNT,
        "date": _TEXT,
        "speaker": _TEXT,
        "characters": _COUNT,
        "paragraphs": _COUNT,
        "sentences": _COUNT,
        "entities": _COUNT,
        "indicators": _COUNT,
    },
}
"""Columns of each table, in order, with their Arrow types."""


def to_dataframe(docs: Doc | Iterable[Doc], layer: Layer = "entities") -> pd.DataFrame:
    """Give one layer of annotated reports as a pandas data frame.

    Parameters
    ----------
    docs : Doc or iterable of Doc
        Annotated reports; an iterator such as :func:`govreport_nlp.annotate` is used up.
    layer : {"entities", "paragraphs", "sentences", "indicators", "reports"}
        What a row stands for.

    Returns
    -------
    pandas.DataFrame
        One row an item, columns as in :data:`COLUMNS`. ``document`` numbers the Docs from 0;
        ``paragraph`` and ``sentence`` number those of their document: join the layers on them. ``start`` and
        ``end`` are offsets into the source text; ``text`` of paragraphs and sentences is clean text. A theme
        that is not in the label scheme adds a column ``score_<theme>``.

    Raises
    ------
    GovReportError
        If there is no such layer, or `docs` holds anything but Docs.
    MissingExtraError
        If pandas is not installed.

    Examples
    --------
    >>> import spacy
    >>> from spacy.tokens import Span
    >>> doc = spacy.blank("zh")("落实河长制。")
    >>> doc.ents = [Span(doc, 2, 5, label="PROGRAMME")]
    >>> to_dataframe(doc, "entities")[["document", "start", "end", "label", "text"]]
       document  start  end      label text
    0         0      2    5  PROGRAMME  河长制
    """
    if layer not in LAYERS:
        raise GovReportError(
            f"there is no layer {layer!r}", where="to_dataframe", hint=f"Choose one of: {', '.join(LAYERS)}"
        )
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtraError.of("pandas", "pandas", "to_dataframe") from error
    if isinstance(docs, (Doc, str, bytes)) or not isinstance(docs, Iterable):
        docs = [docs]
    rows: list[dict[str, Any]] = []
    for number, doc in enumerate(docs):
        check_doc(doc, "to_dataframe", wanted="Docs")
        rows += tables(doc, number)[layer]
    columns = COLUMNS[layer]
    others = {name: pa.float64() for row in rows for name in row if name not in columns}
    table = pa.Table.from_pylist(rows, schema=pa.schema({**columns, **others}))
    dtypes = {pa.int64(): pd.Int64Dtype(), pa.string(): pd.StringDtype(), pa.float64(): pd.Float64Dtype()}
    return table.to_pandas(types_mapper=dtypes.get)


def tables(doc: Doc, document: int = 0) -> dict[Layer, list[dict[str, Any]]]:
    """Give the rows of every layer of one Doc.

    Parameters
    ----------
    doc : Doc
        Annotated report.
    document : int
        Its number, the first column of every row.
    """
    record, report = to_dict(doc), report_of(doc)
    text = report.text
    key = {"document": document, "source": record["source"], "report": record["report"]}
    in_paragraph = _finder(record["paragraphs"])
    in_sentence = _finder(record["sentences"])

    def clean(item: dict[str, Any]) -> str:
        start, end = report.clean_span(item["start"], item["end"])
        return text[start:end]

    def within(item: dict[str, Any]) -> dict[str, Any]:
        return {
            **key,
            "paragraph": in_paragraph(item["start"]),
            "sentence": in_sentence(item["start"]),
            **item,
        }

    return {
        "entities": [within(item) for item in record["entities"]],
        "paragraphs": [
            {
                **key,
                "paragraph": number,
                "start": item["start"],
                "end": item["end"],
                "kind": item["kind"],
                "role": span._.role,
                "level": item["level"],
                "section": list(span._.section or ()),
                "part": span._.part,
                "theme": next(iter(item["labels"]), None),
                "labels": item["labels"],
                **{f"score_{theme}": score for theme, score in item["themes"].items()},
                "text": clean(item),
            }
            for number, (span, item) in enumerate(zip(paragraphs_of(doc), record["paragraphs"], strict=True))
        ],
        "sentences": [
            {**key, "sentence": number, "paragraph": in_paragraph(item["start"]), **item, "text": clean(item)}
            for number, item in enumerate(record["sentences"])
        ],
        "indicators": [within(item) for item in record["indicators"]],
        "reports": [
            {
                **key,
                "sha256": record["sha256"],
                "start": record["start"],
                "end": record["end"],
                **record["meta"],
                "characters": sum(map(len, text.split())),
                **{part: len(record[part]) for part in ("paragraphs", "sentences", "entities", "indicators")},
            }
        ],
    }


def _finder(items: Sequence[dict[str, Any]]) -> Callable[[int], int | None]:
    """Give a function that tells which of the ordered, disjoint `items` holds an offset."""
    starts = [item["start"] for item in items]

    def find(offset: int) -> int | None:
        number = bisect_right(starts, offset) - 1
        return number if number >= 0 and offset < items[number]["end"] else None

    return find


@contextmanager
def csv_writer(folder: Path) -> Iterator[Callable[[Doc], None]]:
    """Give a function that adds a Doc to the CSV tables in `folder`, one file a layer.

    The files are UTF-8 with a byte order mark, so that spreadsheets read Chinese; lists are joined by ``|``.
    They appear when the block ends without error.

    Parameters
    ----------
    folder : Path
        Created if it does not exist.
    """
    numbers = count()
    with replacing_files(folder) as scratch, ExitStack() as stack:
        writers = {}
        for layer, columns in COLUMNS.items():
            file = stack.enter_context((scratch / f"{layer}.csv").open("w", encoding="utf-8-sig", newline=""))
            writers[layer] = csv.DictWriter(file, list(columns))
            writers[layer].writeheader()

        def write(doc: Doc) -> None:
            for layer, rows in tables(doc, next(numbers)).items():
                _check_columns(layer, rows)
                writers[layer].writerows({name: _cell(value) for name, value in row.items()} for row in rows)

        yield write


def _check_columns(layer: Layer, rows: Iterable[dict[str, Any]]) -> None:
    unknown = {name for row in rows for name in row} - COLUMNS[layer].keys()
    if unknown:
        raise GovReportError(
            f"the pipeline gives themes that the label scheme does not have: {', '.join(sorted(unknown))}",
            where=f"{layer}.csv",
            hint="Write JSONL or Parquet, or use to_dataframe, which adds columns for them",
        )


def _cell(value: Any) -> Any:
    return "|".join(value) if isinstance(value, list) else value
