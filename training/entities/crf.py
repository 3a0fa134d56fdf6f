"""Linear-chain CRF on characters: the measuring stick for data and for other entity models.

``python -m training.entities.crf ../shared/reports`` measures what more annotation and the starter corpus give,
on the development split, and writes ``docs/learning-curve.{json,md}``.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import pycrfsuite
import typer

from govreport_nlp import corpora
from govreport_nlp.characters import fold
from govreport_nlp.evaluation.scores import Score, score_sets
from govreport_nlp.labels import ENTITIES
from govreport_nlp.pipes.glossary import GlossaryMatcher, default_glossary

DOCS = Path(__file__).parents[2] / "docs"
NAMES = list(ENTITIES)
SETTINGS = ((0.125, False), (0.25, False), (0.5, False), (1.0, False), (0.5, True), (1.0, True), (0.0, True))
"""Shares of the real training split, without and with the starter corpus."""

Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A paragraph with its entities."""

    document: str
    text: str
    entities: tuple[Span, ...]


def examples(name: str, split: str, texts: Path | None) -> list[Example]:
    """Paragraphs of a split of a corpus."""
    return [
        Example(
            f"{row['source']} {row['id']}",
            row["text"],
            tuple((e["start"], e["end"], NAMES[e["label"]]) for e in row["entities"]),
        )
        for row in corpora.load(name, "entities", split=split, texts=texts)
    ]


def features(text: str, matcher: GlossaryMatcher) -> list[list[str]]:
    """Features of every character: character n-grams around it, quotation state, glossary hits."""
    shown = fold(text)
    padded = "^^" + shown + "$$"
    hits = ["-"] * len(text)
    for match in matcher.find(text):
        hits[match.start : match.end] = [f"I{match.label}"] * (match.end - match.start)
        hits[match.start] = f"B{match.label}"
    result = []
    depth = 0
    for i, char in enumerate(shown):
        depth = max(0, depth + (char in "“《（") - (shown[i - 1 : i] in tuple("”》）")))
        w = padded[i : i + 5]
        result.append(
            [
                *(f"{k}={w[k]}" for k in range(5)),
                *(f"{k}{k + 1}={w[k : k + 2]}" for k in range(4)),
                *(f"{k}t={w[k : k + 3]}" for k in range(3)),
                f"q={depth}",
                f"g={hits[i]}",
                f"gn={hits[i + 1] if i + 1 < len(hits) else '$'}",
                f"gq={hits[i]}|{depth}",
            ]
        )
    return result


def tags(example: Example) -> list[str]:
    """BIOES tags of every character."""
    result = ["O"] * len(example.text)
    for start, end, label in example.entities:
        result[start:end] = [f"I-{label}"] * (end - start)
        result[start], result[end - 1] = f"B-{label}", f"E-{label}"
        if end - start == 1:
            result[start] = f"S-{label}"
    return result


def spans(predicted: Sequence[str]) -> Iterator[Span]:
    """Spans of BIOES tags; one that is not closed counts up to where it breaks off."""
    start: int | None = None
    for i, tag in enumerate([*predicted, "O"]):
        kind, _, label = tag.partition("-")
        if start is not None and (kind in "OBS" or label != predicted[start][2:]):
            yield start, i, predicted[start][2:]
            start = None
        if kind in "BIES" and kind != "O" and start is None:
            start = i
        if kind in "ES" and start is not None:
            yield start, i + 1, label
            start = None


def train(data: Sequence[Example], matcher: GlossaryMatcher, path: Path, iterations: int) -> None:
    """Train by averaged perceptron, which takes minutes where L-BFGS takes an hour."""
    trainer = pycrfsuite.Trainer(algorithm="ap", verbose=False)
    trainer.set_params({"max_iterations": iterations, "feature.minfreq": 2})
    for example in data:
        trainer.append(features(example.text, matcher), tags(example))
    trainer.train(str(path))


def measure(data: Sequence[Example], matcher: GlossaryMatcher, path: Path) -> dict[str, Score]:
    """Strict scores a label and in all."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    true = {(n, *span) for n, example in enumerate(data) for span in example.entities}
    found = {
        (n, *span)
        for n, example in enumerate(data)
        for span in spans(tagger.tag(features(example.text, matcher)))
    }
    scores = {
        label: score_sets((s for s in true if s[3] == label), (s for s in found if s[3] == label))
        for label in NAMES
    }
    return {**scores, "micro": score_sets(true, found)}


def main(
    texts: Annotated[Path, typer.Argument(help="Folder of the texts of the real reports.")],
    out: Annotated[Path, typer.Option(help="Folder of the two files.")] = DOCS,
    iterations: int = 12,
    seeds: int = 2,
) -> None:
    """Train on growing parts of the training split, with and without the starter corpus."""
    matcher = GlossaryMatcher(default_glossary())
    real, starter = examples("govreport", "train", texts), examples("starter", "train", None)
    dev = examples("govreport", "dev", texts)
    points: list[dict[str, Any]] = []
    for share, extra in SETTINGS:
        for seed in range(seeds if share < 1 else 1):
            part = sample(real, share, seed) + (starter if extra else [])
            with TemporaryDirectory() as folder:
                train(part, matcher, Path(folder) / "crf", iterations)
                scores = measure(dev, matcher, Path(folder) / "crf")
            characters = sum(len(example.text) for example in part)
            point = {"share": share, "starter": extra, "seed": seed, "characters": characters}
            points.append(point | {label: round(score.f1, 4) for label, score in scores.items()})
            print(points[-1])
    record = {"iterations": iterations, "development": {"paragraphs": len(dev)}, "points": points}
    (out / "learning-curve.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (out / "learning-curve.md").write_text(page(record), encoding="utf-8")


def sample(data: Sequence[Example], share: float, seed: int) -> list[Example]:
    """Draw whole documents that hold about `share` of the characters."""
    documents = sorted({example.document for example in data})
    random.Random(seed).shuffle(documents)
    room = share * sum(len(example.text) for example in data)
    chosen: set[str] = set()
    for document in documents:
        if room <= 0:
            break
        chosen.add(document)
        room -= sum(len(example.text) for example in data if example.document == document)
    return [example for example in data if example.document in chosen]


def page(record: dict[str, Any]) -> str:
    """Markdown table of the learning curve, the mean over seeds."""
    rows = [
        "# Learning curve of the annotations",
        "",
        "Strict F1 on the development split of the real reports, of a linear-chain CRF on characters (n-grams,",
        "quotation state, glossary hits; averaged perceptron), trained on growing parts of the training split, with",
        "and without the starter corpus; mean over the seeds that draw the part. Made by",
        "`python -m training.entities.crf ../shared/reports`; the figures are in `learning-curve.json`.",
        "",
        "| real reports | starter corpus | characters | PROGRAMME | SLOGAN | PROJECT | micro |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    groups: dict[tuple[float, bool], list[dict[str, Any]]] = {}
    for point in record["points"]:
        groups.setdefault((point["share"], point["starter"]), []).append(point)
    for (share, extra), points in groups.items():
        characters = round(sum(p["characters"] for p in points) / len(points))
        cells = [f"{sum(p[label] for p in points) / len(points):.3f}" for label in (*NAMES, "micro")]
        rows.append(f"| {share:.0%} | {'yes' if extra else 'no'} | {characters} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    typer.run(main)
