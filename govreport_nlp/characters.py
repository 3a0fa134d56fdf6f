"""Character classes of Chinese official prose, shared by the reader and the pipes."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["CLOSERS", "OPENERS", "SPACE", "closes_sentence", "display_width", "fold", "is_cjk"]

OPENERS: Final = "“‘「『（(《〈【［[〔｛{"
CLOSERS: Final = "”’」』）)》〉】］]〕｝}"

SPACE: Final = " \t\v\u00a0\u00ad\u1680\u2000-\u200f\u2028\u202f\u205f\u2060\u3000\ufeff"
"""White space and invisible characters within a line, as the inside of a regular-expression set."""

_FULL: Final = "，；：？！（）％＋－／．～"
_HALF: Final = ",;:?!()%+-/.~"
_FOLD: Final = str.maketrans(
    {
        **dict(zip(_HALF, _FULL, strict=True)),
        **{chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))},
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF41, 0xFF5B)},
        "「": "“",
        "」": "”",
        "『": "‘",
        "』": "’",
        "〈": "《",
        "〉": "》",
        "［": "[",
        "］": "]",
        "\u3000": " ",
        "\u00a0": " ",
    }
)


def fold(text: str) -> str:
    """Give `text` with half-width marks made full and full-width letters made half, length unchanged.

    Examples
    --------
    >>> fold("增长5.2%,其中:ＡＢ")
    '增长5．2％，其中：AB'
    """
    return text.translate(_FOLD)


def is_cjk(char: str) -> bool:
    """Tell whether `char` is a Chinese character (not a punctuation mark)."""
    return (
        "\u4e00" <= char <= "\u9fff"
        or "\u3400" <= char <= "\u4dbf"
        or "\U00020000" <= char <= "\U0003ffff"
        or char == "〇"
    )


_NARROW: Final = re.compile(r"[\u0020-\u007e\u00a0-\u00ff]")


def display_width(text: str) -> float:
    """Give the width of `text` in full-width columns: ASCII and Latin-1 count a half.

    Examples
    --------
    >>> display_width("增长5.2%")
    4.0
    """
    return len(text) - len(_NARROW.findall(text)) / 2


_END: Final = re.compile(rf"(?:[。！？!?]|…+|\.(?=\D*$))[{re.escape(CLOSERS)}\"']*$")


def closes_sentence(text: str) -> bool:
    """Tell whether `text` ends with an end mark, closing quotes and brackets after it included."""
    return _END.search(text) is not None
