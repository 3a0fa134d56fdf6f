"""What has to hold for the spans of one record."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from govreport_nlp.corpora.attaching import digest
from govreport_nlp.corpora.records import Record
from govreport_nlp.labels import THEMES

__all__ = ["span_problems", "text_problems"]

Span = dict[str, Any]

_LAYERS = ("paragraphs", "sentences", "entities", "words")


def span_problems(record: Record) -> Iterator[str]:
    """Give what is wrong with the offsets and labels of a record, which needs no text.

    Spans of a layer are not empty, in order and without overlap. Paragraphs lie in the annotated regions;
    each sentence, entity and word lies in one paragraph, each entity in one sentence; paragraphs end where a
    sentence ends; an edge of an entity is an edge of a word. Themes are those of the label scheme.

    Examples
    --------
    >>> paragraph = {"start": 0, "end": 5, "kind": "body", "labels": [], "themes": {}}
    >>> record = {"start": 0, "end": 9, "regions": [[0, 9]], "paragraphs": [paragraph], "words": None,
    ...           "sentences": [{"start": 0, "end": 5}], "entities": [{"start": 3, "end": 7}]}
    >>> list(span_problems(record))
    ['entity 3–7 does not lie in one paragraph', 'entity 3–7 does not lie in one sentence']
    """
    regions = [{"start": start, "end": end} for start, end in record["regions"]]
    layers = {name: record[name] or [] for name in _LAYERS}
    for name, spans in [("regions", regions), *layers.items()]:
        yield from _order(name, spans)
    yield from _inside("regions", regions, "report", [record])
    yield from _inside("paragraphs", layers["paragraphs"], "region", regions)
    for name in ("sentences", "entities", "words"):
        yield from _inside(name, layers[name], "paragraph", layers["paragraphs"])
    yield from _inside("entities", layers["entities"], "sentence", layers["sentences"])
    ends = {span["end"] for span in layers["sentences"]}
    for paragraph in layers["paragraphs"]:
        if paragraph["end"] not in ends:
            yield f"{_place('paragraphs', paragraph)} does not end with a sentence"
        if unknown := [label for label in paragraph["labels"] if label not in THEMES]:
            yield f"{_place('paragraphs', paragraph)} has unknown themes: {', '.join(unknown)}"
    if record["words"]:
        yield from _cut_words(layers["entities"], layers["words"])


def _order(name: str, spans: Sequence[Span]) -> Iterator[str]:
    for span in spans:
        if span["start"] >= span["end"]:
            yield f"{_place(name, span)} is empty"
    for left, right in pairwise(spans):
        if right["start"] < left["start"]:
            yield f"{_place(name, right)} stands after {left['start']}–{left['end']}"
        elif right["start"] < left["end"]:
            yield f"{_place(name, right)} overlaps {left['start']}–{left['end']}"


def _inside(name: str, spans: Sequence[Span], outer: str, around: Sequence[Span]) -> Iterator[str]:
    starts = [span["start"] for span in around]
    for span in spans:
        number = bisect_right(starts, span["start"]) - 1
        if number < 0 or span["end"] > around[number]["end"]:
            yield f"{_place(name, span)} does not lie in one {outer}"


def _cut_words(entities: Sequence[Span], words: Sequence[Span]) -> Iterator[str]:
    starts = [word["start"] for word in words]
    for entity in entities:
        for edge in (entity["start"], entity["end"]):
            number = bisect_right(starts, edge) - 1
            if number >= 0 and words[number]["start"] < edge < words[number]["end"]:
                yield f"{_place('words', words[number])} crosses the edge of {_place('entities', entity)}"


def text_problems(record: Record, text: str) -> Iterator[str]:
    """Give what is wrong between a record and its source text.

    The text is the one that was annotated; spans end within it, and neither begin nor end with white space;
    the text of an entity is its slice.
    """
    if digest(text.encode()) != record["sha256"]:
        yield "the text is not the one that was annotated: its SHA-256 is another one"
        return
    if record["end"] > len(text):
        yield f"the report ends at {record['end']}, the text at {len(text)}"
    for name in _LAYERS:
        for span in record[name] or ():
            inside = text[span["start"] : span["end"]]
            if span["end"] > len(text):
                yield f"{_place(name, span)} leaves the text, which ends at {len(text)}"
            elif inside != inside.strip():
                yield f"{_place(name, span)} begins or ends with white space"
            elif span.get("text") not in (None, "".join(inside.split())):
                yield f"{_place(name, span)} has another text than its slice"


def _place(name: str, span: Span) -> str:
    singular = {"entities": "entity"}.get(name, name[:-1])
    return f"{singular} {span['start']}–{span['end']}"
