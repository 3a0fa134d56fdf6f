"""Corpora as Hugging Face datasets."""

from __future__ import annotations

import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from govreport_nlp.corpora.attaching import Attachment, attached_records, find_texts, sources_of
from govreport_nlp.corpora.catalogue import find_corpus
from govreport_nlp.corpora.records import Record
from govreport_nlp.errors import GovReportError, MissingExtraError
from govreport_nlp.labels import ENTITIES, THEMES

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict, Features

__all__ = ["LAYERS", "Layer", "features", "load", "rows"]

Layer = Literal["entities", "themes", "sentences", "words"]

LAYERS: Final[tuple[Layer, ...]] = ("entities", "themes", "sentences", "words")
"""Layers of annotation; each gives one row a paragraph."""

KINDS: Final = ("heading", "body")


def load(
    name: str | Path,
    layer: Layer | None = None,
    *,
    split: str | None = None,
    texts: str | Path | None = None,
    incomplete: bool = False,
) -> Dataset | DatasetDict:
    r"""Load a corpus as a Hugging Face dataset, without network.

    Parameters
    ----------
    name : str or Path
        ``"govreport"`` (real reports, stand-off), ``"starter"`` (written for the project, with text), or a
        folder that holds ``train.jsonl``, ``dev.jsonl`` or ``test.jsonl``.
    layer : {"entities", "themes", "sentences", "words"}, optional
        What to load. One row is one paragraph; spans are offsets into its ``text``, which stands as in the
        source. The layer ``"words"`` has only the paragraphs that were segmented. By default one row is one
        report with all layers, and offsets are those of the source.
    split : {"train", "dev", "test"}, optional
        One part; all by default.
    texts : str or Path, optional
        Folder of the texts of a stand-off corpus, as ``govreport corpus fetch`` fills it, or one with
        ``raw-reports.parquet``. Without it ``text`` is `None`.
    incomplete : bool
        Leave out, with a warning, the reports whose text is missing or changed, instead of raising an error.

    Returns
    -------
    Dataset or DatasetDict
        The former if a split was named. :func:`features` gives the columns.

    Raises
    ------
    GovReportError
        If there is no such corpus, layer or split, or texts are missing from `texts`.
    MissingExtraError
        If the package datasets is not installed.

    Examples
    --------
    >>> test = load("starter", "entities", split="test")
    >>> row = next(row for row in test if row["entities"])
    >>> first = row["entities"][0]
    >>> row["text"][first["start"] : first["end"]].replace("\n", "") == first["text"]
    True
    >>> test.features["entities"].feature["label"].names
    ['PROGRAMME', 'SLOGAN', 'PROJECT']
    """
    datasets = _datasets()
    corpus = find_corpus(name)
    columns = features(layer)
    parts = {name: list(corpus.records(name)) for name in ([split] if split else corpus.splits)}
    needed = {record["source"] for records in parts.values() for record in records}
    sources = [source for source in sources_of(corpus) if source.source in needed]
    found = find_texts(sources, Path(texts)) if texts is not None else Attachment()
    if not found.complete:
        _report(found, incomplete)
    absent = {*found.changed, *(source.source for source in found.missing)}

    def part(name: str) -> Dataset:
        records = (record for record in parts[name] if record["source"] not in absent)
        table = list(rows(attached_records(records, found.texts), layer))
        data = {column: [row[column] for row in table] for column in columns}
        info = datasets.DatasetInfo(description=corpus.description, license=corpus.license, features=columns)
        return datasets.Dataset.from_dict(data, features=columns, info=info, split=datasets.Split(name))

    if split is None:
        return datasets.DatasetDict({name: part(name) for name in parts})
    return part(split)


def _report(found: Attachment, incomplete: bool) -> None:
    names = [*map(str, found.missing), *found.changed]
    first = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    what = f"{len(found.missing)} texts are missing and {len(found.changed)} are changed: {first}"
    if not incomplete:
        hint = "See govreport corpus attach and fetch, or load with incomplete=True what is there"
        raise GovReportError(what, hint=hint)
    warnings.warn(f"{what}. Their reports are left out", stacklevel=3)


def features(layer: Layer | None = None) -> Features:
    """Give the columns of a layer, or of whole records.

    Raises
    ------
    GovReportError
        If there is no such layer.
    MissingExtraError
        If the package datasets is not installed.

    Examples
    --------
    >>> features("themes")["labels"].feature.names
    ['economy', 'ecology', 'safety', 'livelihood', 'construction', 'governance']
    """
    if layer is not None and layer not in LAYERS:
        raise GovReportError(f"there is no layer {layer!r}", hint=f"Choose one of: {', '.join(LAYERS)}")
    datasets = _datasets()
    text, number = datasets.Value("string"), datasets.Value("int64")
    span = {"start": number, "end": number}
    kind = datasets.ClassLabel(names=list(KINDS))
    entity = {**span, "label": datasets.ClassLabel(names=list(ENTITIES)), "text": text}
    themes = datasets.List(datasets.ClassLabel(names=list(THEMES)))
    about = {"id": text, "source": text, "level": text, "place": text, "year": number, "annotator": text}
    if layer is not None:
        columns = {
            "entities": {"entities": datasets.List(entity)},
            "themes": {"labels": themes},
            "sentences": {"sentences": datasets.List(span)},
            "words": {"words": datasets.List(span)},
        }
        place = {"paragraph": number, "kind": kind, **span, "text": text}
        return datasets.Features({**about, **place, **columns[layer]})
    return datasets.Features(
        {
            **about,
            "guideline_version": text,
            "sha256": text,
            "report": number,
            **span,
            "regions": datasets.List(datasets.List(number)),
            "text": text,
            "paragraphs": datasets.List({**span, "kind": kind, "labels": themes}),
            "sentences": datasets.List(span),
            "entities": datasets.List(entity),
            "words": datasets.List(span),
        }
    )


def rows(records: Iterable[Record], layer: Layer | None = None) -> Iterator[dict[str, Any]]:
    """Give the rows of a layer as plain data: one a paragraph, or one a report without a layer."""
    for record in records:
        about = {**record, **{key: record["meta"][key] for key in ("level", "place", "year")}}
        if layer is None:
            yield about
            continue
        if layer == "words" and record["words"] is None:
            continue
        inside = _cutter(record[layer]) if layer != "themes" else None
        for number, paragraph in enumerate(record["paragraphs"]):
            start, end = paragraph["start"], paragraph["end"]
            text = record["text"] and record["text"][start:end]
            row = {**about, **paragraph, "paragraph": number, "text": text}
            if inside:
                row[layer] = inside(start, end)
            if layer != "words" or row["words"]:
                yield row


def _cutter(spans: list[dict[str, Any]]) -> Callable[[int, int], list[dict[str, Any]]]:
    """Give a function that gives the ordered `spans` within a paragraph, as offsets into it."""
    starts = [span["start"] for span in spans]

    def cut(start: int, end: int) -> list[dict[str, Any]]:
        inside = spans[bisect_left(starts, start) : bisect_left(starts, end)]
        return [{**span, "start": span["start"] - start, "end": span["end"] - start} for span in inside]

    return cut


def _datasets() -> Any:
    try:
        import datasets
    except ImportError as error:
        raise MissingExtraError.of("datasets", "corpora", "Loading corpora") from error
    return datasets
