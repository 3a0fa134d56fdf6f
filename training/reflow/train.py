"""Train the re-flow model on real reports laid out in many ways.

``python -m training.reflow.train ../shared/reports/raw-reports.parquet``
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow.parquet as pq
import typer
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from govreport_nlp.reading.lines import Line
from govreport_nlp.reading.reflow import ReflowModel, line_features
from govreport_nlp.reading.reflow.context import context_features
from govreport_nlp.reading.reflow.model import feature_indices
from training.reflow.rule import rule_ends
from training.reflow.simulate import examples

BUNDLED = Path(__file__).parents[2] / "govreport_nlp" / "reading" / "reflow" / "weights.npz"
HELD_OUT = Path(__file__).parents[1] / "held-out-reports.txt"
FIGURES = Path(__file__).parents[2] / "docs" / "reflow.json"
SECOND_BITS = 14


Breaks = list[tuple[list[Line], list[bool]]]


def breaks_of(texts: list[str], seed: int) -> Breaks:
    """Lines and truth of every layout of `texts`."""
    return [example for number, text in enumerate(texts) for example in examples(text, seed + number)]


def fit(
    features: Iterable[list[str]], truth: list[bool], size: int, alpha: float, seed: int
) -> SGDClassifier:
    """Train a logistic regression on hashed features."""
    indices: list[int] = []
    pointers = [0]
    for names in features:
        indices += feature_indices(names, size)
        pointers.append(len(indices))
    x = csr_matrix((np.ones(len(indices), np.float32), indices, pointers), (len(truth), size))
    model = SGDClassifier(
        loss="log_loss", alpha=alpha, max_iter=12, tol=None, average=True, random_state=seed
    )
    return model.fit(x, truth)


def measure(model: ReflowModel, breaks: Breaks) -> dict[str, Any]:
    """Precision, recall and F1 of paragraph ends, of both looks and of a rule."""
    guesses = {
        "rule": [guess for lines, _ in breaks for guess in rule_ends(lines)],
        "first look": [score > 0 for lines, _ in breaks for score in model.first_scores(lines)],
        "both looks": [score > 0 for lines, _ in breaks for score in model.scores(lines)],
    }
    truth = np.array([end for _, ends in breaks for end in ends])
    result = {}
    for name, guess in guesses.items():
        hits = int((truth & guess).sum())
        precision, recall = hits / sum(guess), hits / int(truth.sum())
        result[name] = {
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / (precision + recall),
        }
    return {"breaks": len(truth), "models": result}


def main(
    reports: Path,
    exclude: Annotated[Path, typer.Option(help="List of report ids to leave out.")] = HELD_OUT,
    out: Annotated[Path, typer.Option(help="Where to store the weights.")] = BUNDLED,
    documents: Annotated[int, typer.Option(help="Reports the first look is trained on.")] = 1300,
    second: Annotated[int, typer.Option(help="Further reports the second look is trained on.")] = 500,
    test: Annotated[int, typer.Option(help="Further reports to measure on.")] = 150,
    bits: Annotated[int, typer.Option(help="The first look has 2**bits weights.")] = 18,
    seed: int = 0,
) -> None:
    """Train, measure on other reports in other layouts, store."""
    rows = pq.read_table(reports, columns=["id", "text"]).to_pydict()
    held = {line for line in exclude.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
    texts = [text for name, text in zip(rows["id"], rows["text"], strict=True) if name not in held]
    random.Random(seed).shuffle(texts)
    breaks = breaks_of(texts[:documents], seed)
    names = (features for lines, _ in breaks for features in line_features(lines))
    near = fit(names, [end for _, ends in breaks for end in ends], 2**bits, 3e-7, seed)
    model = ReflowModel(near.coef_[0], np.zeros(2**SECOND_BITS), (float(near.intercept_[0]), 0.0))
    breaks = breaks_of(texts[documents : documents + second], seed + 1_000_000)
    names = (
        features for lines, _ in breaks for features in context_features(lines, model.first_scores(lines))
    )
    far = fit(names, [end for _, ends in breaks for end in ends], 2**SECOND_BITS, 1e-6, seed)
    model = ReflowModel(near.coef_[0], far.coef_[0], (model.biases[0], float(far.intercept_[0])))
    model.to_path(out)
    held_out = texts[documents + second : documents + second + test]
    record = {
        "documents": documents,
        "second": second,
        **measure(model, breaks_of(held_out, seed + 2_000_000)),
    }
    FIGURES.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(table(record))


def table(record: dict[str, Any]) -> str:
    """Markdown table of the figures, as it stands in the development notes."""
    rows = ["| model | precision | recall | F1 |", "| --- | --- | --- | --- |"]
    for name, figures in record["models"].items():
        cells = [f"{figures[key]:.4f}" for key in ("precision", "recall", "f1")]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    typer.run(main)
