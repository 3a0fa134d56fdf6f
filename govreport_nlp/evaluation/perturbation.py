"""Seeded perturbations that lay a clean report out the way real files come, with exact alignment.

Every perturbation takes the text of whole paragraphs and gives a :class:`Perturbed` text whose alignment
leads back to it, so that annotations of the clean text can be carried over.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from govreport_nlp.characters import CLOSERS, OPENERS, display_width
from govreport_nlp.reading.alignment import Alignment, Edit

__all__ = ["Layout", "Perturbed", "half_width", "hard_wrap", "random_layout", "spaced_digits"]

_NEVER_FIRST = "，、。；：！？％,.;:!?%" + CLOSERS
_SUBTITLE = re.compile(r"(?:会议|大会)上?[)）]?$")
_UNIT = re.compile(r"[A-Za-z0-9.%]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Perturbed:
    """A perturbed text and the way back.

    Attributes
    ----------
    text : str
        The perturbed text.
    alignment : Alignment
        Maps `text` (as source) to the text it was made from (as clean text).
    """

    text: str
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page is set.

    Attributes
    ----------
    width : float or None
        Full-width columns a line holds; ``None`` leaves paragraphs on one line.
    indent : str
        White space before the first line of a body paragraph.
    blank : bool
        Whether a blank line stands between paragraphs.
    page : int or None
        Lines a page; for unwrapped text, characters a page. ``None`` for no pages.
    page_number : str
        Format of the page number with ``{}``, or empty for none.
    split_pages : bool
        Whether unwrapped paragraphs are cut by a blank line at page ends, as PDF converters do.
    title_width : float or None
        Full-width columns that a long subtitle (``——…会议上``) holds; ``None`` leaves it to `width`.
    """

    width: float | None = 34
    indent: str = "\u3000\u3000"
    blank: bool = False
    page: int | None = 34
    page_number: str = "- {} -"
    split_pages: bool = False
    title_width: float | None = None


def random_layout(rng: random.Random, *, wrapped: bool = True) -> Layout:
    """Draw a layout: wrapped at 24–45 columns, or unwrapped as web pages and Word exports are."""
    return Layout(
        width=rng.randint(24, 45) if wrapped else None,
        indent=rng.choice(("\u3000\u3000", "\u3000\u3000", "    ", "  ", "")),
        blank=rng.random() < (0.2 if wrapped else 0.5),
        page=rng.choice((None, *range(22, 45))) if wrapped else rng.randint(200, 1200),
        page_number=rng.choice(("- {} -", "—{}—", "{}", "第 {} 页", "— {} —", "", "")),
        split_pages=rng.random() < 0.7,
        title_width=rng.randint(14, 24) if rng.random() < 0.7 else None,
    )


class _Writer:
    """Collect perturbed text and the edits that lead back."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.edits: list[Edit] = []
        self.length = 0

    def copy(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def insert(self, text: str, reason: str, original: str = "") -> None:
        if text:
            self.edits.append(Edit(self.length, self.length + len(text), original, reason))
            self.copy(text)

    def result(self) -> Perturbed:
        return Perturbed("".join(self.parts), Alignment(self.length, self.edits))


def hard_wrap(
    paragraphs: Sequence[str], layout: Layout, *, headings: Sequence[bool] | None = None, seed: int = 0
) -> Perturbed:
    r"""Lay paragraphs out as a PDF or a Word export has them.

    Parameters
    ----------
    paragraphs : sequence of str
        Paragraphs without line breaks; the text they are aligned with is ``"\n".join(paragraphs)``.
    layout : Layout
        Width, indentation, pages.
    headings : sequence of bool, optional
        Which paragraphs are headings (these are not indented); none unless given.
    seed : int
        Seeds what a layout leaves to chance: the length of each page.

    Returns
    -------
    Perturbed
    """
    rng = random.Random(seed)
    writer = _Writer()
    page = _Page(layout, rng)
    for index, paragraph in enumerate(paragraphs):
        if index:
            writer.insert("\n\n" if layout.blank else "\n", "layout", "\n")
        if not (headings and headings[index]):
            writer.insert(layout.indent, "layout")
        pieces, at_pages = _pieces(paragraph, layout, rng)
        for piece, text in enumerate(pieces):
            writer.copy(text)
            last = piece == len(pieces) - 1
            if at_pages:
                writer.insert("" if last else page.furniture() + "\n", "page end")
                continue
            if page.full() and not (last and index == len(paragraphs) - 1):
                writer.insert(page.furniture(), "page end")
            wrap = "\n\n" if layout.blank and layout.width is None else "\n"
            writer.insert("" if last else wrap, "line wrap")
    return writer.result()


class _Page:
    """Count the lines of a page and number the pages."""

    def __init__(self, layout: Layout, rng: random.Random) -> None:
        self.layout = layout
        self.rng = rng
        self.number = 0
        self.room = self._lines() if layout.width is not None else float("inf")

    def _lines(self) -> float:
        return (
            self.rng.randint(self.layout.page - 2, self.layout.page + 1) if self.layout.page else float("inf")
        )

    def full(self) -> bool:
        """Take one line of the page; tell whether it was the last."""
        self.room -= 1
        if self.room > 0:
            return False
        self.room = self._lines()
        return True

    def furniture(self) -> str:
        self.number += 1
        number = self.layout.page_number
        return f"\n{number.format(self.number)}\n" if number else "\n"


def _pieces(paragraph: str, layout: Layout, rng: random.Random) -> tuple[list[str], bool]:
    """Cut a paragraph into the lines it is printed on; tell whether they are parted by page ends."""
    if layout.title_width is not None and _SUBTITLE.search(paragraph) and len(paragraph) < 60:
        return _wrap(paragraph, layout.title_width, 0), False
    if layout.width is not None:
        return _wrap(paragraph, layout.width, display_width(layout.indent)), False
    pieces: list[str] = []
    while (
        layout.split_pages
        and layout.page
        and len(paragraph) > 60
        and rng.random() < len(paragraph) / layout.page
    ):
        cut = rng.randint(20, len(paragraph) - 20)
        pieces.append(paragraph[:cut])
        paragraph = paragraph[cut:]
    return [*pieces, paragraph], True


def _wrap(paragraph: str, columns: float, indent: float) -> list[str]:
    lines: list[str] = []
    line = ""
    room = columns - indent
    for unit in _UNIT.findall(paragraph):
        width = display_width(unit)
        if line and width > room and unit not in _NEVER_FIRST:
            keep = ""
            if line[-1] in OPENERS and len(line) > 1:
                line, keep = line[:-1], line[-1]
            lines.append(line)
            line, room = keep, columns - display_width(keep)
        line += unit
        room -= width
    return [*lines, line] if line else lines


_HALF = str.maketrans("，；：？！（）％", ",;:?!()%")


def half_width(text: str) -> Perturbed:
    """Replace full-width punctuation by half-width, as many web pages do; length unchanged."""
    perturbed = text.translate(_HALF)
    edits = [
        Edit(i, i + 1, a, "half width")
        for i, (a, b) in enumerate(zip(text, perturbed, strict=True))
        if a != b
    ]
    return Perturbed(perturbed, Alignment(len(text), edits))


_DIGIT_EDGE = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[\u4e00-\u9fff])")


def spaced_digits(text: str) -> Perturbed:
    """Put a space between Chinese and digits or Latin letters, as PDF converters do."""
    writer = _Writer()
    position = 0
    for match in _DIGIT_EDGE.finditer(text):
        writer.copy(text[position : match.start()])
        writer.insert(" ", "spaced digits")
        position = match.start()
    writer.copy(text[position:])
    return writer.result()
