"""The alignment: exact both ways, covering, monotone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreport_nlp.reading.alignment import Alignment, Edit


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """Draw a text and edits that do not overlap, in any order."""
    text = draw(st.text(alphabet="甲乙丙ab5，。 \n𠀀", min_size=1, max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    edits = [
        Edit(
            start, end, draw(st.sampled_from(["", "", " ", "和"])), draw(st.sampled_from(["wrap", "number"]))
        )
        for start, end in pairwise(cuts)
        if draw(st.booleans())
    ]
    return text, draw(st.permutations(edits))


@given(edited())
def test_every_character_is_kept_or_in_one_edit(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    alignment = Alignment(len(text), edits)
    clean = alignment.apply(text)
    assert len(clean) == alignment.clean_length
    rebuilt = ""
    position = 0
    for edit in alignment.edits:
        rebuilt += text[position : edit.start] + edit.text
        assert edit.reason
        position = edit.end
    assert rebuilt + text[position:] == clean


@given(edited())
def test_kept_characters_map_to_themselves(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    alignment = Alignment(len(text), edits)
    clean = alignment.apply(text)
    touched = {at for edit in edits for at in range(edit.start, edit.end)}
    for at in set(range(len(text))) - touched:
        start, end = alignment.clean_span(at, at + 1)
        assert clean[start:end] == text[at]
        assert alignment.source_span(start, end) == (at, at + 1)


@given(edited())
def test_spans_are_inverse(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    alignment = Alignment(len(text), edits)
    for start in range(alignment.clean_length):
        for end in range(start + 1, alignment.clean_length + 1):
            assert alignment.clean_span(*alignment.source_span(start, end)) == (start, end)


@given(edited())
def test_spans_keep_their_order(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    alignment = Alignment(len(text), edits)
    singles = [alignment.source_span(at, at + 1) for at in range(alignment.clean_length)]
    assert all(before[1] <= after[0] for before, after in pairwise(singles))
    for start, end in pairwise(range(alignment.clean_length + 1)):
        assert alignment.source_span(0, end)[1] == singles[start][1]
    starts = [alignment.clean_span(at, len(text))[0] for at in range(len(text))]
    assert starts == sorted(starts)


@given(edited())
def test_smallest_source_span(case: tuple[str, list[Edit]]) -> None:
    """Text dropped beside a clean span is no part of its source span."""
    text, edits = case
    alignment = Alignment(len(text), edits)
    dropped = {at for edit in edits if not edit.text for at in range(edit.start, edit.end)}
    for start in range(alignment.clean_length):
        low, high = alignment.source_span(start, alignment.clean_length)
        assert low not in dropped
        assert high - 1 not in dropped


@given(edited(), st.data())
def test_dropped_spans_are_empty_where_they_stood(case: tuple[str, list[Edit]], data: st.DataObject) -> None:
    text, edits = case
    alignment = Alignment(len(text), edits)
    clean = alignment.apply(text)
    for edit in edits:
        start, end = alignment.clean_span(edit.start, edit.end)
        assert clean[start:end] == edit.text
    at = data.draw(st.integers(0, len(text)))
    start, end = alignment.clean_span(at, at)
    assert start == end <= len(clean)


def test_empty_spans() -> None:
    alignment = Alignment(5, [Edit(0, 2, "", "white space"), Edit(4, 5, "", "white space")])
    assert alignment.source_span(0, 0) == (2, 2)
    assert alignment.source_span(2, 2) == (5, 5)
    assert alignment.clean_span(0, 2) == (0, 0)
    assert alignment.clean_span(5, 5) == (2, 2)


def test_all_dropped() -> None:
    alignment = Alignment(3, [Edit(0, 3, "", "outside")])
    assert alignment.apply("一二三") == ""
    assert alignment.clean_span(0, 3) == (0, 0)
    assert alignment.source_span(0, 0) == (3, 3)


def test_empty_edits_are_nothing() -> None:
    assert Alignment(3, [Edit(1, 1, "", "nothing")]).edits == ()


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 2, "", "a"), Edit(1, 3, "", "b")],
        [Edit(2, 6, "", "beyond the end")],
        [Edit(0, 1, "两字", "too long")],
    ],
)
def test_impossible_edits(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="Edit"):
        Alignment(5, edits)


def test_text_of_another_length() -> None:
    with pytest.raises(ValueError, match="source has 2 characters, the alignment 3"):
        Alignment(3, []).apply("二字")


@pytest.mark.parametrize("span", [(-1, 1), (2, 1), (0, 4)])
@pytest.mark.parametrize("method", ["source_span", "clean_span"])
def test_spans_outside_the_text(method: str, span: tuple[int, int]) -> None:
    with pytest.raises(IndexError, match="is not within"):
        getattr(Alignment(3, []), method)(*span)


def test_repr() -> None:
    assert repr(Alignment(3, [Edit(0, 1, "", "outside")])) == "Alignment(3 → 2 characters, 1 edits)"
