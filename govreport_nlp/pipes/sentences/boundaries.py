"""Where the sentences of a paragraph end."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["sentence_ends"]

_PAIRS: Final = dict(zip("“‘「『（(《〈【［[", "”’」』）)》〉】］]", strict=True))
_OPENERS: Final = "".join(_PAIRS)
_CLOSERS: Final = "".join(_PAIRS.values())
_END: Final = re.compile(r"(?:[。！？!?｡]|…{2,}|\.{6})+")
_QUOTE: Final = re.compile(f"[{re.escape(_OPENERS + _CLOSERS)}\"]")
_GOES_ON: Final = "的等是和与及或为之地、，；：,;:。…"
"""After the closing mark of a quotation these show that the quoting sentence goes on."""


def sentence_ends(text: str) -> list[int]:
    """Give the end offset of every sentence of a paragraph, closing quotes and brackets included.

    A sentence ends after ``。！？`` or ``……`` and the closing marks that follow. An end mark inside a
    quotation or bracket ends it only if the closing mark follows at once and the sentence around does not go
    on. The end of the paragraph is always an end.

    Parameters
    ----------
    text : str
        Text of one paragraph; it may hold line breaks.

    Returns
    -------
    list of int
        Rising offsets, the last one the end of the last visible character.

    Examples
    --------
    >>> text = "要答好“怎么办？”的问题。增长5.2%；再接再厉！"
    >>> [text[a:b] for a, b in zip([0, *sentence_ends(text)], sentence_ends(text))]
    ['要答好“怎么办？”的问题。', '增长5.2%；再接再厉！']
    """
    quotations = _quotations(text)
    closers = {end - 1 for _, end in quotations}
    ends: list[int] = []
    nearest = 0
    until = 0
    for match in _END.finditer(text):
        start, end = match.span()
        if _inside_code(text, start, end):
            continue
        while nearest < len(quotations) and quotations[nearest][0] < start:
            until = max(until, quotations[nearest][1])
            nearest += 1
        mark = end
        while end < len(text) and (text[end] in _CLOSERS or end in closers):
            end += 1
        if end >= until and not (end > mark and _goes_on(text, mark, end)):
            ends.append(end)
    last = len(text.rstrip())
    return ends if not last or (ends and ends[-1] >= last) else [*ends, last]


def _quotations(text: str) -> list[tuple[int, int]]:
    """Spans of quotations and brackets that are closed, by their start; an opener left open is no quotation."""
    straight = text.count('"') % 2 == 0
    stack: list[tuple[str, int]] = []
    spans: list[tuple[int, int]] = []
    for match in _QUOTE.finditer(text):
        mark, at = match.group(), match.start()
        if mark == '"':
            if not straight:
                continue
            opened = any(opener == '"' for opener, _ in stack)
            mark_closes = opened
        else:
            mark_closes = mark in _CLOSERS
        if not mark_closes:
            stack.append((mark, at))
            continue
        for depth in range(len(stack) - 1, -1, -1):
            opener, start = stack[depth]
            if _PAIRS.get(opener, '"') == mark:
                spans.append((start, at + 1))
                del stack[depth:]
                break
    return sorted(spans)


def _inside_code(text: str, start: int, end: int) -> bool:
    """Tell whether a mark stands inside a number or an address (``5。2%``, ``a?b=1``)."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[start] == "。":
        return before.isdigit() and after.isdigit()
    return text[start] in "!?" and before.isascii() and before.isalnum() and after.isascii() and after.isalnum()


def _goes_on(text: str, mark: int, end: int) -> bool:
    """Tell whether a sentence goes on after a quotation that ends with an end mark."""
    after = text[end : end + 1]
    return after in _GOES_ON or (after in _OPENERS and text[mark - 1] != "。") if after else False
