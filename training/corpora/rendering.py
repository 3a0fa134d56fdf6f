"""Lay a starter text out in its style, and carry its annotation over exactly."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from govreport_nlp.corpora.attaching import digest
from govreport_nlp.corpora.records import SCHEMA, Record, with_text
from govreport_nlp.errors import GovReportError
from govreport_nlp.evaluation.perturbation import (
    Layout,
    Perturbed,
    half_width,
    hard_wrap,
    random_layout,
    spaced_digits,
)
from govreport_nlp.labels import LEVELS, THEMES
from govreport_nlp.pipes.tables import read_rows, read_text
from govreport_nlp.reading.alignment import Alignment, Edit
from training.corpora.standoff import sentence_spans
from training.corpora.words import word_spans

__all__ = ["STYLES", "StarterText", "read_starter", "render"]

_LABELS: Final = {"G": "PROGRAMME", "S": "SLOGAN", "J": "PROJECT"}
_LINE: Final = re.compile(r"([HB]) (\S+) \| (.+)")
_MARK: Final = re.compile(r"\[([GSJ])\|([^\[\]|]+)\]")
_RUN_IN: Final = re.compile(r"[^，。；：]{4,22}。(?=.)")
_SECTION: Final = re.compile(r"[一二三四五六七八九十]+、")
_WIDE_DIGITS: Final = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
_CHROME: Final = Path(__file__).with_name("chrome.tsv")

Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class StarterText:
    """A starter text as it was written: one paragraph a line, with inline marks.

    Attributes
    ----------
    name : str
        Name of the file without suffix; the part before ``-`` is the writer.
    meta : dict of str to str
        ``level``, ``place``, ``year`` and ``style``.
    paragraphs : list of str
        Without marks.
    kinds : list of str
        ``"heading"`` or ``"body"``.
    themes : list of list of str
        Themes of each paragraph.
    entities : list of list of (int, int, str)
        Entities of each paragraph, as offsets into it.
    """

    name: str
    meta: dict[str, str]
    paragraphs: list[str]
    kinds: list[str]
    themes: list[list[str]]
    entities: list[list[Span]]


def read_starter(path: Path) -> StarterText:
    """Read a starter text.

    Raises
    ------
    GovReportError
        If its header or a line is not in the format.
    """
    header, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    meta = {
        key.strip(): value.strip() for key, _, value in (line.partition(":") for line in header.splitlines())
    }
    if meta.get("style") not in STYLES or meta.get("level") not in LEVELS or not meta.get("place"):
        raise GovReportError("the header lacks a level, place or style of the known ones", where=str(path))
    text = StarterText(path.stem, meta, [], [], [], [])
    for line in filter(None, map(str.strip, body.splitlines())):
        match = _LINE.fullmatch(line)
        themes = match[2].split(",") if match and match[2] != "-" else []
        if not match or any(theme not in THEMES for theme in themes):
            raise GovReportError(f"the line cannot be read: {line[:40]}", where=str(path))
        paragraph, entities = _unmarked(match[3])
        if set(paragraph) & set("[]|"):
            raise GovReportError(f"a mark is broken: {line[:40]}", where=str(path))
        text.paragraphs.append(paragraph)
        text.kinds.append("heading" if match[1] == "H" else "body")
        text.themes.append(themes)
        text.entities.append(entities)
    return text


def _unmarked(marked: str) -> tuple[str, list[Span]]:
    """Take the marks out of a paragraph.

    >>> _unmarked("推进[G|河长制]。")
    ('推进河长制。', [(2, 5, 'PROGRAMME')])
    """
    plain, position, spans = "", 0, []
    for match in _MARK.finditer(marked):
        plain += marked[position : match.start()]
        spans.append((len(plain), len(plain) + len(match[2]), _LABELS[match[1]]))
        plain += match[2]
        position = match.end()
    return plain + marked[position:], spans


def render(
    starter: StarterText, split: str, *, words: dict[int, list[int]], guideline_version: str
) -> Record:
    """Give the record of a starter text, laid out in its style; the same input gives the same text.

    Every span is carried over through the alignments of the layout. Marks of a Markdown heading belong to its
    paragraph. `words` has the word lengths of the paragraphs that were segmented, by number.
    """
    rng = random.Random(starter.name)
    layers = STYLES[starter.meta["style"]](starter, rng)
    text = layers[-1].text

    def carried(start: int, end: int) -> dict[str, int]:
        for layer in layers:
            start, end = layer.alignment.source_span(start, end)
        return {"start": start, "end": end}

    paragraphs: list[dict[str, Any]] = []
    sentences: list[dict[str, int]] = []
    entities: list[dict[str, Any]] = []
    segmented: list[dict[str, int]] = []
    offset = 0
    clean = "\n".join(starter.paragraphs)
    for number, paragraph in enumerate(starter.paragraphs):
        close = offset + len(paragraph)
        span = carried(offset, close)
        inside = [carried(s["start"], s["end"]) for s in sentence_spans(clean, offset, close)]
        if starter.meta["style"] == "markdown":
            span = _whole_lines(text, span)
            inside[0]["start"], inside[-1]["end"] = span["start"], span["end"]
        kind, themes = starter.kinds[number], starter.themes[number]
        paragraphs.append({**span, "kind": kind, "level": None, "labels": themes, "themes": {}})
        sentences += inside
        for start, end, label in starter.entities[number]:
            entities.append(
                {**carried(offset + start, offset + end), "label": label, "text": None, "id": None}
            )
        if number in words:
            spans = word_spans(paragraph, words[number], offset)
            segmented += [carried(word["start"], word["end"]) for word in spans]
        offset = close + 1
    region = [paragraphs[0]["start"], paragraphs[-1]["end"]]
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "id": starter.name,
        "source": f"{starter.name}.txt",
        "sha256": digest(text.encode()),
        "report": 0,
        "start": region[0],
        "end": region[1],
        "split": split,
        "annotator": f"writer {starter.name.partition('-')[0]}",
        "guideline_version": guideline_version,
        "regions": [region],
        "meta": {
            "title": None,
            "place": starter.meta["place"],
            "level": starter.meta["level"],
            "year": int(starter.meta["year"]),
            "date": None,
            "speaker": None,
        },
        "text": None,
        "paragraphs": paragraphs,
        "sentences": sentences,
        "entities": entities,
        "indicators": [],
        "words": segmented or None,
    }
    return with_text(record, text)


def _whole_lines(text: str, span: dict[str, int]) -> dict[str, int]:
    end = text.find("\n", span["end"])
    return {"start": text.rfind("\n", 0, span["start"]) + 1, "end": len(text) if end < 0 else end}


def _laid_out(starter: StarterText, layout: Layout, rng: random.Random) -> Perturbed:
    headings = [kind == "heading" for kind in starter.kinds]
    return hard_wrap(starter.paragraphs, layout, headings=headings, seed=rng.randrange(2**16))


def _clean(starter: StarterText, rng: random.Random) -> list[Perturbed]:
    layout = Layout(width=None, page=None, indent=rng.choice(("", "\u3000\u3000")), blank=rng.random() < 0.5)
    return [_laid_out(starter, layout, rng)]


def _pdf(starter: StarterText, rng: random.Random) -> list[Perturbed]:
    layers = [_laid_out(starter, random_layout(rng), rng)]
    return [*layers, spaced_digits(layers[-1].text)] if rng.random() < 0.5 else layers


def _half_width(starter: StarterText, rng: random.Random) -> list[Perturbed]:
    layout = Layout(width=None, page=None, indent=" " * rng.choice((4, 6)), blank=True)
    page = _laid_out(starter, layout, rng)
    return [page, half_width(page.text)]


def _old(starter: StarterText, rng: random.Random) -> list[Perturbed]:
    """As typed on an early word processor: wrapped without pages, some with full-width digits."""
    page = _laid_out(starter, Layout(width=rng.choice((36, 38, 40)), page=None), rng)
    if rng.random() < 0.5:
        return [page]
    wide = page.text.translate(_WIDE_DIGITS)
    edits = [
        Edit(at, at + 1, narrow, "full width")
        for at, (narrow, character) in enumerate(zip(page.text, wide, strict=True))
        if narrow != character
    ]
    return [page, Perturbed(wide, Alignment(len(wide), edits))]


def _web(starter: StarterText, rng: random.Random) -> list[Perturbed]:
    """As copied from a web page: indented paragraphs between navigation and footer."""
    page = _laid_out(starter, Layout(width=None, page=None, blank=rng.random() < 0.5), rng)
    lines: dict[str, list[str]] = {"top": [], "bottom": []}
    for _, (where, line) in read_rows(read_text(_CHROME), 2, where=_CHROME.name):
        if rng.random() < 0.7:
            lines[where].append(line.format_map(starter.meta))
    top, bottom = (
        "".join(f"{line}\n" for line in lines["top"]),
        "".join(f"\n{line}" for line in lines["bottom"]),
    )
    text = f"{top}{page.text}{bottom}\n"
    after = len(top) + len(page.text)
    edits = [Edit(0, len(top), "", "web page"), Edit(after, len(text), "", "web page")]
    return [page, Perturbed(text, Alignment(len(text), edits))]


def _markdown(starter: StarterText, rng: random.Random) -> list[Perturbed]:
    """With ``#`` headings and bold run-in headings, one paragraph a block."""
    parts: list[str] = []
    edits: list[Edit] = []

    def insert(markup: str, original: str = "") -> None:
        at = sum(map(len, parts))
        edits.append(Edit(at, at + len(markup), original, "markup"))
        parts.append(markup)

    bold = rng.random() < 0.7
    for number, (paragraph, kind) in enumerate(zip(starter.paragraphs, starter.kinds, strict=True)):
        if number:
            insert("\n\n", "\n")
        run_in = _RUN_IN.match(paragraph) if bold and kind == "body" else None
        if kind == "heading":
            insert("# " if number == 0 else "## " if _SECTION.match(paragraph) else "### ")
            parts.append(paragraph)
        elif run_in:
            insert("**")
            parts.append(run_in[0])
            insert("**")
            parts.append(paragraph[run_in.end() :])
        else:
            parts.append(paragraph)
    text = "".join(parts)
    return [Perturbed(text, Alignment(len(text), edits))]


STYLES: Final[dict[str, Callable[[StarterText, random.Random], list[Perturbed]]]] = {
    "clean": _clean,
    "pdf": _pdf,
    "web": _web,
    "markdown": _markdown,
    "half-width": _half_width,
    "old": _old,
}
"""Functions that lay a text out, by style: each layer perturbs the one before it."""
