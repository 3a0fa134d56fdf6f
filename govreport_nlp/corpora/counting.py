"""Count what a corpus holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from govreport_nlp.corpora.names import mentions_of
from govreport_nlp.corpora.records import SPLITS, Record
from govreport_nlp.labels import ENTITIES, LEVELS, THEMES

__all__ = ["Table", "statistics", "tables"]

_FREQUENT: Final = 15
"""Names listed a label."""

_COUNTS: Final = ("documents", "characters", "paragraphs", "sentences", "words", *ENTITIES)


def statistics(records: Iterable[Record]) -> dict[str, Any]:
    """Count documents, characters, spans, themes, lengths and names.

    Parameters
    ----------
    records : iterable of Record
        Names are counted only if every record has its text.

    Returns
    -------
    dict
        Plain data. ``"splits"``, ``"levels"`` and ``"periods"`` give counts by group (characters are those of
        the annotated regions); ``"themes"`` paragraphs by split and theme; ``"lengths"`` quantiles in
        characters; ``"frequent"`` name, mentions and documents by label; ``"unseen"``, for dev and test, how
        many names and mentions are not in train. The last two are `None` without the texts.

    Examples
    --------
    >>> from govreport_nlp.corpora import find_corpus
    >>> sorted(statistics(find_corpus("starter").records())["splits"])
    ['all', 'dev', 'test', 'train']
    """
    records = list(records)
    named = all(record["text"] is not None for record in records)
    return {
        "splits": {**_groups(records, lambda record: record["split"], SPLITS), "all": _counts(records)},
        "levels": _groups(records, lambda record: record["meta"]["level"], LEVELS),
        "periods": _groups(records, _period, sorted({_period(record) for record in records})),
        "themes": {
            split: _themes([record for record in records if record["split"] == split]) for split in SPLITS
        },
        "lengths": _lengths(records),
        "frequent": _frequent(records) if named else None,
        "unseen": _unseen(records) if named else None,
    }


def _period(record: Record) -> str:
    year = record["meta"]["year"]
    return f"{year // 5 * 5}–{year // 5 * 5 + 4}" if year else "unknown"


def _groups(
    records: Sequence[Record], key: Callable[[Record], str], names: Iterable[str]
) -> dict[str, dict[str, int]]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[key(record)].append(record)
    return {name: _counts(groups[name]) for name in names if name in groups}


def _counts(records: Sequence[Record]) -> dict[str, int]:
    labels = Counter(entity["label"] for record in records for entity in record["entities"])
    return {
        "documents": len(records),
        "characters": sum(end - start for record in records for start, end in record["regions"]),
        **{layer: sum(len(record[layer] or ()) for record in records) for layer in _COUNTS[2:5]},
        **{label: labels[label] for label in ENTITIES},
    }


def _themes(records: Sequence[Record]) -> dict[str, int]:
    paragraphs = [paragraph for record in records for paragraph in record["paragraphs"]]
    counts = Counter(label for paragraph in paragraphs for label in paragraph["labels"])
    none = sum(not paragraph["labels"] for paragraph in paragraphs)
    return {**{theme: counts[theme] for theme in THEMES}, "none": none}


def _lengths(records: Sequence[Record]) -> dict[str, dict[str, float]]:
    lengths: dict[str, list[int]] = {name: [] for name in ("paragraphs", "sentences", *ENTITIES)}
    for record in records:
        for layer in ("paragraphs", "sentences"):
            lengths[layer] += [span["end"] - span["start"] for span in record[layer]]
        for entity in record["entities"]:
            lengths[entity["label"]].append(entity["end"] - entity["start"])
    return {name: _quantiles(values) for name, values in lengths.items() if values}


def _quantiles(values: Sequence[int]) -> dict[str, float]:
    median, high = np.percentile(values, (50, 95))
    return {
        "mean": round(float(np.mean(values)), 1),
        "median": float(median),
        "95 %": float(high),
        "longest": max(values),
    }


def _frequent(records: Sequence[Record]) -> dict[str, list[tuple[str, int, int]]]:
    mentions: Counter[tuple[str, str]] = Counter()
    documents: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record, name, label in mentions_of(records):
        mentions[label, name] += 1
        documents[label, name].add(record["id"])
    ranked = sorted(mentions, key=lambda key: (-len(documents[key]), -mentions[key], key))
    names = {label: [name for kind, name in ranked if kind == label][:_FREQUENT] for label in ENTITIES}
    return {
        label: [(name, mentions[label, name], len(documents[label, name])) for name in names[label]]
        for label in ENTITIES
    }


def _unseen(records: Sequence[Record]) -> dict[str, dict[str, dict[str, int]]]:
    mentions: dict[str, Counter[tuple[str, str]]] = {split: Counter() for split in SPLITS}
    for record, name, label in mentions_of(records):
        mentions[record["split"]][label, name] += 1
    seen = mentions["train"].keys()
    result: dict[str, dict[str, dict[str, int]]] = {}
    for split in SPLITS[1:]:
        result[split] = {}
        for label in ENTITIES:
            names = {key: count for key, count in mentions[split].items() if key[0] == label}
            result[split][label] = {
                "names": len(names),
                "unseen names": len(names.keys() - seen),
                "mentions": sum(names.values()),
                "unseen mentions": sum(count for key, count in names.items() if key not in seen),
            }
    return result


@dataclass(frozen=True, slots=True)
class Table:
    """A table to show: the first column is text, the others are figures where they can be."""

    title: str
    columns: list[str]
    rows: list[list[str]]

    def markdown(self) -> str:
        """Give the table in Markdown, with its title in bold before it."""
        lines = [self.columns, ["---", *["---:"] * (len(self.columns) - 1)], *self.rows]
        return "\n".join([f"**{self.title}**", "", *(f"| {' | '.join(line)} |" for line in lines)])


def tables(figures: dict[str, Any]) -> list[Table]:
    """Give what :func:`statistics` has counted as tables."""
    found = [
        _table(f"Size by {title}", title, figures[group], _COUNTS)
        for group, title in (("splits", "split"), ("levels", "level"), ("periods", "year of the report"))
    ]
    found.append(_table("Paragraphs by theme", "split", figures["themes"], (*THEMES, "none")))
    found.append(
        _table("Lengths in characters", "span", figures["lengths"], ("mean", "median", "95 %", "longest"))
    )
    if figures["unseen"]:
        rows = [
            [split, label, *(f"{count:,}" for count in counts.values()), _share(counts)]
            for split, labels in figures["unseen"].items()
            for label, counts in labels.items()
        ]
        columns = ["split", "label", "names", "not in train", "mentions", "of names not in train", "share"]
        found.append(Table("Names of dev and test that train does not have", columns, rows))
    if figures["frequent"]:
        rows = [
            [label, name, f"{mentions:,}", str(documents)]
            for label, names in figures["frequent"].items()
            for name, mentions, documents in names
        ]
        found.append(Table("Names in most documents", ["label", "name", "mentions", "documents"], rows))
    return found


def _share(counts: dict[str, int]) -> str:
    return f"{counts['unseen mentions'] / counts['mentions']:.0%}" if counts["mentions"] else "–"


def _table(title: str, first: str, groups: dict[str, dict[str, float]], columns: Sequence[str]) -> Table:
    rows = [[name, *(f"{counts[column]:,}" for column in columns)] for name, counts in groups.items()]
    return Table(title, [first, *columns], rows)
