"""Text without the marks that matching ignores, and the way back."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

__all__ = ["without"]


def without(what: re.Pattern[str], text: str) -> tuple[str, Callable[[int], int]]:
    r"""Take out all that matches; give the rest and a function from its offsets to those of the text.

    Parameters
    ----------
    what : re.Pattern
        Expression for what to take out; must not match nothing.
    text : str
        Any text.

    Examples
    --------
    >>> rest, place = without(re.compile(r"\s+"), "5. 2 %")
    >>> rest, [place(offset) for offset in range(len(rest))]
    ('5.2%', [0, 1, 3, 5])
    """
    starts: list[int] = []
    shifts = [0]
    for found in what.finditer(text):
        starts.append(found.start() - shifts[-1])
        shifts.append(shifts[-1] + found.end() - found.start())
    return what.sub(
        "", text
    ) if starts else text, lambda offset: offset + shifts[bisect_right(starts, offset)]
