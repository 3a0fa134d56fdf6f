"""Assign new documents to splits; documents that have one keep it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["extend_splits"]

_SHARES: Final = {"train": 0.72, "dev": 0.12, "test": 0.16}


def extend_splits(
    splits: dict[str, str], documents: Sequence[tuple[str, int, Sequence[str]]]
) -> dict[str, str]:
    """Give every document a split, so that the shares come out in every stratum and overall.

    Parameters
    ----------
    splits : dict of str to str
        Splits that documents have already.
    documents : sequence of (name, characters, strata)
        All documents in their order; strata are names of groups, such as a level and a style.

    Examples
    --------
    >>> extended = extend_splits({"a": "test"}, [(name, 10, ["pdf"]) for name in "abcdefgh"])
    >>> extended["a"], sorted(set(extended.values()))
    ('test', ['dev', 'test', 'train'])
    """
    sizes: dict[tuple[str, str], int] = {}
    result: dict[str, str] = {}
    for known in (True, False):
        for name, characters, strata in documents:
            if (name in splits) != known:
                continue
            groups = ("all", *strata)
            split = splits.get(name) or max(
                _SHARES, key=lambda split: _need(split, groups, characters, sizes)
            )
            result[name] = split
            for group in groups:
                sizes[group, split] = sizes.get((group, split), 0) + characters
    return {name: result[name] for name, _, _ in documents}


def _need(split: str, groups: Sequence[str], characters: int, sizes: dict[tuple[str, str], int]) -> float:
    """How far a split is behind its share, summed over groups."""
    need = 0.0
    for group in groups:
        total = characters + sum(sizes.get((group, other), 0) for other in _SHARES)
        need += _SHARES[split] - sizes.get((group, split), 0) / total
    return need
