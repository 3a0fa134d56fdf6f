"""Table of the downstream probes of the encoder, as it stands in the development notes.

The figures in ``docs/encoder.json`` are those that :mod:`training.encoder.finetune` printed.
"""

from __future__ import annotations

from typing import Any

COLUMNS = ("micro", "PROGRAMME", "SLOGAN", "PROJECT", "recall seen", "recall unseen")


def table(record: dict[str, Any]) -> str:
    """Markdown table of the probes."""
    rows = [
        f"| pre-training | n-gram tables | epochs | {' | '.join(COLUMNS)} |",
        "| --- | --- | --- |" + " --- |" * len(COLUMNS),
    ]
    for probe in record["probes"]:
        tokens = f"{probe['tokens'] / 1e6:.1f} M characters" if probe["tokens"] else "none"
        tables = "trained" if probe["tables trained"] else "frozen"
        cells = " | ".join(f"{probe[column]:.3f}" for column in COLUMNS)
        rows.append(f"| {tokens} | {tables} | {probe['epochs']} | {cells} |")
    return "\n".join(rows)
