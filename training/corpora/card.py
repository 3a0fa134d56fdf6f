"""Put the figures into the data card.

``python -m training.corpora.card ../shared`` counts both corpora, writes ``corpora/statistics.json`` and
fills the parts of ``corpora/DATACARD.md`` between ``<!-- figures: NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import typer

from govreport_nlp.corpora.attaching import attach, attached_records
from govreport_nlp.corpora.catalogue import corpora
from govreport_nlp.corpora.counting import Table, statistics, tables
from training.corpora.build import CORPORA, write_sums

__all__ = ["filled"]

_PART: Final = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main(shared: Path) -> None:
    """Count, write the figures and fill the card."""
    figures = {}
    for corpus in corpora():
        found = attach(corpus, shared / "reports")
        figures[corpus.name] = statistics(attached_records(corpus.records(), found.texts))
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    (CORPORA / "statistics.json").write_text(f"{text}\n", encoding="utf-8")
    card = CORPORA / "DATACARD.md"
    agreement = json.loads((CORPORA / "agreement.json").read_text(encoding="utf-8"))
    card.write_text(filled(card.read_text(encoding="utf-8"), figures, agreement), encoding="utf-8")
    write_sums(CORPORA)


def filled(card: str, figures: dict[str, Any], agreement: dict[str, Any]) -> str:
    """Give the card with its figures."""
    parts = {
        name: "\n\n".join(table.markdown() for table in tables(value)) for name, value in figures.items()
    }
    parts["agreement"] = "\n\n".join(
        _agreement(f"Second annotator against the {name}", agreement[name])
        for name in agreement
        if name != "documents"
    )
    return _PART.sub(lambda match: f"{match[1]}\n{parts[match[2]]}\n\n{match[3]}", card)


def _agreement(title: str, figures: dict[str, Any]) -> str:
    scores = {**figures["entities"], "themes": figures["themes"]}
    rows = [[name, *(f"{value:,}" for value in score.values())] for name, score in scores.items()]
    table = Table(title, ["layer", "corpus", "second annotator", "both", "F1"], rows)
    facts = (
        f"{figures['records']} documents, {figures['characters']:,} characters; exact spans. "
        f"Cohen's kappa: {figures['kappa_entities']} (B, I, O labels of characters), "
        f"{figures['kappa_themes']} (themes, mean). "
        f"The main theme is the same in {figures['main_theme']:.1%} of the paragraphs."
    )
    return f"{table.markdown()}\n\n{facts}"


if __name__ == "__main__":
    typer.run(main)
