"""Measure the entities and themes of the bundled pipeline on the annotated reports.

``python -m training.baselines.evaluate ../shared/reports`` writes ``docs/baselines.{json,md}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from spacy.language import Language
from spacy.tokens import Doc

import govreport_nlp
from govreport_nlp import corpora
from govreport_nlp.evaluation.scores import Score, score_sets
from govreport_nlp.labels import ENTITIES, THEMES
from govreport_nlp.pipes.extensions import paragraphs_of

DOCS = Path(__file__).parents[2] / "docs"
LAYERS = {"entities": list(ENTITIES), "themes": list(THEMES)}

Item = tuple[str, int, int, str]
Pair = tuple[set[Item], set[Item]]


def main(
    texts: Annotated[Path, typer.Argument(help="Folder of the texts of the real reports.")],
    out: Annotated[Path, typer.Option(help="Folder of the two files.")] = DOCS,
) -> None:
    """Annotate every region as plain text and score it; write JSON and Markdown."""
    nlp = govreport_nlp.load()
    groups: dict[str, dict[str, Pair]] = {
        name: {layer: (set(), set()) for layer in LAYERS} for name in ("later excerpts", "first documents")
    }
    counts = dict.fromkeys(groups, 0)
    for split in corpora.load("govreport", texts=texts).values():
        for record in split:
            group = "first documents" if record["annotator"] == "A" else "later excerpts"
            counts[group] += 1
            collect(record, nlp, groups[group])
    scores = {
        group: {layer: table(*layers[layer], names) for layer, names in LAYERS.items()}
        for group, layers in groups.items()
    }
    record = {
        "pipeline": f"zh_{nlp.meta['name']} {nlp.meta['version']}",
        "documents": counts,
        "scores": scores,
    }
    (out / "baselines.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (out / "baselines.md").write_text(page(record), encoding="utf-8")


def collect(record: dict[str, Any], nlp: Language, layers: dict[str, Pair]) -> None:
    """Add what is true and what is found in one report to the sets of both layers."""
    name = f"{record['source']} {record['id']} {record['report']}"
    for start, end in record["regions"]:
        doc = nlp(record["text"][start:end])
        true, found = layers["entities"]
        labels = LAYERS["entities"]
        true |= {
            (name, e["start"], e["end"], labels[e["label"]])
            for e in record["entities"]
            if start <= e["start"] < end
        }
        found |= {(name, start + e.start_char, start + e.end_char, e.label_) for e in doc.ents}
        true, found = layers["themes"]
        true |= {
            (name, 0, paragraph["end"], LAYERS["themes"][theme])
            for paragraph in record["paragraphs"]
            if start <= paragraph["start"] < end
            for theme in paragraph["labels"]
        }
        found |= set(found_themes(doc, name, start))


def found_themes(doc: Doc, name: str, start: int) -> Iterator[Item]:
    """Give a key for every theme found; a paragraph is known by its end."""
    for paragraph in paragraphs_of(doc):
        yield from ((name, 0, start + paragraph.end_char, theme) for theme in paragraph._.labels)


def table(true: set[Item], found: set[Item], labels: list[str]) -> dict[str, dict[str, float]]:
    """Score every label and all of them together."""
    scores = {
        label: score_sets({i for i in true if i[3] == label}, {i for i in found if i[3] == label})
        for label in labels
    }
    return {label: figures(score) for label, score in (*scores.items(), ("micro", score_sets(true, found)))}


def figures(score: Score) -> dict[str, float]:
    """Give the figures of a score, rounded."""
    rates = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    return {name: round(rate, 4) for name, rate in rates.items()} | {"true": score.true}


def page(record: dict[str, Any]) -> str:
    """Markdown tables of the figures."""
    first, later = record["documents"]["first documents"], record["documents"]["later excerpts"]
    rows = [
        "# Baselines: entities and themes of the bundled pipeline",
        "",
        f"`{record['pipeline']}` on the annotated real reports, as plain text, strict spans. Entities are found",
        "by the glossary, themes by keywords. Made by `python -m training.baselines.evaluate ../shared/reports`; the",
        "figures are in `baselines.json`.",
        "",
        f"The {later} later excerpts (annotators B) played no part in making the tables. The {first} first",
        "documents (annotator A) did: the reviewers of the glossary looked at them in cases of doubt, its patterns",
        "were chosen on them, and so were the keywords. Their figures flatter the baselines.",
    ]
    for group, layers in record["scores"].items():
        for layer, scores in layers.items():
            head = f"| {group}: {layer} | precision | recall | F1 | annotated |"
            rows += ["", head, "| --- | --- | --- | --- | --- |"]
            for label, figure in scores.items():
                cells = [f"{figure[name]:.3f}" for name in ("precision", "recall", "f1")]
                rows.append(f"| {label} | {' | '.join(cells)} | {figure['true']} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    typer.run(main)
