"""Measure the glossary pipe on annotated documents: strict scores a label, and the precision of each pattern.

    python training/glossary/measure.py --annotations annotations --reports reports

Spans are compared with the annotation as they stand in the source text, inside annotated paragraphs. The
glossary was made with knowledge of these documents, so the figures flatter it.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from govreport_nlp.labels import ENTITIES
from govreport_nlp.pipes.glossary import Glossary, GlossaryMatcher, default_glossary

Span = tuple[int, int, str]


def documents(annotations: Path, reports: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Give each annotation with its source text."""
    table = pq.read_table(reports / "raw-reports.parquet", columns=["id", "text"])
    texts = dict(zip(table["id"].to_pylist(), table["text"].to_pylist(), strict=True))
    for path in sorted(annotations.glob("*.json")):
        annotation = json.loads(path.read_text(encoding="utf-8"))
        source = annotation["source"]
        if "id" in source:
            yield annotation, texts[source["id"]]
        else:
            yield annotation, (reports / source["file"]).read_bytes().decode("utf-8")


def compare(
    matcher: GlossaryMatcher, corpus: list[tuple[dict[str, Any], str]]
) -> dict[str, dict[str, float]]:
    """Give strict precision, recall and F1 of each label and of all together."""
    right, found, wanted = Counter[str](), Counter[str](), Counter[str]()
    for annotation, text in corpus:
        gold: set[Span] = {(start, end, label) for start, end, label in annotation["entities"]}
        predicted: set[Span] = {
            (paragraph["start"] + match.start, paragraph["start"] + match.end, match.label)
            for paragraph in annotation["paragraphs"]
            for match in matcher.find(text[paragraph["start"] : paragraph["end"]])
        }
        for counter, spans in ((right, gold & predicted), (found, predicted), (wanted, gold)):
            counter.update(label for _, _, label in spans)
            counter["micro"] += len(spans)
    return {
        label: {
            "precision": round(right[label] / max(1, found[label]), 3),
            "recall": round(right[label] / max(1, wanted[label]), 3),
            "f1": round(2 * right[label] / max(1, found[label] + wanted[label]), 3),
            "found": found[label],
        }
        for label in (*ENTITIES, "micro")
    }


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--annotations", required=True, type=Path)
    parser.add_argument("--reports", required=True, type=Path)
    options = parser.parse_args()
    corpus = list(documents(options.annotations, options.reports))
    glossary = default_glossary()
    alone = (
        compare(GlossaryMatcher(Glossary(patterns=[pattern])), corpus)["micro"]
        for pattern in glossary.patterns
    )
    result = {
        "all": compare(GlossaryMatcher(glossary), corpus),
        "names": compare(
            GlossaryMatcher(Glossary(glossary.entries, (), glossary.heads, glossary.vetoes)), corpus
        ),
        "patterns": [
            {
                "pattern": pattern.regex.pattern[-30:],
                "precision": scores["precision"],
                "found": scores["found"],
            }
            for pattern, scores in zip(glossary.patterns, alone, strict=True)
        ],
    }
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
