"""Measure the agreement of two annotators on the documents that were annotated twice.

``python -m training.corpora.agreement ../shared`` compares every blind annotation with the corpus after the
review and, where it was made under the guidelines of the first annotation, with that one as it was made; it
writes ``corpora/agreement.json``.
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
    reviewed = list(find_corpus("govreport").records())
    figures = {}
    for version in sorted({record["guideline_version"] for record in blind}):
        second = [record for record in blind if record["guideline_version"] == version]
        sides = {"first annotation": first} if version == first[0]["guideline_version"] else {}
        for name, records in {**sides, "reviewed corpus": reviewed}.items():
            side = compare(records, second).to_dict()
            del side["sentences"]  # both sides have them by rule
            figures[f"{name} (guidelines {version})"] = side
            typer.echo(
                f"{name} {version}: " + ", ".join(f"{k} {v['f1']}" for k, v in side["entities"].items())
            )
    documents = [record["id"] for record in blind]
    text = json.dumps({"documents": documents, **figures}, ensure_ascii=False, indent=1)
    (CORPORA / "agreement.json").write_text(f"{text}\n", encoding="utf-8")
    write_sums(CORPORA)


if __name__ == "__main__":
    typer.run(main)
