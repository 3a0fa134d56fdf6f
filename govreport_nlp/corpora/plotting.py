"""Draw what :func:`govreport_nlp.corpora.statistics` has counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from govreport_nlp.errors import MissingExtraError
from govreport_nlp.labels import ENTITIES, THEMES

__all__ = ["plot"]


def plot(figures: dict[str, Any], folder: Path) -> list[Path]:
    """Write bar charts as PNG: entities per 1,000 characters by level and by period, themes by split.

    Parameters
    ----------
    figures : dict
        From :func:`govreport_nlp.corpora.statistics`.
    folder : Path
        Created if it does not exist.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError.of("matplotlib", "plots", "Drawing plots") from error
    entities = {name: label.colour for name, label in ENTITIES.items()}
    themes = {name: label.colour for name, label in THEMES.items()}
    charts = {
        "entities-by-level": (_per_thousand(figures["levels"]), entities, "entities per 1,000 characters"),
        "entities-by-period": (_per_thousand(figures["periods"]), entities, "entities per 1,000 characters"),
        "themes-by-split": (figures["themes"], themes, "paragraphs"),
    }
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for name, (groups, colours, unit) in charts.items():
        figure = Figure(figsize=(8, 4.5), layout="constrained")
        axes = figure.add_subplot(ylabel=unit)
        bottom = [0.0] * len(groups)
        for series, colour in colours.items():
            heights = [counts[series] for counts in groups.values()]
            axes.bar(list(groups), heights, bottom=bottom, color=colour, label=series)
            bottom = [low + height for low, height in zip(bottom, heights, strict=True)]
        axes.legend(frameon=False)
        axes.tick_params(axis="x", labelrotation=30)
        paths.append(folder / f"{name}.png")
        figure.savefig(paths[-1], dpi=150)
    return paths


def _per_thousand(groups: dict[str, dict[str, int]]) -> dict[str, dict[str, float]]:
    return {
        name: {label: 1000 * counts[label] / max(1, counts["characters"]) for label in ENTITIES}
        for name, counts in groups.items()
    }
