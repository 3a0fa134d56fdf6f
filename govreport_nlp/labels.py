"""The label scheme: the one place that names, explains and colours every label.

Definitions follow the project's annotation guidelines, version 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["ENTITIES", "LEVELS", "PARTS", "THEMES", "Label"]


@dataclass(frozen=True, slots=True)
class Label:
    """One label of the scheme.

    Attributes
    ----------
    name : str
        The label as it stands in annotations and results.
    chinese : str
        Its Chinese gloss.
    definition : str
        One sentence that says what carries the label.
    colour : str
        CSS colour used by every visualisation.
    """

    name: str
    chinese: str
    definition: str
    colour: str


def _table(*labels: Label) -> dict[str, Label]:
    return {label.name: label for label in labels}


ENTITIES: Final = _table(
    Label(
        "PROGRAMME",
        "政策与行动",
        "A named policy, system, strategy, reform, campaign or plan that an authority carries out.",
        "#9ecae9",
    ),
    Label(
        "SLOGAN",
        "政治提法",
        "A fixed political formula: beliefs, duties, disciplines, a named guiding thought, a coined motto.",
        "#f4a6a0",
    ),
    Label(
        "PROJECT",
        "项目",
        "A named, concrete thing that is built, founded, invested in or brought in at a place.",
        "#b5dba4",
    ),
)
"""Entity labels by name."""

THEMES: Final = _table(
    Label(
        "economy",
        "经济",
        "Growth, industry, investment, innovation, trade, agriculture as production, revenue.",
        "#e8c56a",
    ),
    Label(
        "ecology", "生态", "Pollution, water, air, soil, waste, greening, carbon, clean villages.", "#8cc084"
    ),
    Label(
        "safety",
        "安全",
        "Production safety, public security, epidemics, disasters, disputes, financial risk.",
        "#d98880",
    ),
    Label(
        "livelihood",
        "民生",
        "Jobs, income, social security, education, health, care, culture, poverty relief.",
        "#b39ddb",
    ),
    Label(
        "construction",
        "城乡建设",
        "Planning, infrastructure, transport, urban renewal, rural construction, land use.",
        "#a1887f",
    ),
    Label(
        "governance",
        "政府建设",
        "Party building, rule of law, integrity, reform of the authority itself, work style.",
        "#90a4ae",
    ),
)
"""Paragraph themes by name."""

LEVELS: Final = ("national", "province", "city", "county", "township")
"""Administrative levels, highest first."""

PARTS: Final = ("opening", "review", "plan", "self-construction", "closing", "appendix")
"""Parts of a report in their usual order."""
