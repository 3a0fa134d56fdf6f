"""Measure the agreement of two annotators on the documents that were annotated twice.

``python -m training.corpora.agreement ../shared`` compares the blind second annotation with the first one as
it was made, and with the corpus after the review, and writes ``corpora/agreement.json``.
"""

from __future__ import annotations

import json
from pathlib import Path

import typer

from govreport_nlp.corpora.agreement import compare
from govreport_nlp.corpora.catalogue import find_corpus
from training.corpora.build import CORPORA, HERE, annotated, write_sums
from training.corpora.standoff import read_annotations


def main(shared: Path) -> None:
    """Write the figures and print the F1 scores."""
    blind, _ = annotated(shared, read_annotations(HERE / "blind.jsonl"))
    files = (shared / "annotations", HERE / "annotations.jsonl")
    first, _ = annotated(shared, [annotation for file in files for annotation in read_annotations(file)])
    sides = {"first annotation": first, "reviewed corpus": list(find_corpus("govreport").records())}
    figures = {name: compare(records, blind).to_dict() for name, records in sides.items()}
    for name, side in figures.items():
        del side["sentences"]  # both sides have them by rule
        typer.echo(f"{name}: " + ", ".join(f"{k} {v['f1']}" for k, v in side["entities"].items()))
    documents = [record["id"] for record in blind]
    text = json.dumps({"documents": documents, **figures}, ensure_ascii=False, indent=1)
    (CORPORA / "agreement.json").write_text(f"{text}\n", encoding="utf-8")
    write_sums(CORPORA)


if __name__ == "__main__":
    typer.run(main)
