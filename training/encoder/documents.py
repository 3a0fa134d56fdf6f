"""Annotated documents as windows of characters with BIOES tags, and back.

White space and Markdown asterisks are taken out of a paragraph before it is
put into windows; `Paragraph.positions` leads back to the source text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from govreport_nlp.labels import ENTITIES
from training.encoder.corpus import fold
from training.encoder.model import NEWLINE, PAD, UNK

LABELS = tuple(ENTITIES)
TAGS = ("O", *(f"{place}-{label}" for label in LABELS for place in "BIES"))
Span = tuple[int, int, str]


# ---------------------------------------------------------------- documents
@dataclass
class Paragraph:
    """One paragraph without its white space: characters, their source offsets, entities."""

    text: str
    positions: list[int]
    entities: list[Span]


@dataclass
class Document:
    """The annotated part of one document; `entities` has source offsets."""

    name: str
    paragraphs: list[Paragraph]
    entities: list[Span]
    source: str


def read_documents(shared: Path) -> list[Document]:
    """Read all annotation files; the regions of a compilation become documents of their own."""
    frame = pd.read_parquet(shared / "reports/raw-reports.parquet", columns=["id", "text"])
    raw = dict(zip(frame.id, frame.text, strict=True))
    documents = []
    for path in sorted((shared / "annotations").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        source = record["source"]
        file = shared / "reports" / source["file"]
        text = raw[source["id"]] if "id" in source else file.read_text(encoding="utf-8")
        for number, (start, end) in enumerate(record["regions"]):
            name = record["id"] if len(record["regions"]) == 1 else f"{record['id']}#{number}"
            documents.append(_document(name, text, record, start, end))
    return documents


def _document(name: str, text: str, record: dict[str, Any], start: int, end: int) -> Document:
    entities = [(s, e, label) for s, e, label in record["entities"] if start <= s < end]
    paragraphs = []
    for item in record["paragraphs"]:
        if not start <= item["start"] < end:
            continue
        positions = [i for i in range(item["start"], item["end"]) if not text[i].isspace() and text[i] != "*"]
        place = {p: k for k, p in enumerate(positions)}
        inside = [x for x in entities if item["start"] <= x[0] and x[1] <= item["end"]]
        local = [(place[s], place[e - 1] + 1, label) for s, e, label in inside]
        paragraphs.append(Paragraph(fold("".join(text[i] for i in positions)), positions, local))
    return Document(name, paragraphs, entities, text)


def split_documents(documents: list[Document]) -> tuple[list[Document], list[Document]]:
    """Hold out one town report, two whole reports of the collection, every fifth excerpt."""
    excerpts = sorted(d.name for d in documents if d.name[:4].isdigit())
    held = {"xinzhuang", "collection#1", "collection#4", *excerpts[2::5]}
    return [d for d in documents if d.name not in held], [d for d in documents if d.name in held]


# ---------------------------------------------------------------- windows
@dataclass(frozen=True)
class Piece:
    """Part of a paragraph that stands in a window at `at`."""

    document: int
    paragraph: int
    start: int
    end: int
    at: int


def pack(documents: list[Document], length: int, first: int | None = None) -> list[list[Piece]]:
    """Fill windows with consecutive whole sentences; `first` limits the first window of a document."""
    windows: list[list[Piece]] = []
    for d, document in enumerate(documents):
        used, limit = length + 1, first or length
        for p, paragraph in enumerate(document.paragraphs):
            for start, end in _sentences(paragraph.text, length):
                if used + (start == 0) + end - start > limit:
                    if used <= length:
                        limit = length
                    windows.append([])
                    used = 0
                elif start == 0:
                    used += 1  # newline
                windows[-1].append(Piece(d, p, start, end, used))
                used += end - start
    return windows


def _sentences(text: str, length: int) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^。！？；]*[。！？；]*[”’）]*", text):
        for start in range(match.start(), match.end(), length):
            yield start, min(start + length, match.end())


class Vocabulary:
    """Character ids by the list that `corpus.py` wrote."""

    def __init__(self, path: Path) -> None:
        self.index = {c: i for i, c in enumerate(json.loads(path.read_text(encoding="utf-8")))}

    def __call__(self, text: str) -> list[int]:
        """Return the ids of folded `text`."""
        return [self.index.get(c, UNK) for c in text]


def collate(
    windows: list[list[Piece]], documents: list[Document], vocab: Vocabulary
) -> tuple[Tensor, Tensor]:
    """Return character ids and tag ids, (batch, length); padding where the ids are `PAD`."""
    size = max(w[-1].at + w[-1].end - w[-1].start for w in windows)
    ids = np.full((len(windows), size), PAD)
    tags = np.zeros((len(windows), size), dtype=np.int64)
    for row, window in enumerate(windows):
        last = window[-1]
        ids[row, : last.at + last.end - last.start] = NEWLINE
        for piece in window:
            paragraph = documents[piece.document].paragraphs[piece.paragraph]
            shift = piece.at - piece.start
            ids[row, piece.at : piece.end + shift] = vocab(paragraph.text[piece.start : piece.end])
            for start, end, label in paragraph.entities:
                if piece.start <= start and end <= piece.end:
                    tags[row, start + shift : end + shift] = _tags(end - start, label)
    return torch.from_numpy(ids), torch.from_numpy(tags)


def _tags(size: int, label: str) -> list[int]:
    places = "S" if size == 1 else "B" + "I" * (size - 2) + "E"
    return [TAGS.index(f"{place}-{label}") for place in places]


def spans(tags: list[int]) -> list[Span]:
    """Read spans off a legal tag sequence."""
    found, start = [], 0
    for i, tag in enumerate(TAGS[t] for t in tags):
        if tag[0] in "BS":
            start = i
        if tag[0] in "ES":
            found.append((start, i + 1, tag[2:]))
    return found
