"""Sentences and paragraphs of plain text: the golden file, properties and the pipes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipe_contract import REPORT, PipeContract
from spacy.lang.zh import Chinese
from spacy.language import Language
from spacy.tokens import Doc

import govreport_nlp.tokenizer  # noqa: F401 - registers the tokenizer
from govreport_nlp.evaluation.perturbation import Layout, hard_wrap
from govreport_nlp.pipes.extensions import attach, paragraphs_of
from govreport_nlp.pipes.sentences import sentence_ends
from govreport_nlp.reading import read

GOLDEN = Path(__file__).parent / "data" / "sentences.txt"
TOKENIZER = {"nlp": {"tokenizer": {"@tokenizers": "govreport_nlp.CharacterTokenizer.v1"}}}


def golden() -> list[Any]:
    """Cases of the golden file; one with a reason after a tab is a known failure."""
    cases = []
    for number, line in enumerate(GOLDEN.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            case, _, reason = line.partition("\t")
            marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
            cases.append(pytest.param(case.replace("⏎", "\n"), id=f"line {number}", marks=marks))
    return cases


def cut(text: str) -> list[str]:
    ends = sentence_ends(text)
    return [text[start:end] for start, end in pairwise([0, *ends])]


@pytest.mark.parametrize("case", golden())
def test_golden(case: str) -> None:
    assert [s.strip() for s in cut(case.replace("｜", ""))] == [s.strip() for s in case.split("｜")]


def test_golden_is_large_and_mostly_solved() -> None:
    cases = golden()
    assert len(cases) >= 160
    assert sum(bool(case.marks) for case in cases) <= 6


PIECES = st.sampled_from(
    [*'甲乙的“”‘’（）《》()[]。！？!?…；：，、5.%\n 　"', "……", "5.2%", "……”", "。”", "[3]", "各位代表："]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@given(TEXTS | st.text())
def test_ends_rise_and_cover(text: str) -> None:
    ends = sentence_ends(text)
    assert all(before < after for before, after in pairwise([0, *ends]))
    assert not ends or text[ends[-1] :].strip() == ""
    assert bool(ends) == bool(text.strip())
    assert all(sentence.strip() for sentence in cut(text))


@given(
    st.lists(
        st.sampled_from(["甲", "乙", "，", "；", "5.2%", "。", "！", "？", "\n", "……"]), max_size=30
    ).map("".join)
)
def test_sentences_cut_alone_stay_whole(text: str) -> None:
    for sentence in cut(text):
        assert len(cut(sentence)) == 1


def test_long_paragraphs_take_linear_time() -> None:
    text = "要答好“怎么办？”的问题（见附件！）。" * 4000
    assert len(sentence_ends(text)) == 4000
    assert len(sentence_ends("“怎么办？" * 20000)) == 20000


@pytest.fixture(scope="module")
def paragraphs_nlp() -> Language:
    nlp = Chinese.from_config(TOKENIZER)
    nlp.add_pipe("govreport_paragraphs")
    return nlp


@pytest.fixture(scope="module")
def sentences_nlp() -> Language:
    nlp = Chinese.from_config(TOKENIZER)
    nlp.add_pipe("govreport_paragraphs")
    nlp.add_pipe("govreport_sentences")
    return nlp


WRAPPED = (
    "一、工作回顾\n　　全县地区生产总值增长5.2%，好于预\n期。要答好“怎么办？”的问题！\n　　粮食总产稳定。\n"
)
TEXTS_OF_CONTRACT = (*PipeContract.texts[:-1], WRAPPED, "首页 > 正文\n各位代表：\n现在报告工作。", REPORT)


class TestParagraphsContract(PipeContract):
    texts = TEXTS_OF_CONTRACT

    @pytest.fixture
    def nlp(self, paragraphs_nlp: Language) -> Language:
        return paragraphs_nlp

    def outcome(self, doc: Doc) -> Any:
        names = ("role", "level", "part", "run_in")
        return [
            (
                span.start_char,
                span.end_char,
                span.label_,
                [span._.get(name) for name in names],
                [*span._.section],
            )
            for span in paragraphs_of(doc)
        ]


class TestSentencesContract(PipeContract):
    texts = TEXTS_OF_CONTRACT

    @pytest.fixture
    def nlp(self, sentences_nlp: Language) -> Language:
        return sentences_nlp

    def outcome(self, doc: Doc) -> Any:
        return [token.is_sent_start for token in doc]


def sentences(doc: Doc) -> list[str]:
    return [sent.text.strip() for sent in doc.sents]


def test_plain_text_is_reflowed(sentences_nlp: Language) -> None:
    doc = sentences_nlp(WRAPPED)
    assert doc.text == WRAPPED
    assert [(p.label_, p.text.replace("\n", "")) for p in paragraphs_of(doc)] == [
        ("heading", "一、工作回顾"),
        ("body", "全县地区生产总值增长5.2%，好于预期。要答好“怎么办？”的问题！"),
        ("body", "粮食总产稳定。"),
    ]
    assert [s.replace("\n", "") for s in sentences(doc)] == [
        "一、工作回顾",
        "全县地区生产总值增长5.2%，好于预期。",
        "要答好“怎么办？”的问题！",
        "粮食总产稳定。",
    ]


def test_chrome_of_plain_text_is_in_no_paragraph(sentences_nlp: Language) -> None:
    doc = sentences_nlp("首页 > 正文\n各位代表：\n现在报告工作。\n打印本页\n")
    assert [p.text for p in paragraphs_of(doc)] == ["各位代表：", "现在报告工作。"]


def test_without_paragraphs_a_text_is_one() -> None:
    nlp = Chinese.from_config(TOKENIZER)
    nlp.add_pipe("govreport_sentences")
    assert sentences(nlp("增长5.2%。\n再接再厉！")) == ["增长5.2%。", "再接再厉！"]


def test_report_keeps_its_paragraphs(sentences_nlp: Language, examples: Path) -> None:
    (report,) = read(examples / "wrapped.txt")
    doc = sentences_nlp(attach(sentences_nlp.make_doc(report.text), report))
    assert [(p.start_char, p.end_char) for p in paragraphs_of(doc)] == [
        (p.start, p.end) for p in report.paragraphs
    ]
    assert doc._.report == report
    starts = {sent.start_char for sent in doc.sents}
    assert starts >= {p.start for p in report.paragraphs}
    assert all("\n" not in sentence for sentence in sentences(doc))


def test_plain_text_gives_the_sentences_of_the_report(sentences_nlp: Language, examples: Path) -> None:
    """The same re-flow decision holds for a text given to the pipeline and for a file that is read."""
    for name in ("clean.txt", "wrapped.txt"):
        (report,) = read(examples / name)
        plain = sentences_nlp(report.source.text)
        read_in = sentences_nlp(attach(sentences_nlp.make_doc(report.text), report))
        squeeze = str.maketrans("", "", " \n")
        of_reports = [s.translate(squeeze) for s in sentences(read_in)]
        chrome = [f"-{page}-" for page in (1, 2, 3)]
        of_text = [s.translate(squeeze) for s in sentences(plain)]
        for furniture in chrome:
            of_text = [s.replace(furniture, "") for s in of_text]
        assert [s for s in of_text if s] == of_reports


def test_sentences_survive_wrapping(sentences_nlp: Language, examples: Path) -> None:
    (report,) = read(examples / "clean.txt")
    texts = [report.text[p.start : p.end] for p in report.paragraphs]
    laid = hard_wrap(
        texts, Layout(width=28, page=None), headings=[p.kind == "heading" for p in report.paragraphs]
    )
    (wrapped,) = read(laid.text)
    of_both = [sentences(sentences_nlp(attach(sentences_nlp.make_doc(r.text), r))) for r in (report, wrapped)]
    assert of_both[0] == of_both[1]
