"""Lay real reports out in many ways, to give the re-flow model breaks whose truth is known."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from govreport_nlp.characters import closes_sentence
from govreport_nlp.evaluation.perturbation import half_width, hard_wrap, random_layout, spaced_digits
from govreport_nlp.reading.chrome import drop_chrome
from govreport_nlp.reading.lines import Line, split_lines

_SALUTATION = re.compile(r"^.{2,20}[：:]$")


def paragraphs_of(text: str) -> list[str]:
    """Paragraphs of a raw report: one a line there, front matter left out."""
    body = text.split("---\n", 2)[-1] if text.startswith("---") else text
    lines = (re.sub(r"\*\*|^#+\s*|\[\^?\d+\]", "", line).strip() for line in body.split("\n"))
    return [line for line in lines if line]


def examples(text: str, seed: int) -> Iterator[tuple[list[Line], list[bool]]]:
    """Yield the report's lines in a wrapped and an unwrapped layout, with the truth of each break.

    A report whose own paragraphs look broken is left out: its line ends are no truth.
    """
    paragraphs = paragraphs_of(text)
    long = [p for p in paragraphs if len(p) > 60]
    if sum(not _complete(p) for p in long) > 0.01 * len(long):
        return
    for wrapped in (True, False):
        yield _example(paragraphs, random.Random(f"{seed} {wrapped}"), wrapped)


def _complete(paragraph: str) -> bool:
    return closes_sentence(paragraph) or paragraph[-1] in "：；，:;,"


def _example(paragraphs: list[str], rng: random.Random, wrapped: bool) -> tuple[list[Line], list[bool]]:
    flush_salutation = rng.random() < 0.5
    headings = [
        (len(p) < 45 and not _complete(p)) or (flush_salutation and bool(_SALUTATION.match(p)))
        for p in paragraphs
    ]
    if rng.random() < 0.15:
        headings = [False] * len(paragraphs)
    clean = "\n".join(paragraphs)
    if rng.random() < 0.25:
        clean = half_width(clean).text
    if rng.random() < 0.25:
        clean = spaced_digits(clean).text
    layout = random_layout(rng, wrapped=wrapped)
    laid = hard_wrap(clean.split("\n"), layout, headings=headings, seed=rng.randrange(2**32))
    lines, _ = drop_chrome(list(split_lines(laid.text)))
    ends = set()
    position = 0
    for paragraph in clean.split("\n"):
        ends.add(laid.alignment.source_span(position, position + len(paragraph))[1])
        position += len(paragraph) + 1
    return lines, [line.end in ends for line in lines[:-1]]
