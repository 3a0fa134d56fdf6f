"""HTML: the main content of a page, one block a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from govreport_nlp.errors import MissingExtraError, ReadError
from govreport_nlp.reading.extraction import Extraction

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

__all__ = ["declared_charset", "extract"]

# fmt: off
_SKIPPED = frozenset((
    "head", "script", "style", "noscript", "template", "iframe", "object", "svg", "math", "nav", "footer",
    "aside", "select", "button", "textarea",
))
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "input", "ins", "kbd", "label", "mark", "nobr", "o:p", "q", "rb", "rt", "ruby", "s", "samp", "small",
    "span", "st1:chsdate", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))
# Elements that cannot stand in themselves without an element of another name between them.
_FLAT = frozenset((
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup", "area", "base",
    "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
))
# fmt: on
_TAG = re.compile(r"<script\b[^<]*(?:<(?!/script)[^<]*)*|<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
_MAX_TAGS = 200_000
_MAX_DEPTH = 1000
_CHARSET = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=["'\s]*([\w.:-]+)""", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_WIDE = "[\u2e80-\u9fff\uff00-\uffef]"
_WRAP = re.compile(rf"(?<={_WIDE})[ \t\r\f]*\n[ \t\n\r\f]*(?={_WIDE})")
_SPACES = re.compile("[ \t\n\r\f]+")
_OTHER_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2009\u202f", " "))
_SENTENCE_MARK = re.compile("[，。；！？]")
_HEADINGS = frozenset(("h1", "h2", "h3"))
_MAIN_SHARE = 0.95
_LINK_SHARE = 0.8


@dataclass(slots=True)
class _Block:
    """Text between two block edges, with the number of its characters that are links."""

    heading: bool
    pieces: list[str] = field(default_factory=list)
    linked: int = 0

    @property
    def text(self) -> str:
        lines = _WRAP.sub("", "".join(self.pieces))
        return _SPACES.sub(" ", lines).strip(" ").translate(_OTHER_SPACES).rstrip()

    @property
    def is_link(self) -> bool:
        return self.linked >= _LINK_SHARE * len("".join("".join(self.pieces).split()))


def declared_charset(data: bytes) -> str | None:
    """Give the charset that an HTML page names in its first kilobytes, or ``None``.

    Examples
    --------
    >>> declared_charset(b'<meta charset="gb2312">')
    'gb2312'
    """
    match = _CHARSET.search(data[:4096])
    return match[1].decode("ascii", "replace") if match else None


def extract(text: str, *, where: str = "<html>", encoding: str | None = None) -> Extraction:
    r"""Take the main content out of an HTML page.

    The content is the smallest element that holds 95 % of the prose, widened up to the first element that
    brings links along, with the title before it. Blocks that are links throughout are left out. Each block
    (paragraph, heading, list item, table cell, part of a paragraph between two ``<br>``) is a line of the
    text; indentation by non-breaking or wide spaces is kept.

    Parameters
    ----------
    text : str
        Decoded page or fragment.
    where : str
        File name for error messages.
    encoding : str, optional
        What it was decoded with, for the record.

    Raises
    ------
    ReadError
        If the page has too many elements, nests them too deeply or shows no text.
    MissingExtraError
        If selectolax is not installed.

    Examples
    --------
    >>> extract("<nav><a href='/'>首页</a></nav><h1>政府工作报告</h1><p>各位代表：<br>现在，我报告。").text
    '政府工作报告\n各位代表：\n现在，我报告。\n'
    """
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError as error:
        raise MissingExtraError.of("selectolax", "html", "Reading HTML", where=where) from error
    if _is_excessive(text):
        raise ReadError(
            "the HTML has too many elements or nests them too deeply",
            where=where,
            hint="Save its text as .txt",
        )
    tree = LexborHTMLParser(text.replace("\0", ""))
    title = tree.css_first("title")
    blocks, ranges = _blocks(tree.root)
    lines = _main_lines(blocks, ranges, title.text() if title else "")
    if not lines:
        raise ReadError(
            "the page shows no text",
            where=where,
            hint="If a script fills it in, open it in a browser and save the text as .txt",
        )
    return Extraction("\n".join(lines) + "\n", "html", encoding)


