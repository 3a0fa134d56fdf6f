"""Re-flow: which line breaks end a paragraph; and the perturbations that measure it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreport_nlp.evaluation.perturbation import (
    Layout,
    Perturbed,
    half_width,
    hard_wrap,
    random_layout,
    spaced_digits,
)
from govreport_nlp.evaluation.scores import score_sets
from govreport_nlp.pipes.sentences import sentence_ends
from govreport_nlp.reading import Report, read
from govreport_nlp.reading.layout import lay_out


def paragraphs(source: str) -> list[str]:
    """Paragraphs of a text; those given to :func:`joined` come out the same."""
    return ["".join(line.text for line in lines) for lines in lay_out(source).paragraphs]


def joined(*groups: str) -> tuple[str, list[str]]:
    """Source text and its paragraphs; ``/`` is a line break inside a paragraph."""
    return "\n".join(groups).replace("/", "\n"), [
        group.replace("/", "").strip(" \u3000\n") for group in groups
    ]


TITLE = (
    "政府工作报告",
    "——2024年1月9日在云湖镇第十二届/人民代表大会第三次会议上",
    "云湖镇人民政府镇长 秦若川",
    "各位代表：",
)
BODY = (
    "　　过去一年，全镇上下同心协力，经济运行稳中有进，社会/大局和谐稳定。全年实现"
    "工业总产值21.6亿元，增长8.4%，/新增规模以上企业5家，"
    "建成云湖创业园标准厂房2万平/方米。",
    "　　坚持生态优先，云湖湿地修复工程完成投资6200万元，/栽植水生植物38公顷，湖区水质稳定"
    "达到Ⅲ类，优良天数/比例达到93.5%，群众满意度位居"
    "全县前列。",
    "　　坚持民生为本，云湖中心小学扩建工程投入使用，新/增学位480个；改造老旧小区3个，"
    "惠及居民620户；发放/各类救助资金310万元，做到应保尽保、"
    "应救尽救。",
)


@pytest.mark.parametrize(
    "groups",
    [
        pytest.param((*TITLE, *BODY), id="indented"),
        pytest.param((*TITLE, *(b.strip("　") for b in BODY)), id="flush"),
        pytest.param((TITLE[0], *BODY[:2], "二、2024年工作安排", BODY[2]), id="heading"),
        pytest.param((BODY[0], "（二）生态建设取得新成效", BODY[1]), id="second-level heading"),
        pytest.param(
            (BODY[0], "二、坚持以项目建设为牵引，全力推进工业经济提质增效和转/型升级", BODY[1], BODY[2]),
            id="heading over two lines",
        ),
        pytest.param((BODY[0], "1.抓好项目建设。", "2.抓好招商引资。", BODY[1]), id="items"),
        pytest.param(
            (*BODY, "各位代表！", "　　让我们携手并肩，为建设美丽富饶的新云湖而努力奋/斗！"), id="closing"
        ),
    ],
)
def test_wrapped(groups: tuple[str, ...]) -> None:
    source, expected = joined(*groups)
    assert paragraphs(source) == expected


def test_blank_line_in_mid_sentence() -> None:
    source, expected = joined(*TITLE, *BODY)
    assert paragraphs(source.replace("社会\n", "社会\n\n").replace("优良天数\n", "优良天数\n\n")) == expected


def test_page_number_in_mid_sentence() -> None:
    source, expected = joined(*TITLE, *BODY)
    assert paragraphs(source.replace("社会\n", "社会\n- 3 -\n\n")) == expected
    assert paragraphs(source.replace("社会\n", "社会\n3\n\f")) == expected


def test_unwrapped_lines_are_paragraphs() -> None:
    groups = [group.replace("/", "") for group in (*TITLE, *BODY)]
    assert paragraphs("\n".join(groups)) == [group.strip("　") for group in groups]
    assert paragraphs("\n\n".join(groups)) == [group.strip("　") for group in groups]


def test_markdown_headings_stand_alone() -> None:
    source = "## 一、工业\n全镇工业总产值增长8.4%，新增规模以上企业5家，创历史新高\n## 二、农业\n粮食丰收\n"
    assert len(paragraphs(source)) == 4


def test_rows_of_a_table_stand_apart() -> None:
    rows = ["| 序号 | 项目 |", "| --- | --- |", "| 1 | 云湖大桥 |", "| 2 | 湖滨路 |"]
    assert paragraphs("\n".join(rows)) == rows


def test_byline_after_a_subtitle() -> None:
    groups = [
        "政府工作报告",
        "——2024年1月9日云湖镇第十二届人民代表大会第三次会议通过",
        "云湖镇镇长 秦若川",
        "各位代表：",
    ]
    body = [b.replace("/", "").strip("　") for b in BODY]
    assert paragraphs("\n".join([*groups, *body])) == [*groups, *body]


# Perturbations

WORDS = st.text(alphabet="发展增长项目，。；“”（）5.2%A", min_size=1, max_size=120)
PARAGRAPHS = st.lists(WORDS.map(lambda text: f"甲{text}乙"), min_size=1, max_size=8)


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    return random_layout(random.Random(draw(st.integers(0, 10_000))), wrapped=draw(st.booleans()))


@given(PARAGRAPHS, layouts(), st.integers(0, 5))
def test_wrapping_is_aligned_exactly(texts: list[str], layout: Layout, seed: int) -> None:
    perturbed = hard_wrap(texts, layout, seed=seed)
    clean = "\n".join(texts)
    assert perturbed.alignment.apply(perturbed.text) == clean
    for at, character in enumerate(clean):
        start, end = perturbed.alignment.source_span(at, at + 1)
        assert perturbed.text[start:end] == character or character == "\n"


@given(PARAGRAPHS, layouts(), st.integers(0, 5))
def test_wrapping_is_seeded(texts: list[str], layout: Layout, seed: int) -> None:
    assert hard_wrap(texts, layout, seed=seed).text == hard_wrap(texts, layout, seed=seed).text


@given(st.integers(0, 100))
def test_layouts_are_seeded(seed: int) -> None:
    assert random_layout(random.Random(seed)) == random_layout(random.Random(seed))


def test_wrapping_keeps_to_the_width() -> None:
    layout = Layout(width=24, indent="　　", page=10, page_number="— {} —")
    perturbed = hard_wrap(["增长很快，" * 60, "形势“很好”。" * 30], layout)
    lines = perturbed.text.split("\n")
    assert "— 1 —" in lines
    assert "" in lines
    assert all(len(line) <= 26 for line in lines)  # two marks may hang
    assert not any(line.startswith(("，", "。", "”")) for line in lines)
    assert not any(line.endswith("“") for line in lines)


@pytest.mark.parametrize("perturb", [half_width, spaced_digits])
@given(text=WORDS)
def test_character_perturbations_are_aligned(perturb, text: str) -> None:  # type: ignore[no-untyped-def]
    perturbed: Perturbed = perturb(text)
    assert perturbed.alignment.apply(perturbed.text) == text


def test_character_perturbations() -> None:
    assert half_width("增长5％，（全市）。").text == "增长5%,(全市)。"
    assert spaced_digits("建成5G基站12座").text == "建成 5G 基站 12 座"


# Sample documents

SAMPLES = ("xinzhuang", "beicang", "jingwu", "collection")


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_documents(shared: Path, name: str) -> None:
    annotation = json.loads((shared / "annotations" / f"{name}.json").read_text(encoding="utf-8"))
    reports = read(shared / "reports" / annotation["source"]["file"])
    assert len(reports) == len(annotation["regions"])
    gold = {_clean(reports, p["start"], p["end"]): p["kind"] for p in annotation["paragraphs"]}
    found = {(r.number, p.start, p.end): p.kind for r in reports for p in r.paragraphs}
    assert score_sets(gold, found).f1 >= 0.99
    assert {key: kind for key, kind in gold.items() if key in found and found[key] != kind} == {}
    sentences = {_clean(reports, *span) for span in annotation["sentences"]}
    assert score_sets(sentences, _sentences(reports)).f1 >= 0.995


def _clean(reports: list[Report], start: int, end: int) -> tuple[int, int, int]:
    report = next(r for r in reports if start < r.end and end > r.start)
    return (report.number, *report.clean_span(start, end))


def _sentences(reports: list[Report]) -> set[tuple[int, int, int]]:
    found = set()
    for report in reports:
        for paragraph in report.paragraphs:
            text = report.text[paragraph.start : paragraph.end]
            start = 0
            for end in sentence_ends(text):
                start += len(text[start:end]) - len(text[start:end].lstrip())
                found.add((report.number, paragraph.start + start, paragraph.start + end))
                start = end
    return found


@pytest.mark.parametrize("name", ["clean.txt", "wrapped.txt", "compilation.html"])
@pytest.mark.parametrize("wrapped", [True, False])
def test_examples_survive_any_layout(examples: Path, name: str, wrapped: bool) -> None:
    report = read(examples / name)[0]
    texts = [report.text[p.start : p.end] for p in report.paragraphs]
    scores = []
    for seed in range(5):
        layout = random_layout(random.Random(seed), wrapped=wrapped)
        headings = [p.kind == "heading" or p.role == "salutation" for p in report.paragraphs]
        perturbed = hard_wrap(texts, layout, headings=headings, seed=seed)
        (again,) = read(perturbed.text, format="text")
        gold = set()
        position = 0
        for text in texts:
            gold.add(again.clean_span(*perturbed.alignment.source_span(position, position + len(text))))
            position += len(text) + 1
        scores.append(score_sets(gold, {(p.start, p.end) for p in again.paragraphs}).f1)
    assert sum(scores) / len(scores) >= 0.95, scores
