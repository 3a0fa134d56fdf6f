"""Physical lines: extent, indentation, blank lines, pages, markup."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreport_nlp.reading.alignment import Edit
from govreport_nlp.reading.lines import split_lines


def texts(source: str, *drops: Edit) -> list[str]:
    return [line.text for line in split_lines(source, drops)]


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\r", "\f", "\v", "\x85", "\u2028", "\u2029", "\n\f"])
def test_line_ends(mark: str) -> None:
    assert texts(f"工业增产{mark}农业增收{mark}") == ["工业增产", "农业增收"]


@pytest.mark.parametrize("space", [" ", "\t", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u3000 \t"])
def test_white_space_around_a_line_is_no_part_of_it(space: str) -> None:
    (line,) = split_lines(f"{space}增产 增收{space}\n")
    assert (line.text, line.start, line.end) == ("增产 增收", len(space), len(space) + 5)


def test_geometry() -> None:
    first, second, third = split_lines("\u3000\u3000增长5%\n\n  \n\t收\n    支\n")
    assert (first.indent, first.width, first.blank) == (2, 3, 0)
    assert (second.indent, second.blank) == (2, 2)
    assert (third.indent, third.blank) == (2, 0)


def test_form_feed_starts_a_page() -> None:
    assert [line.page for line in split_lines("一页\n\f二页\n还是二页")] == [False, True, False]


def test_dropped_markup_is_not_seen() -> None:
    source = "## **工业**\n<br>\n增长"
    (heading, body) = split_lines(
        source,
        [
            Edit(0, 3, "", "markup"),
            Edit(3, 5, "", "markup"),
            Edit(7, 9, "", "markup"),
            Edit(10, 14, "", "markup"),
        ],
    )
    assert (heading.text, heading.raw, source[heading.start : heading.end]) == ("工业", "## **工业**", "工业")
    assert body.text == "增长"


def test_drop_over_several_lines() -> None:
    source = "正文一\n<!-- 图\n说明 -->正文二\n"
    comment = Edit(source.index("<"), source.index("正文二"), "", "comment")
    assert texts(source, comment) == ["正文一", "正文二"]


def test_drop_inside_a_line() -> None:
    (line,) = split_lines("增长[1]很快", [Edit(2, 5, "", "footnote")])
    assert (line.text, line.start, line.end) == ("增长很快", 0, 7)


@given(st.text(alphabet="甲乙 \n\r\f\u3000\u200b#*") | st.text())
def test_lines_cover_all_that_is_visible(source: str) -> None:
    lines = list(split_lines(source))
    assert all(before.end <= after.start for before, after in pairwise(lines))
    assert all(source[line.start : line.end] == line.text for line in lines)
    covered = {at for line in lines for at in range(line.start, line.end)}
    invisible = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
    for at, character in enumerate(source):
        assert at in covered or character.isspace() or character in invisible