def _is_excessive(text: str) -> bool:
    """Whether the page would take long to parse: the time grows with the square of the depth."""
    if text.count("<") > _MAX_TAGS:
        return True
    depth = 0
    opened: Counter[str] = Counter()
    for match in _TAG.finditer(text):
        tag = (match[2] or "p").lower()
        if tag in _FLAT:
            continue
        if not match[1]:
            opened[tag] += 1
            depth += 1
        elif opened[tag]:  # an end tag closes nothing but its own element
            opened[tag] -= 1
            depth -= 1
        if depth > _MAX_DEPTH:
            return True
    return False


def _blocks(root: LexborNode | None) -> tuple[list[_Block], list[tuple[int, int]]]:
    """Give the blocks in order, and of every block element the range of its blocks."""
    blocks = [_Block(heading=False)]
    ranges: list[tuple[int, int]] = []
    opened: list[int] = []
    links = 0
    preformatted = 0
    for node, entering in _walk(root):
        tag = node.tag or ""
        if tag == "-text":
            shown = node.text_content or ""
            for number, piece in enumerate(shown.split("\n") if preformatted else [shown]):
                if number:
                    blocks.append(_Block(heading=False))
                blocks[-1].pieces.append(piece)
                blocks[-1].linked += len("".join(piece.split())) if links else 0
        elif tag == "a" and "href" in node.attributes:
            links += 1 if entering else -1
        elif tag not in _INLINE:
            preformatted += (1 if entering else -1) if tag == "pre" else 0
            if blocks[-1].pieces:
                blocks.append(_Block(heading=False))
            if entering:
                blocks[-1].heading = tag in _HEADINGS
                opened.append(len(blocks) - 1)
            else:
                ranges.append((opened.pop(), len(blocks) - 1))
    return blocks, ranges


def _walk(root: LexborNode | None) -> Iterator[tuple[LexborNode, bool]]:
    """Visit shown nodes depth first, elements twice: entering and leaving."""
    stack = [(root, True)] if root else []
    while stack:
        node, entering = stack.pop()
        if not entering or node.tag == "-text":
            yield node, entering
            continue
        if node.tag in _SKIPPED or _HIDDEN.search(node.attributes.get("style") or ""):
            continue
        yield node, True
        stack.append((node, False))
        stack += reversed([(child, True) for child in node.iter(include_text=True)])


def _main_lines(blocks: list[_Block], ranges: list[tuple[int, int]], page_title: str) -> list[str]:
    texts = [block.text for block in blocks]
    shown = [bool(text.strip()) for text in texts]
    own = [visible and not block.is_link for visible, block in zip(shown, blocks, strict=True)]
    if not any(own):
        return list(filter(str.strip, texts))
    # Where no line has a sentence mark, every line counts.
    prose_like = _SENTENCE_MARK if any(map(_SENTENCE_MARK.search, texts)) else re.compile("")
    prose = [len(text) if own[n] and prose_like.search(text) else 0 for n, text in enumerate(texts)]
    sums = [0, *accumulate(prose)]
    elements = sorted({*ranges, (0, len(blocks))}, key=lambda span: span[1] - span[0])
    start, end = next((a, b) for a, b in elements if sums[b] - sums[a] >= _MAIN_SHARE * sums[-1])
    for a, b in elements:  # widen it up to the first element that brings links along
        if a <= start and end <= b:
            if any(shown[n] and not own[n] for n in (*range(a, start), *range(end, b))):
                break
            start, end = a, b
    titles = [
        n
        for n in range(start)
        if own[n] and (blocks[n].heading or (len(texts[n]) > 5 and texts[n].strip() in page_title))
    ]
    return [texts[n] for n in (*titles[-1:], *range(start, end)) if own[n]]
