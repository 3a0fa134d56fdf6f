"""Measure paragraph and sentence boundaries of the reader on the annotated sample documents.

``python -m training.boundaries.evaluate ../shared`` writes ``docs/boundaries.{json,md}``.
"""

from __future__ import annotations

import json
import random
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Annotated, Any

import typer

from govreport_nlp.evaluation.perturbation import Layout, half_width, hard_wrap, random_layout, spaced_digits
from govreport_nlp.evaluation.scores import score_sets
from govreport_nlp.pipes.sentences import sentence_ends
from govreport_nlp.reading import Report, read

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENTS = ("xinzhuang", "beicang", "jingwu", "collection")
_UNSEEN = re.compile(r"^#+ *|\*\*|\[bookmark:[^\]]*\]|\s*\n\s*")
"""Markup and line breaks inside a paragraph of the sample files."""


@dataclass(frozen=True)
class Gold:
    """A text with its true paragraph and sentence ends."""

    text: str
    paragraphs: list[int]
    sentences: list[int]


Setting = Callable[[random.Random], tuple[Layout, bool]]


def _wrapped(indent: bool) -> Setting:
    def draw(rng: random.Random) -> tuple[Layout, bool]:
        layout = random_layout(rng, wrapped=True)
        return replace(layout, indent=(layout.indent or "\u3000\u3000") if indent else ""), False

    return draw


SETTINGS: dict[str, Setting] = {
    "hard-wrapped": _wrapped(indent=True),
    "hard-wrapped, no indentation": _wrapped(indent=False),
    "cut at page ends": lambda rng: (random_layout(rng, wrapped=False), False),
    "hard-wrapped, half-width, spaced digits": lambda rng: (_wrapped(indent=True)(rng)[0], True),
}


def main(
    shared: Path,
    out: Annotated[Path, typer.Option(help="Folder of the two files.")] = DOCS,
    seeds: Annotated[int, typer.Option(help="Layouts drawn a document and setting.")] = 20,
) -> None:
    """Score every document as it is and in seeded layouts; write JSON and Markdown."""
    results: dict[str, Any] = {}
    for name in DOCUMENTS:
        data = json.loads((shared / "annotations" / f"{name}.json").read_text(encoding="utf-8"))
        text = (shared / "reports" / f"{name}.txt").read_bytes().decode("utf-8")
        raw = Gold(text, [p["end"] for p in data["paragraphs"]], [end for _, end in data["sentences"]])
        results[name] = {"raw": summary([score(raw)])}
        for setting, draw in SETTINGS.items():
            scores = []
            for seed in range(seeds):
                layout, dirty = draw(random.Random(f"{setting} {seed}"))
                scores.append(score(laid_out(raw, data["paragraphs"], layout, dirty, seed)))
            results[name][setting] = summary(scores)
    record = {"seeds": seeds, "documents": results}
    (out / "boundaries.json").write_text(
        json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (out / "boundaries.md").write_text(page(record), encoding="utf-8")


def laid_out(raw: Gold, paragraphs: Sequence[dict[str, Any]], layout: Layout, dirty: bool, seed: int) -> Gold:
    """Print the true paragraphs in another layout and carry the truth over."""
    texts: list[str] = []
    sentences: list[int] = []
    closes: list[int] = []
    start = 0
    for paragraph in paragraphs:
        span = raw.text[paragraph["start"] : paragraph["end"]]
        unseen = {at for match in _UNSEEN.finditer(span) for at in range(*match.span())}
        offsets = [paragraph["start"] + i for i in range(len(span)) if i not in unseen]
        texts.append("".join(raw.text[offset] for offset in offsets))
        inside = (end for end in raw.sentences if paragraph["start"] < end <= paragraph["end"])
        sentences += [start + bisect_left(offsets, end) for end in inside]
        closes.append(start + len(texts[-1]))
        start += len(texts[-1]) + 1
    headings = [paragraph["kind"] == "heading" for paragraph in paragraphs]
    layers = [hard_wrap(texts, layout, headings=headings, seed=seed)]
    if dirty:
        layers.append(half_width(layers[-1].text))
        layers.append(spaced_digits(layers[-1].text))
    for layer in layers:
        closes = [layer.alignment.source_span(0, end)[1] for end in closes]
        sentences = [layer.alignment.source_span(0, end)[1] for end in sentences]
    return Gold(layers[-1].text, closes, sentences)


def score(gold: Gold) -> tuple[float, float]:
    """F1 of paragraph and of sentence ends."""
    reports = read(gold.text)
    paragraphs = [(r.number, p.end) for r in reports for p in r.paragraphs]
    sentences = [
        (r.number, p.start + end)
        for r in reports
        for p in r.paragraphs
        for end in sentence_ends(r.text[p.start : p.end])
    ]
    return (
        score_sets((_key(reports, end) for end in gold.paragraphs), paragraphs).f1,
        score_sets((_key(reports, end) for end in gold.sentences), sentences).f1,
    )


def _key(reports: Sequence[Report], end: int) -> tuple[int, int]:
    """Report and clean offset of a true end; markup that follows it makes no difference."""
    for report in reports:
        if report.start < end <= report.end + 8:
            return report.number, report.clean_span(0, min(end, len(report.source.text)))[1]
    return -1, end


def summary(scores: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Mean and least F1 over the layouts."""
    paragraphs, sentences = zip(*scores, strict=True)
    return {
        "paragraphs": round(mean(paragraphs), 4),
        "paragraphs least": round(min(paragraphs), 4),
        "sentences": round(mean(sentences), 4),
        "sentences least": round(min(sentences), 4),
    }


def page(record: dict[str, Any]) -> str:
    """Markdown table of the figures."""
    rows = [
        "# Paragraph and sentence boundaries",
        "",
        "Made by `python -m training.boundaries.evaluate ../shared`; the figures are in `boundaries.json`. "
        "F1 of paragraph and of sentence ends after `govreport_nlp.read`, on the four annotated sample files "
        f"as they are (raw) and printed again in {record['seeds']} seeded layouts each (24–45 columns, page "
        "breaks, page numbers): mean, and the least in brackets.",
        "",
        "| document | input | paragraphs F1 | sentences F1 |",
        "| --- | --- | --- | --- |",
    ]
    for name, settings in record["documents"].items():
        for setting, figures in settings.items():
            cells = [
                f"{figures[layer]:.4f}" + ("" if setting == "raw" else f" ({figures[f'{layer} least']:.4f})")
                for layer in ("paragraphs", "sentences")
            ]
            rows.append(f"| {name} | {setting} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    typer.run(main)
