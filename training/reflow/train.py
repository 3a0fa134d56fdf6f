"""Train the re-flow model on real reports laid out in many ways.

``python -m training.reflow.train raw-reports.parquet --exclude held-out.json``
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Annotated

import numpy as np
import pyarrow.parquet as pq
import typer
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from govreport_nlp.reading.reflow import ReflowModel, line_features
from govreport_nlp.reading.reflow.model import feature_indices
from training.reflow.simulate import examples

BUNDLED = Path(__file__).parents[2] / "govreport_nlp" / "reading" / "reflow" / "weights.npz"


def matrix(texts: list[str], size: int, seed: int) -> tuple[csr_matrix, np.ndarray]:
    """Feature matrix, shape (breaks, size), and truth of the breaks of `texts`."""
    indices: list[int] = []
    pointers = [0]
    truth: list[bool] = []
    for number, text in enumerate(texts):
        for lines, ends in examples(text, seed + number):
            for features in line_features(lines):
                indices += feature_indices(features, size)
                pointers.append(len(indices))
            truth += ends
    shape = (len(pointers) - 1, size)
    return csr_matrix((np.ones(len(indices), np.float32), indices, pointers), shape), np.array(truth)


def main(
    reports: Path,
    exclude: Annotated[Path | None, typer.Option(help="JSON list of report ids to leave out.")] = None,
    out: Annotated[Path, typer.Option(help="Where to store the weights.")] = BUNDLED,
    documents: Annotated[int, typer.Option(help="Reports to train on.")] = 1200,
    test: Annotated[int, typer.Option(help="Further reports to measure on.")] = 150,
    bits: Annotated[int, typer.Option(help="The model has 2**bits weights.")] = 18,
    seed: int = 0,
) -> None:
    """Train, measure on other reports in other layouts, store."""
    table = pq.read_table(reports, columns=["id", "text"]).to_pydict()
    held = set(json.loads(exclude.read_text(encoding="utf-8"))) if exclude else set()
    texts = [text for name, text in zip(table["id"], table["text"], strict=True) if name not in held]
    random.Random(seed).shuffle(texts)
    x, y = matrix(texts[:documents], 2**bits, seed)
    model = SGDClassifier(loss="log_loss", alpha=3e-7, max_iter=12, tol=None, average=True, random_state=seed)
    model.fit(x, y)
    ReflowModel(model.coef_[0], model.intercept_[0]).to_path(out)
    x, y = matrix(texts[documents : documents + test], 2**bits, seed + 1_000_000)
    guess = model.predict(x)
    hits = int((guess & y).sum())
    scores = {"breaks": len(y), "precision": hits / guess.sum(), "recall": hits / y.sum()}
    scores["f1"] = 2 * hits / (guess.sum() + y.sum())
    print(json.dumps(scores))


if __name__ == "__main__":
    typer.run(main)
