"""Measure the precision of each pattern of the glossary on the annotated reports.

``python -m training.glossary.measure ../shared/reports``: a pattern stays if it is right in 80 % of its hits.
The whole glossary is measured by ``training.baselines.evaluate``.
"""

from __future__ import annotations

from pathlib import Path

import typer

from govreport_nlp import corpora
from govreport_nlp.evaluation.scores import score_sets
from govreport_nlp.labels import ENTITIES
from govreport_nlp.pipes.glossary import Glossary, GlossaryMatcher, default_glossary


def main(texts: Path) -> None:
    """Print precision, hits and pattern, worst first."""
    labels = list(ENTITIES)
    rows = [row for split in corpora.load("govreport", "entities", texts=texts).values() for row in split]
    true = {
        (n, e["start"], e["end"], labels[e["label"]]) for n, row in enumerate(rows) for e in row["entities"]
    }
    results = []
    for pattern in default_glossary().patterns:
        matcher = GlossaryMatcher(Glossary(patterns=[pattern]))
        found = {
            (n, hit.start, hit.end, hit.label)
            for n, row in enumerate(rows)
            for hit in matcher.find(row["text"])
        }
        results.append((score_sets(true, found).precision, len(found), pattern.regex.pattern))
    for precision, hits, regex in sorted(results):
        print(f"{precision:.3f} {hits:5} {regex[:80]}")


if __name__ == "__main__":
    typer.run(main)
