"""Where the sentences of a paragraph end."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["sentence_ends"]

_PAIRS: Final = dict(zip("“‘「『（(《〈【［[", "”’」』）)》〉】］]", strict=True))
_OPENERS: Final = "".join(_PAIRS)
_CLOSERS: Final = "".join(_PAIRS.values())
_END: Final = re.compile(r"(?:[。！？!?｡]|…{2,}|\.{6})+")
_QUOTE: Final = re.compile(f'[{re.escape(_OPENERS + _CLOSERS)}"]')
_NOTE: Final = re.compile(r"(?:\[\^?\d{1,3}\])+")
_LIST_GOES_ON: Final = re.compile(r"\s*[，、；：,;:]")
_GOES_ON: Final = re.compile(
    r"\s*(?:[，、；：,;:。…]|的|等(?!到)|是|之[一类后前中下]|[和与及或](?=[“‘《「\"]))"
)
"""What shows, after the closing mark of a quotation, that the quoting sentence goes on."""
_SHORT_QUOTE: Final = 4


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
    opener_of = {end: start for start, end in quotations}
    ends: list[int] = []
    nearest = 0
    until = 0
    for match in _END.finditer(text):
        start, mark = match.span()
        while nearest < len(quotations) and quotations[nearest][0] < start:
            until = max(until, quotations[nearest][1])
            nearest += 1
        if _inside_code(text, start, mark) or (text[start] in "….…" and _LIST_GOES_ON.match(text, mark)):
            continue
        end, opened = _close(text, mark, opener_of)
        if end < until or (end > mark and _goes_on(text, ends[-1] if ends else 0, opened, mark, end)):
            continue
        note = _NOTE.match(text, end)
        ends.append(note.end() if note else end)
    last = len(text.rstrip())
    return ends if not last or (ends and ends[-1] >= last) else [*ends, last]


def _quotations(text: str) -> list[tuple[int, int]]:
    """Give the spans of closed quotations and brackets by their start; an opener left open is none."""
    straight = text.count('"') % 2 == 0
    stack: list[tuple[str, int]] = []
    spans: list[tuple[int, int]] = []
    for match in _QUOTE.finditer(text):
        mark, at = match.group(), match.start()
        if mark == '"':
            if not straight:
                continue
            mark_closes = any(opener == '"' for opener, _ in stack)
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


def _close(text: str, end: int, opener_of: dict[int, int]) -> tuple[int, int | None]:
    """Take closing marks after an end mark along; give the new end and the outermost opener they close.

    White space may stand before a closing mark that has its opener, as where a line was broken.
    """
    opened = None
    while True:
        at = _skip_space(text, end)
        if at + 1 in opener_of:
            opened = opener_of[at + 1]
            end = at + 1
        elif end < len(text) and text[end] in _CLOSERS:
            end += 1
        else:
            return end, opened


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _inside_code(text: str, start: int, end: int) -> bool:
    """Tell whether a mark stands inside a number or an address (``5。2%``, ``a?b=1``)."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[start] == "。":
        return before.isdigit() and after.isdigit()
    return (
        text[start] in "!?" and before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    )


def _goes_on(text: str, sentence: int, opened: int | None, mark: int, end: int) -> bool:
    """Tell whether a sentence goes on after a quotation that ends with an end mark.

    After ``。”`` it rarely does. After ``！”`` and ``？”`` it does unless a colon led to the quotation or the
    quotation began the sentence and is more than a catchword.
    """
    if _GOES_ON.match(text, end):
        return True
    after = _skip_space(text, end)
    if opened is None or after == len(text):
        return False
    if text[opened] in "《〈":
        return True
    if text[mark - 1] in "。｡":
        return False
    before = text[sentence:opened].strip()
    if not before:
        if text[opened] in "（([［":
            return False
        return mark - opened - 2 <= _SHORT_QUOTE or text[after] in _OPENERS + "这"
    return before[-1] not in "：:" or text[after] in _OPENERS
