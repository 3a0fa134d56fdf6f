"""Themes: keywords and the pipe."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipe_contract import PipeContract
from spacy.lang.zh import Chinese
from spacy.language import Language
from spacy.tokens import Doc

import govreport_nlp.tokenizer  # noqa: F401 - registers the tokenizer
from govreport_nlp.errors import GovReportError
from govreport_nlp.labels import THEMES
from govreport_nlp.pipes.extensions import set_paragraphs
from govreport_nlp.pipes.themes import ThemesPipe, choose_labels, keyword_weights, shares
from govreport_nlp.reading.report import Paragraph


def make_nlp(**config: object) -> Language:
    nlp = Chinese.from_config({"nlp": {"tokenizer": {"@tokenizers": "govreport_nlp.CharacterTokenizer.v1"}}})
    nlp.add_pipe("govreport_paragraphs")
    nlp.add_pipe("govreport_themes", config=config)
    return nlp


@pytest.fixture(scope="module")
def themes_nlp() -> Language:
    return make_nlp()


class TestThemesContract(PipeContract):
    @pytest.fixture
    def nlp(self, themes_nlp: Language) -> Language:
        return themes_nlp

    def outcome(self, doc: Doc) -> object:
        spans = doc.spans.get("paragraphs", ())
        return [(span.start, span.end, list(span._.labels), span._.themes) for span in spans], dict(doc.cats)


def annotate(*paragraphs: tuple[str, dict[str, object]]) -> Doc:
    """Annotate paragraphs given as text and further fields of Paragraph."""
    text = "\n".join(line for line, _ in paragraphs)
    described, start = [], 0
    for line, fields in paragraphs:
        described.append(Paragraph(start, start + len(line), **fields))
        start += len(line) + 1
    return ThemesPipe()(set_paragraphs(Chinese()(text), described))


def labels(doc: Doc) -> list[list[str]]:
    return [span._.labels for span in doc.spans["paragraphs"]]


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("大力招商引资，引进龙头企业十家，工业产值再创新高，外贸进出口稳步增长。", "economy"),
        ("治理黑臭水体，空气质量优良天数增加，植树造林，河长制全面落实。", "ecology"),
        ("压实安全生产责任，排查消防隐患，化解信访积案，严厉打击电信诈骗。", "safety"),
        ("新增城镇就业，提高低保标准，新建幼儿园和社区养老服务中心。", "livelihood"),
        ("改造老旧小区，新建公路和桥梁，更新供水管网，增设停车位。", "construction"),
        ("坚持依法行政，自觉接受人大监督，办理政协提案，力戒形式主义。", "governance"),
    ],
)
def test_themes(text: str, theme: str) -> None:
    doc = annotate((text, {}))
    assert labels(doc)[0][0] == theme
    assert doc.cats[theme] == 1 / len(labels(doc)[0])


@pytest.mark.parametrize(
    "text",
    [
        "各位代表：",
        "现在，我代表县人民政府向大会报告工作，请予审议。",
        "向各位代表表示衷心的感谢和崇高的敬意！",
        "主要预期目标是：地区生产总值增长6%，城镇新增就业1000人，粮食产量10万吨。",
        "青山依旧。",
    ],
)
def test_no_theme(text: str) -> None:
    assert labels(annotate((text, {}))) == [[]]


def test_titles_and_salutations_have_no_theme() -> None:
    doc = annotate(("工业招商引资企业", {"role": "salutation"}))
    assert labels(doc) == [[]]
    assert set(doc.spans["paragraphs"][0]._.themes.values()) == {0}


def test_section_titles_count() -> None:
    text = "我们久久为功，亮点纷呈。"
    section = ("一、工作回顾", "（一）生态环境保护和污染治理扎实推进，蓝天碧水净土三大保卫战成效明显")
    assert labels(annotate((text, {}), (text, {"section": section}))) == [[], ["ecology"]]


def test_headings_get_the_themes_of_their_section() -> None:
    doc = annotate(
        ("一、工作回顾", {"kind": "heading", "level": 1}),
        ("（一）迈上新台阶", {"kind": "heading", "level": 2}),
        ("招商引资、工业企业和外贸进出口全面增长，科技创新和研发投入加大。", {}),
        ("（二）展现新面貌", {"kind": "heading", "level": 2}),
        ("治理污水和扬尘，空气质量和水质提升，植树造林，落实河长制。", {}),
        ("深化依法行政，接受监督，办理提案和议案，加强廉政建设和审计监督。", {}),
    )
    assert [span[:1] for span in labels(doc)] == [
        [],
        ["economy"],
        ["economy"],
        ["ecology"],
        ["ecology"],
        ["governance"],
    ]


def test_cats_are_shares_of_characters() -> None:
    doc = annotate(
        ("一、工业招商", {"kind": "heading", "level": 1}),
        ("工业招商引资。 \n", {}),
        ("青山依旧。 。", {}),
    )
    assert doc.cats["economy"] == 7 / 13
    assert sum(doc.cats.values()) < 1
    assert set(doc.cats) == set(THEMES)


@given(st.text(alphabet="工业污染安全教育公路监督各位代表 \n") | st.text())
def test_scores_are_shares(text: str) -> None:
    scores = shares(keyword_weights(text))
    assert all(0 <= score < 1 for score in scores.values())
    assert sum(scores.values()) < 1


def test_white_space_does_not_matter() -> None:
    assert keyword_weights("安 全\n生产") == keyword_weights("安全生产")


@pytest.mark.parametrize(
    ("scores", "expected"),
    [((0.5, 0.4, 0.3), ["a", "b"]), ((0.2, 0.5, 0.2), ["b"]), ((0.2, 0.2, 0.2), []), ((0.0, 0.0, 0.0), [])],
)
def test_choice(scores: tuple[float, ...], expected: list[str]) -> None:
    assert choose_labels(dict(zip("abc", scores, strict=True)), 0.25, 0.6) == expected


@pytest.mark.parametrize("option", ["threshold", "secondary"])
@pytest.mark.parametrize("value", [0, 1.5, -1])
def test_wrong_options(option: str, value: float) -> None:
    with pytest.raises(GovReportError, match=f"{option} cannot be {value}"):
        ThemesPipe(**{option: value})


def test_a_higher_threshold_gives_fewer_labels() -> None:
    text = "大力招商引资，改造道路。"
    assert [bool(found) for found in labels(make_nlp()(text))] == [True]
    assert labels(make_nlp(threshold=0.9)(text)) == [[]]


def test_many_headings_take_linear_time() -> None:
    start = time.perf_counter()
    annotate(*(("（一）工业", {"kind": "heading", "level": n % 7 + 1}) for n in range(3000)))
    assert time.perf_counter() - start < 10
