"""Markdown: the text stays as it is, marks and notes are named as drops."""

from __future__ import annotations

import re

from govreport_nlp.reading.alignment import Edit
from govreport_nlp.reading.extraction import Extraction

__all__ = ["extract"]

_MARKUP = "markup"
_FOOTNOTE = "footnote"
# Each rule drops its groups named `drop…`, or the whole match if it has no groups, and keeps its group `keep`
# from later rules. The order is that of precedence. Every pattern takes time linear in the text.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), reason)
    for pattern, reason in (
        (r"\A\ufeff?(?P<drop>---[ \t]*\r?\n(?:(?!---)[^\n]*\n){1,60}---[ \t]*(?:\r?\n|\Z))", "front matter"),
        (r"<!--(?:[^-<]|-(?!->)|<(?!!--))*-->", _MARKUP),
        # A definition runs to the next blank line, and over that only where the next line is indented.
        (
            r"^\[\^[^\[\]\s]+\]:[^\n]*"
            r"(?:\n(?!\[\^)(?=[^\n]*\S)[^\n]*|\n(?:[ \t]*\r?\n)+(?: {4}|\t)(?=[^\n]*\S)[^\n]*)*",
            _FOOTNOTE,
        ),
        (r"(?P<drop>\\)(?P<keep>[^\w\s])", _MARKUP),
        (r"\[\^[^\[\]\s]+\]", _FOOTNOTE),
        (r"!\[[^\[\]\n]*\]\([^()\n]*\)", _MARKUP),
        (r"(?P<drop1>\[)[^\[\]\n]+(?P<drop2>\]\([^()\n]*\))", _MARKUP),
        (r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>\n]*)?/?>", _MARKUP),
        (r"(?P<drop1><)(?:https?|mailto):[^<>\s]+(?P<drop2>>)", _MARKUP),
        # Thematic breaks, and the line under the head of a table.
        (r"^[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\r?$", _MARKUP),
        (r"^(?=[^\n]*\|)(?=[^\n]*--)[|:\- \t]+\r?$", _MARKUP),
        (r"^ {0,3}(?:>[ \t]?)+", _MARKUP),
        (r"^[ \t]*#{1,6}[ \t]+|^#{2,6}(?=[^\s#])", _MARKUP),
        # A list mark, but not the dash of a page number such as "- 3 -".
        (r"^[ \t]*(?P<drop>[-*+][ \t]+)(?!\d+[ \t]*-[ \t]*\r?$)(?=\S)", _MARKUP),
        # In reports bold often runs over several short paragraphs of a title block.
        (r"(?P<drop1>\*{2,3})(?=[^\s*])[^*]+(?P<drop2>\*{2,3})", _MARKUP),
        (r"(?<![_\w])(?P<drop1>__)(?=[^\s_])[^_\n]+?(?P<drop2>__)(?!_)", _MARKUP),
    )
)


def extract(text: str, *, encoding: str | None = None) -> Extraction:
    """Name the markup of a Markdown text.

    Headings keep their text; their ``#`` marks, like marks of bold, lists, quotations, links, escapes and
    inline HTML, are dropped as ``"markup"``, YAML front matter as ``"front matter"``, and footnote marks and
    definitions as ``"footnote"``. Tables keep their ``|``.

    Parameters
    ----------
    text : str
        Decoded file.
    encoding : str, optional
        What it was decoded with, for the record.

    Examples
    --------
    >>> extraction = extract("## 一、**回顾**[^1]")
    >>> [(extraction.text[e.start : e.end], e.reason) for e in extraction.drops]
    [('## ', 'markup'), ('**', 'markup'), ('**', 'markup'), ('[^1]', 'footnote')]
    """
    drops: list[Edit] = []
    taken = bytearray(len(text))
    for pattern, reason in _RULES:
        for match in pattern.finditer(text):
            names = [name for name in pattern.groupindex if name.startswith("drop")]
            spans = [match.span(name) for name in names] or [match.span()]
            if any(any(taken[start:end]) for start, end in spans):
                continue
            drops += (Edit(start, end, "", reason) for start, end in spans)
            if "keep" in pattern.groupindex:
                spans.append(match.span("keep"))
            for start, end in spans:
                taken[start:end] = b"\1" * (end - start)
    return Extraction(text, "markdown", encoding, tuple(sorted(drops)))
