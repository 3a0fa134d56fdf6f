"""Indicators: extraction, context and the pipe."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipe_contract import PipeContract
from spacy.lang.zh import Chinese
from spacy.language import Language
from spacy.tokens import Doc

import govreport_nlp.tokenizer  # noqa: F401 - registers the tokenizer
from govreport_nlp.pipes.extensions import attach, set_paragraphs
from govreport_nlp.pipes.indicators import Figure, IndicatorsPipe, find_figures, kind_of, year_of
from govreport_nlp.reading.alignment import Alignment
from govreport_nlp.reading.report import Metadata, Paragraph, Report, Source

GOLDEN = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "indicators.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def written(figure: Figure) -> str:
    cells = (figure.name, figure.value, figure.unit, figure.change, figure.relation)
    return "|".join(
        "" if cell is None else f"{cell:g}" if isinstance(cell, float) else cell for cell in cells
    )


def test_the_golden_file_is_long_enough() -> None:
    assert len(GOLDEN) >= 80


@pytest.mark.parametrize(("sentence", "expected"), GOLDEN)
def test_golden(sentence: str, expected: str) -> None:
    assert "; ".join(map(written, find_figures(sentence))) == expected


@pytest.mark.parametrize(("sentence", "expected"), GOLDEN)
def test_width_and_white_space_do_not_matter(sentence: str, expected: str) -> None:
    half = sentence.translate(str.maketrans("，（）％", ",()%"))
    wrapped = "\n ".join(half)
    assert "; ".join(map(written, find_figures(half))) == expected
    assert "; ".join(map(written, find_figures(wrapped))) == expected


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("全年地区生产总值完成 173.5\n亿元。", ["地区生产总值完成 173.5\n亿元"]),
        (
            "税收收入、出口总额分别增长8%和6%。",
            ["税收收入、出口总额分别增长8%", "出口总额分别增长8%和6%"],
        ),
        (
            "城镇和农村居民人均可支配收入均增长6%。",
            ["城镇和农村居民人均可支配收入均增长6%", "农村居民人均可支配收入均增长6%"],
        ),
    ],
)
def test_spans(text: str, spans: list[str]) -> None:
    assert [text[figure.start : figure.end] for figure in find_figures(text)] == spans


WORDS = "2023年 生产总值 税收 覆盖率 、 和 ， 分别 均 增长 下降 达到 8% 1,000 .5 亿元 个百分点 左右 （ “ ”"
PIECES = st.sampled_from([*WORDS.split(), " ", "\n"])


@given(st.lists(PIECES).map("".join) | st.text())
def test_figures_are_well_formed(text: str) -> None:
    for figure in find_figures(text):
        inside = text[figure.start : figure.end]
        assert inside
        assert inside == inside.strip()
        assert figure.name
        assert figure.value is not None or figure.change is not None
        assert (figure.unit is not None) or figure.value is None


@pytest.mark.parametrize(
    "piece", ["税收、", "税收增长8%、", "1", "，", "分别", "税收和", "地区生产总值分别增长", "（"]
)
def test_time_is_linear(piece: str) -> None:
    find_figures("税收")
    seconds = []
    for length in (20_000, 80_000):
        text = (piece * length)[:length]
        start = time.perf_counter()
        find_figures(text)
        seconds.append(time.perf_counter() - start)
    assert seconds[1] < 12 * seconds[0] + 0.1


# --- context


@pytest.mark.parametrize(
    ("before", "part", "kind"),
    [
        ("", None, "result"),
        ("今年的主要预期目标是：", None, "target"),
        ("力争", None, "target"),
        ("力争进位。", None, "result"),
        ("力争", "review", "result"),
        ("", "plan", "target"),
        ("", "opening", "result"),
    ],
)
def test_kind(before: str, part: str | None, kind: str) -> None:
    assert kind_of(f"{before}税收增长8%", len(before), part) == kind


@pytest.mark.parametrize(
    ("before", "given", "kind"),
    [
        ("2024年，预期目标是：税收增长5%左右；2023年，", None, "result"),
        ("预期目标是：税收增长5%左右；2023年，", 2024, "result"),
        ("预期目标是：税收增长5%左右；2023年，", None, "target"),
        ("2024年，", 2024, "target"),
        ("到2030年，", 2024, "target"),
        ("力争在2023年的基础上，", 2024, "target"),
        ("比2023年", 2024, "target"),
    ],
)
def test_a_past_year_in_the_plan(before: str, given: int | None, kind: str) -> None:
    assert kind_of(f"{before}税收增长8%", len(before), "plan", given) == kind


@pytest.mark.parametrize(
    ("before", "section", "given", "kind", "year"),
    [
        ("", [], None, "result", None),
        ("", [], 2024, "result", 2023),
        ("", [], 2024, "target", 2024),
        ("2019年，", [], 2024, "result", 2019),
        ("从2015年到2020 年，", [], 2024, "result", 2020),
        ("比2015年", [], 2024, "result", 2023),
        ("2015年以来，", [], 2024, "result", 2023),
        ("2019年起步。", [], 2024, "result", 2023),
        ("", ["一、2021年工作回顾", "（一）稳增长"], 2024, "result", 2021),
        ("到2030年，", ["2024年工作安排"], 2024, "target", 2030),
    ],
)
def test_year(before: str, section: list[str], given: int | None, kind: str, year: int | None) -> None:
    assert year_of(f"{before}税收", len(before), section, given, kind) == year


# --- pipe


@pytest.fixture(scope="module")
def indicators_nlp() -> Language:
    nlp = Chinese.from_config({"nlp": {"tokenizer": {"@tokenizers": "govreport_nlp.CharacterTokenizer.v1"}}})
    nlp.add_pipe("govreport_indicators")
    return nlp


class TestIndicatorsContract(PipeContract):
    @pytest.fixture
    def nlp(self, indicators_nlp: Language) -> Language:
        return indicators_nlp

    def outcome(self, doc: Doc) -> object:
        spans = [(span.start, span.end, span.label_) for span in doc.spans.get("indicators", ())]
        return list(doc._.indicators), spans


def test_items_and_spans(indicators_nlp: Language) -> None:
    doc = indicators_nlp("2023年，全县地区生产总值完成1,680亿元，同比下降1.9%。\n力争税收增长6%左右。")
    assert doc._.indicators == [
        {
            "start": 8,
            "end": 32,
            "name": "地区生产总值",
            "value": 1680.0,
            "unit": "亿元",
            "change": -1.9,
            "relation": "reach",
            "kind": "result",
            "year": 2023,
        },
        {
            "start": 36,
            "end": 44,
            "name": "税收",
            "value": None,
            "unit": None,
            "change": 6.0,
            "relation": "about",
            "kind": "target",
            "year": None,
        },
    ]
    assert [(span.text, span.label_) for span in doc.spans["indicators"]] == [
        ("地区生产总值完成1,680亿元，同比下降1.9%", "result"),
        ("税收增长6%左右", "target"),
    ]


def test_a_doc_keeps_its_own_list() -> None:
    nlp = Chinese()
    first = IndicatorsPipe("indicators")(nlp("税收增长6%"))
    assert nlp("税收")._.indicators == []
    assert len(first._.indicators) == 1


def test_paragraphs_bound_figures(indicators_nlp: Language) -> None:
    text = "税收\n增长6%"
    assert indicators_nlp(text)._.indicators == []
    doc = set_paragraphs(indicators_nlp.make_doc(text), [Paragraph(0, len(text), part="plan")])
    assert [item["kind"] for item in indicators_nlp(doc)._.indicators] == ["target"]


def test_the_year_of_the_report(indicators_nlp: Language) -> None:
    text = "税收增长6%"
    report = Report(
        source=Source("<text>", "text", None, "0" * 64, text),
        number=0,
        start=0,
        end=len(text),
        alignment=Alignment(len(text), ()),
        paragraphs=(Paragraph(0, len(text), part="review"),),
        meta=Metadata(year=2024),
    )
    doc = indicators_nlp(attach(indicators_nlp.make_doc(text), report))
    assert [item["year"] for item in doc._.indicators] == [2023]
