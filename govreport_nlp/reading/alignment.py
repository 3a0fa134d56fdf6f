"""Exact, reversible alignment between a source text and its clean form."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Alignment", "Edit"]


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One recorded change: ``source[start:end]`` became `text`.

    Attributes
    ----------
    start, end : int
        Half-open span of code points in the source.
    text : str
        Replacement, at most one character; empty when the span was dropped.
    reason : str
        Why, e.g. ``"page number"`` or ``"line wrap"``.
    """

    start: int
    end: int
    text: str
    reason: str


class Alignment:
    r"""Map between a source text and the clean text that a list of edits makes of it.

    Every source character is either kept, replaced or dropped by exactly one edit. A replacement is one
    character long at most, so that each clean character has one source interval and both directions
    are exact.

    Parameters
    ----------
    source_length : int
        Length of the source in code points.
    edits : iterable of Edit
        Changes in any order; they must not overlap.

    Raises
    ------
    ValueError
        If an edit lies outside the source, overlaps another or replaces by more than one character.

    Examples
    --------
    >>> alignment = Alignment(7, [Edit(1, 3, "", "line wrap")])
    >>> alignment.apply("经\n 济发展。")
    '经济发展。'
    >>> alignment.source_span(0, 2), alignment.clean_span(0, 4)
    ((0, 4), (0, 2))
    """

    def __init__(self, source_length: int, edits: Iterable[Edit]) -> None:
        self.source_length = source_length
        self.edits: tuple[Edit, ...] = tuple(sorted(e for e in edits if e.end > e.start))
        # Pieces in order: source start, source end, clean start, clean end.
        self._source_starts: list[int] = []
        self._source_ends: list[int] = []
        self._clean_starts: list[int] = []
        self._clean_ends: list[int] = []
        position = clean = 0
        for edit in self.edits:
            if edit.start < position or edit.end > source_length:
                raise ValueError(
                    f"{edit} overlaps the edit before it or leaves the source (0–{source_length})"
                )
            if len(edit.text) > 1:
                raise ValueError(f"{edit} replaces by more than one character")
            clean = self._keep(position, edit.start, clean)
            if edit.text:
                self._add(edit.start, edit.end, clean, clean + 1)
                clean += 1
            position = edit.end
        self.clean_length = self._keep(position, source_length, clean)

    def _keep(self, start: int, end: int, clean: int) -> int:
        if end > start:
            self._add(start, end, clean, clean + end - start)
        return clean + end - start

    def _add(self, source_start: int, source_end: int, clean_start: int, clean_end: int) -> None:
        self._source_starts.append(source_start)
        self._source_ends.append(source_end)
        self._clean_starts.append(clean_start)
        self._clean_ends.append(clean_end)

    def apply(self, source: str) -> str:
        """Give the clean text of `source`.

        Raises
        ------
        ValueError
            If `source` has another length than the alignment was made for.
        """
        if len(source) != self.source_length:
            raise ValueError(f"source has {len(source)} characters, the alignment {self.source_length}")
        parts: list[str] = []
        position = 0
        for edit in self.edits:
            parts += (source[position : edit.start], edit.text)
            position = edit.end
        parts.append(source[position:])
        return "".join(parts)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the smallest source span that holds every character of the clean span.

        Raises
        ------
        IndexError
            If the span is not within the clean text.
        """
        self._check(start, end, self.clean_length, "clean")
        if start == end:
            at = self._source_of(start) if start < self.clean_length else self.source_length
            return at, at
        last = self._source_of(end - 1)
        piece = bisect_right(self._clean_starts, end - 1) - 1
        width = self._clean_ends[piece] - self._clean_starts[piece]
        replaced = width == 1 and self._source_ends[piece] - self._source_starts[piece] > 1
        return self._source_of(start), self._source_ends[piece] if replaced else last + 1

    def _source_of(self, clean: int) -> int:
        piece = bisect_right(self._clean_starts, clean) - 1
        return self._source_starts[piece] + clean - self._clean_starts[piece]

    def clean_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the clean span of every clean character that comes from the source span.

        The span is empty where all of the source span was dropped; it then lies where that text would stand.

        Raises
        ------
        IndexError
            If the span is not within the source.
        """
        self._check(start, end, self.source_length, "source")
        first = self._clean_of(start, right=False)
        if start == end:
            return first, first
        return first, max(first, self._clean_of(end, right=True))

    def _clean_of(self, source: int, *, right: bool) -> int:
        """Clean offset of a source offset taken as a left or (`right`) right edge."""
        if right:
            piece = bisect_left(self._source_starts, source) - 1
            if piece < 0:
                return 0
            return self._within(piece, min(source, self._source_ends[piece]), right=True)
        piece = bisect_right(self._source_ends, source)
        if piece == len(self._source_ends):
            return self.clean_length
        return self._within(piece, max(source, self._source_starts[piece]), right=False)

    def _within(self, piece: int, source: int, *, right: bool) -> int:
        kept = self._source_ends[piece] - self._source_starts[piece]
        width = self._clean_ends[piece] - self._clean_starts[piece]
        if kept == width:
            return self._clean_starts[piece] + source - self._source_starts[piece]
        return self._clean_ends[piece] if right else self._clean_starts[piece]

    @staticmethod
    def _check(start: int, end: int, length: int, side: str) -> None:
        if not 0 <= start <= end <= length:
            raise IndexError(f"span ({start}, {end}) is not within the {side} text (0–{length})")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Alignment):
            return NotImplemented
        return (self.source_length, self.edits) == (other.source_length, other.edits)

    def __hash__(self) -> int:
        return hash((self.source_length, self.edits))

    def __repr__(self) -> str:
        return f"Alignment({self.source_length} → {self.clean_length} characters, {len(self.edits)} edits)"
