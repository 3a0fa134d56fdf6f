"""Measure the entities and themes of the bundled pipeline on the annotated documents.

``python -m training.baselines.evaluate ../shared`` writes ``docs/baselines.{json,md}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pyarrow.parquet as pq
import typer
from spacy.tokens import Doc

import govreport_nlp
from govreport_nlp.evaluation.scores import Score, score_sets
from govreport_nlp.labels import ENTITIES, THEMES
from govreport_nlp.pipes.extensions import paragraphs_of

DOCS = Path(__file__).parents[2] / "docs"

Item = tuple[str, int, int, str]


def main(shared: Path, out: Annotated[Path, typer.Option(help="Folder of the two files.")] = DOCS) -> None:
    """Annotate every region as plain text and score it; write JSON and Markdown."""
    nlp = govreport_nlp.load()
    items: dict[str, tuple[set[Item], set[Item]]] = {"entities": (set(), set()), "themes": (set(), set())}
    documents = 0
    for data, text in annotated(shared):
        documents += 1
        for start, end in data["regions"]:
            doc = nlp(text[start:end])
            true, predicted = items["entities"]
            true |= {(data["id"], s, e, label) for s, e, label in data["entities"] if start <= s < end}
            predicted |= {(data["id"], start + e.start_char, start + e.end_char, e.label_) for e in doc.ents}
            true, predicted = items["themes"]
            true |= set(true_themes(data, start, end))
            predicted |= set(found_themes(doc, data["id"], start))
    record = {
        "pipeline": f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}",
        "documents": documents,
        **{
            layer: table(*sets, tuple(labels))
            for (layer, sets), labels in zip(items.items(), (ENTITIES, THEMES), strict=True)
        },
    }
    (out / "baselines.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (out / "baselines.md").write_text(page(record), encoding="utf-8")


def annotated(shared: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Give every annotation with the text it belongs to."""
    table = pq.read_table(shared / "reports" / "raw-reports.parquet", columns=["id", "text"]).to_pydict()
    texts = dict(zip(table["id"], table["text"], strict=True))
    for path in sorted((shared / "annotations").glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        source = data["source"]
        text = texts.get(source.get("id")) or (shared / "reports" / source["file"]).read_bytes().decode(
            "utf-8"
        )
        yield data, text


def true_themes(data: dict[str, Any], start: int, end: int) -> Iterator[Item]:
    """Give a key for every theme of every annotated paragraph; paragraphs are known by their ends."""
    for paragraph in data["paragraphs"]:
        if start <= paragraph["start"] < end:
            yield from ((data["id"], 0, paragraph["end"], theme) for theme in paragraph["themes"])


def found_themes(doc: Doc, name: str, start: int) -> Iterator[Item]:
    """Give a key for every theme found."""
    for paragraph in paragraphs_of(doc):
        yield from ((name, 0, start + paragraph.end_char, theme) for theme in paragraph._.labels)


def table(true: set[Item], predicted: set[Item], labels: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Score every label and all of them together."""
    scores = {
        label: score_sets((i for i in true if i[3] == label), (i for i in predicted if i[3] == label))
        for label in labels
    }
    return {
        label: figures(score) for label, score in (*scores.items(), ("micro", score_sets(true, predicted)))
    }


def figures(score: Score) -> dict[str, float]:
    """Give the figures of a score, rounded."""
    rates = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    return {name: round(rate, 4) for name, rate in rates.items()} | {"true": score.true}


def page(record: dict[str, Any]) -> str:
    """Markdown tables of the figures."""
    rows = [
        "# Baselines: entities and themes of the bundled pipeline",
        "",
        f"`{record['pipeline']}` on {record['documents']} annotated documents, as plain text, strict spans. Made by "
        "`python -m training.baselines.evaluate ../shared`; the figures are in `baselines.json`. Entities are found by "
        "the glossary, themes by keywords. Both are a little flattered: the reviewers of the glossary and the writer of "
        "the keywords looked at annotated documents in cases of doubt.",
    ]
    for layer in ("entities", "themes"):
        rows += ["", f"| {layer} | precision | recall | F1 | annotated |", "| --- | --- | --- | --- | --- |"]
        for label, figure in record[layer].items():
            cells = [f"{figure[name]:.3f}" for name in ("precision", "recall", "f1")]
            rows.append(f"| {label} | {' | '.join(cells)} | {figure['true']} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    typer.run(main)
