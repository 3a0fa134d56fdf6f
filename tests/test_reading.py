"""Reading from end to end: nothing is lost, reports are parted, artefacts are cleaned."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreport_nlp.errors import ReadError
from govreport_nlp.reading import Report, read
from govreport_nlp.reading.artefacts import artefact_edits
from govreport_nlp.reading.compilations import split_compilation
from govreport_nlp.reading.lines import split_lines

BODY = "全镇上下同心协力，工业经济稳中有进，重大项目加快建设，民生福祉持续改善，社会大局和谐稳定。"


def check(reports: list[Report]) -> None:
    """Check what holds for every read: exact alignment, reasons, spans, paragraphs that make up the text."""
    for number, report in enumerate(reports):
        source = report.source.text
        assert report.number == number
        assert report.alignment.apply(source) == report.text
        assert all(edit.reason for edit in report.edits)
        assert 0 <= report.start < report.end <= len(source)
        texts = [report.text[p.start : p.end] for p in report.paragraphs]
        assert "\n".join(texts) == report.text
        assert all(text == text.strip() and text for text in texts)
        for paragraph in report.paragraphs:
            start, end = report.source_span(paragraph.start, paragraph.end)
            assert report.start <= start < end <= report.end
            assert report.clean_span(start, end) == (paragraph.start, paragraph.end)
            assert paragraph.run_in is None or paragraph.start < paragraph.run_in <= paragraph.end
        assert Report.from_dict(report.to_dict()) == report
    assert all(before.end <= after.start for before, after in pairwise(reports))


FRAGMENTS = st.sampled_from(
    [
        "政府工作报告",
        "——2024年1月9日在云湖镇第十二届",
        "人民代表大会第三次会议上",
        "云湖镇人民政府镇长 秦若川",
        "各位代表：",
        "现在，我代表镇人民政府，向大会报告工作，请予审议。",
        "一、2023年工作回顾",
        "（一）抓产业",
        "## 二、2024年工作安排",
        "### （二）**抓民生**",
        "**工业经济厚积薄发。**" + BODY,
        BODY,
        BODY[:20],
        BODY[20:],
        "增长 5.2% ，达 1000 余家",
        "习近平新时代 and 党的二十大",
        "[bookmark: _GoBack]推进5G建设[3]。",
        "| 1 | 云湖大桥 |",
        "首页 > 工作报告",
        "浏览次数：128",
        "推荐访问：报告 总结",
        "相关文章",
        "- 3 -",
        "12",
        "第 4 页",
        "打印本页",
        "乡镇政府工作报告篇1",
        "乡镇政府工作报告篇2",
        "以下是小编为大家整理的报告，欢迎阅读参考。",
        "谢谢大家！",
        "甲",
        "。",
        "”",
    ]
)
BREAKS = st.sampled_from(
    [
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r\n\r\n",
        "\r",
        "\f",
        "\n\f",
        "\v",
        "\x85",
        "\u2028",
        " ",
        "\u3000",
        "\u200b",
        "\t",
        "\u00a0 ",
        "\ufeff",
        "\n　　",
        "\n    ",
        "",
    ]
)
SOURCES = st.lists(st.tuples(FRAGMENTS, BREAKS), min_size=1, max_size=25).map(
    lambda pieces: "".join(text + mark for text, mark in pieces) + "\n"
)


@pytest.mark.parametrize("format", ["text", "markdown"])
@given(source=SOURCES)
def test_nothing_is_lost(format: str, source: str) -> None:
    try:
        reports = read(source, format=format)
    except ReadError as error:
        assert "no report text" in str(error)  # noqa: PT017 - hypothesis draws sources of chrome only
        return
    check(reports)
    for report in reports:
        assert set(report.text) <= {*source, " ", "\n", "和"}


@given(st.text(min_size=1).map(lambda text: text + "\n"))
def test_any_text(source: str) -> None:
    with suppress(ReadError):
        check(read(source, format="text"))


@pytest.mark.parametrize("name", ["clean.txt", "wrapped.txt", "compilation.html"])
def test_examples(examples: Path, name: str) -> None:
    reports = read(examples / name)
    check(reports)
    assert sum(len(report.text) for report in reports) > 2900
    for report in reports:
        assert {p.part for p in report.paragraphs} >= {"opening", "review", "plan", "closing"}
        assert report.meta.level in ("county", "township")
        bodies = [report.text[p.start : p.end] for p in report.paragraphs if p.role in ("text", "item")]
        assert all(text.endswith(("。", "！", "：", "!", ":")) for text in bodies)


def headings(report: Report) -> list[str]:
    return [report.text[p.start : p.end] for p in report.paragraphs if p.kind == "heading"]


def test_clean_example(examples: Path) -> None:
    (report,) = read(examples / "clean.txt")
    assert len(report.text) > 3000
    assert report.text == report.source.text.strip().replace("\n\n", "\n")
    assert report.meta.place == "霁川县"
    assert report.meta.speaker == "沈砚秋"
    assert report.meta.date == "2024-01-17"
    assert "self-construction" in {p.part for p in report.paragraphs}


def test_wrapped_example(examples: Path) -> None:
    (report,) = read(examples / "wrapped.txt")
    assert [e.reason for e in report.edits].count("page number") == 3
    assert headings(report) == [
        "政府工作报告",
        "——2023年12月26日在鹭桥镇第十九届人民代表大会第五次会议上",
        "一、2023年工作回顾",
        "二、2024年工作打算",
        "（一）坚持扩总量与提质量并重，在建设水乡工业重镇、壮大特色产业集群上实现更大突破",
        "（二）坚持强镇区与兴乡村并进，在城乡融合上实现更大突破",
        "（三）坚持抓改革与促开放并行，在激发活力上实现更大突破",
        "（四）坚持惠民生与保安全并举，在共建共享上实现更大突破",
        "（五）坚持重实干与守底线并行，在自身建设上实现更大突破",
    ]
    assert (report.meta.place, report.meta.date, report.meta.speaker) == ("鹭桥镇", "2023-12-26", "卫澄")
    assert "日处理2000吨的镇污水处理厂提标改造项目" in report.text
    start = report.text.index("日处理2000吨")
    assert "- 1 -" in report.source.text[slice(*report.source_span(start, start + 8))]


def test_compilation_example(examples: Path) -> None:
    reports = read(examples / "compilation.html")
    assert [report.meta.place for report in reports] == ["柏埠镇", "苇渚乡", "砚湾镇"]
    assert [report.text.split("\n")[0][-2:] for report in reports] == ["篇1", "篇2", "篇3"]
    for report in reports:
        assert report.text.endswith("!")
        assert not any(word in report.text for word in ("浏览", "推荐访问", "小编", "上一篇", "版权"))
    for first, second in pairwise(reports):
        edit = next(e for e in first.edits if e.start <= second.start < e.end)
        assert edit.reason == "another report"


# Compilations

OPENING = "现在，我代表{}人民政府，向大会报告工作，请予审议。"


def page(*places: str, title: str | None = None) -> list[str]:
    """Paragraphs of a page that holds one report of each place."""
    paragraphs = []
    for number, place in enumerate(places, 1):
        paragraphs += [title.format(number)] if title else []
        paragraphs += ["各位代表：", OPENING.format(place), "一、工作回顾", *[BODY * 2] * 5, "谢谢大家！"]
    return paragraphs


@pytest.mark.parametrize(
    "title", [None, "乡镇政府工作报告篇{}", "镇政府工作报告（{}）", "第{}篇 政府工作报告"]
)
@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_compilation(title: str | None, count: int) -> None:
    paragraphs = page(*[f"云{n}镇" for n in "甲乙丙丁戊己庚辛壬"[:count]], title=title)
    ranges = split_compilation(paragraphs)
    assert len(ranges) == count
    assert [end - start for start, end in ranges] == [len(paragraphs) // count] * count


def test_items_without_openings() -> None:
    paragraphs = ["导语。", "政府工作报告篇1", *[BODY] * 8, "政府工作报告篇2", *[BODY] * 8]
    assert split_compilation(paragraphs) == [(1, 10), (10, 19)]


@pytest.mark.parametrize(
    "opening",
    [
        "现在，我代表云湖镇人民政府，向大会报告工作，请予审议。",
        "我代表云湖镇人民政府向大会作工作报告，请予审议。",
        "下面,我代表镇人民政府向大会作政府工作报告。",
        "各位代表：现在，我代表镇人民政府，向大会报告工作。",
        "现在，我受云湖镇人民政府委托，向大会报告工作。",
        "受镇人民政府委托，我向大会报告工作，请予审议。",
        "现在，我代表春晖街道办事处，向大会报告2023年工作。",
        "现在，请允许我代表区管委会，向大会汇报工作。",
        "现在，我代表国务院，向大会报告政府工作，请予审议。",
    ],
)
def test_opening_statements(opening: str) -> None:
    paragraphs = [*page("云湖镇"), "各位代表：", opening, *[BODY * 2] * 3]
    assert len(split_compilation(paragraphs)) == 2


@pytest.mark.parametrize(
    "extra",
    [
        "会场响起掌声，“现在，我代表县人民政府，向大会报告工作”的话音刚落，代表们便翻开了报告。",
        "自觉接受监督，落实县政府重大决策出台前向县人大常委会报告制度。",
        "在此，我代表镇人民政府，向全镇人民表示衷心的感谢！",
        "各位代表！",
        "受经济下行影响，县政府专题报告了财政收支情况。",
        "一、工作报告（1）",
    ],
)
def test_one_report_stays_one(extra: str) -> None:
    paragraphs = page("云湖镇")
    assert len(split_compilation([*paragraphs[:6], extra, *paragraphs[6:]])) == 1
    assert len(split_compilation([*paragraphs[:-1], extra])) == 1


# Artefacts


def clean(source: str) -> str:
    return read(source + "\n", format="text")[0].text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("走访企业 1000 余家，增长 5.2% 。", "走访企业1000余家，增长5.2%。"),
        ("建成 5G 基站，推广 AI 应用。", "建成5G基站，推广AI应用。"),
        ("镇长 于水清", "镇长 于水清"),
        ("镇长　　　于水清", "镇长 于水清"),
        ("政 府 工 作 报 告", "政府工作报告"),
        ("开展 Smart City 建设。", "开展Smart City建设。"),
        ("[bookmark: _GoBack]经济稳中有进。", "经济稳中有进。"),
        ("深化“一窗通办”[3]改革。", "深化“一窗通办”改革。"),
        ("推进改革〔12〕，优化服务[^4]。", "推进改革，优化服务。"),
        ("印发〔2023〕12号文件。", "印发〔2023〕12号文件。"),
        ("思想 and 精神深入人心。", "思想和精神深入人心。"),
        ("增长\u200b很快\ufeff，成效\u00ad明显。", "增长很快，成效明显。"),
        ("《条例》 印发， 落实 到位。", "《条例》印发，落实 到位。"),
    ],
)
def test_artefacts(source: str, text: str) -> None:
    assert clean(source) == text


def test_text_spaced_out_by_a_converter() -> None:
    line = "全 镇 上 下 同 心 协 力 ， 工 业 经 济 稳 中 有 进 ， 重 大 项 目 加 快 建 设 。"
    assert clean(line) == line.replace(" ", "")


def test_spaces_at_wraps() -> None:
    assert clean("　　全力建设Smart\nCity示范区，" + BODY).startswith("全力建设Smart City示范区，")


def test_artefact_edits_leave_taken_spans_alone() -> None:
    source = "增长 5.2%"
    (edit,) = artefact_edits(source, list(split_lines(source)))
    assert list(artefact_edits(source, list(split_lines(source)), [edit])) == []


# Errors


def test_only_chrome() -> None:
    with pytest.raises(ReadError, match="no report text found"):
        read("首页 > 正文\n打印本页\n- 1 -\n", format="text")
