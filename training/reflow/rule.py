"""The best hand-written re-flow rule we could make: the baseline the trained model has to beat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from govreport_nlp.characters import closes_sentence
from govreport_nlp.reading.lines import Line
from govreport_nlp.reading.numbering import numbering

_FILLED = 2.5
_CLAUSE = "，、：；,;:"


def rule_ends(lines: Sequence[Line]) -> list[bool]:
    """Tell for each line but the last whether a paragraph ends after it.

    Where many lines fill the commonest width the text is wrapped: there a paragraph ends at a line that
    leaves room, before indentation and before a numbered heading. Elsewhere it ends at every break but one in
    mid-sentence.
    """
    counts = Counter(round(line.width) for line in lines if line.width > 15)
    width = max(counts, key=lambda w: counts[w] + counts[w - 1] + counts[w - 2], default=0)
    wrapped = sum(counts[w] for w in (width, width - 1, width - 2)) > 0.4 * len(lines)
    base = min((line.indent for line in lines), default=0.0)
    ends = []
    for line, after in pairwise(lines):
        closed = closes_sentence(line.text)
        if wrapped:
            full = line.width >= width - _FILLED
            opens = after.indent > base or (numbering(after.text) is not None and closed)
            ends.append(not full or opens)
        else:
            long = line.width > 46
            ends.append(closed or line.text[-1] in _CLAUSE[2:] or not long)
    return ends
