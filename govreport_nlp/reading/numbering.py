"""Numbering that opens headings and list items in official prose."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["NUMBERINGS", "numbering"]

_CN = "一二三四五六七八九十百"

NUMBERINGS: Final = {
    "part": re.compile(rf"第[{_CN}\d]+(?:部分|篇|章)[\s、：:]*"),
    "ideographic": re.compile(rf"[{_CN}]{{1,3}}[、，,．.]\s*"),
    "ideographic bracket": re.compile(rf"[（(]\s*[{_CN}]{{1,3}}\s*[）)]\s*[、.]?"),
    "section": re.compile(rf"第[{_CN}\d]+节[\s、：:]*"),
    "arabic": re.compile(r"\d{1,2}(?:[、．]|\.(?!\d))\s*"),
    "arabic bracket": re.compile(r"[（(]\s*\d{1,2}\s*[）)]\s*[、.]?"),
    "circled": re.compile(r"[①-⑳]\s*"),
    "first of": re.compile(rf"(?:第?[{_CN}]{{1,3}}(?:是|要|，|,)|[{_CN}]是)"),
}
"""Kinds of numbering, outermost first, each with the pattern that opens a line."""


def numbering(text: str) -> tuple[str, int] | None:
    """Give the kind of numbering that opens `text` and its length, or ``None``.

    Examples
    --------
    >>> numbering("（一）抓项目"), numbering("3.5亿元")
    (('ideographic bracket', 3), None)
    """
    for kind, pattern in NUMBERINGS.items():
        match = pattern.match(text)
        if match:
            return kind, match.end()
    return None
