"""Kinds, roles, levels, section paths, parts and run-in headings."""

from __future__ import annotations

import pytest

from govreport_nlp.reading import Paragraph, Report, read

LONG = "全县上下同心协力，主要经济指标稳中有进，重大项目加快建设，社会大局保持和谐稳定，群众生活持续改善。"


BODIES = [
    LONG + "有序推进" + "、".join("工业农业商贸文旅"[: 2 * n]) + "等各项工作，" + LONG for n in range(5)
]


def read_one(*paragraphs: str) -> Report:
    (report,) = read(
        "\n".join(paragraphs) + "\n", format="markdown" if paragraphs[0].startswith("#") else "text"
    )
    return report


def by_text(report: Report) -> dict[str, Paragraph]:
    return {report.text[p.start : p.end]: p for p in report.paragraphs}


FRONT = (
    "政府工作报告",
    "——2024年1月9日在云湖县第十二届人民代表大会第三次会议上",
    "云湖县人民政府县长 秦若川",
    "各位代表：",
    LONG,
)


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("政府工作报告", "title"),
        ("云湖县政府工作报告", "title"),
        ("云湖县2024年政府工作报告（摘要）", "title"),
        ("云湖镇2023年工作总结", "title"),
        ("政府工作报告——2024年1月9日在云湖县第十二届人民代表大会第三次会议上", "title"),
        ("——2024年1月9日在云湖县第十二届人民代表大会第三次会议上", "subtitle"),
        ("2024年1月9日在云湖县第十二届人民代表大会第三次会议上", "subtitle"),
        ("（在云湖县第十二届人民代表大会第三次会议上）", "subtitle"),
        ("云湖县第十二届人民代表大会第三次会议文件", "subtitle"),
        ("2024年1月9日云湖县第十二届人民代表大会第三次会议通过", "subtitle"),
        ("在云湖县第十二届人民代表大会第三次会议上（2024年1月9日）", "subtitle"),
        ("云湖县人民政府县长 秦若川", "byline"),
        ("县长 秦若川", "byline"),
        ("秦若川", "byline"),
        ("（2024年1月9日 秦若川）", "byline"),
        ("云湖县人民政府", "byline"),
        ("（2024年1月9日）", "date"),
        ("二〇二四年一月九日", "date"),
        ("2024 年 1 月 9 日", "date"),
    ],
)
def test_roles_of_the_title_block(line: str, role: str) -> None:
    report = read_one(
        "政府工作报告" if role != "title" else line, *([line] if role != "title" else []), *FRONT[3:]
    )
    paragraph = by_text(report)[line.replace(" 年 ", "年").replace(" 月 ", "月").replace(" 日", "日")]
    assert paragraph.role == role
    assert paragraph.kind == ("heading" if role in ("title", "subtitle") else "body")
    assert paragraph.level == (0 if role in ("title", "subtitle") else None)


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("各位代表：", "salutation"),
        ("各位代表、同志们：", "salutation"),
        ("同志们！", "salutation"),
        ("尊敬的各位领导，各位代表：", "salutation"),
        ("一、2023年工作回顾", "section"),
        ("一、过去五年，我们坚持稳中求进，综合实力显著增强。", "section"),
        ("（一）产业根基更加牢固", "section"),
        ("（一）驰而不息加强精神文明建设。", "section"),
        ("（一）改造老旧小区19个。", "text"),
        ("2024年县十件民生实事", "section"),
        ("(一)产业根基更加牢固", "section"),
        ("1.抓项目建设", "section"),
        ("第一部分2023年工作回顾", "section"),
        ("2023年工作回顾", "section"),
        ("今年的主要任务", "section"),
        ("1.抓项目建设。今年安排重点项目118个，年度投资96亿元，确保一季度开工率达到40%以上。", "item"),
        ("（1）推进云湖大桥建设，年底前完成主体工程；", "item"),
        ("①改造老旧管网48公里。", "item"),
        ("一是招大引强。紧盯三条产业链，签约亿元以上项目6个。", "item"),
        ("（一）抓产业，综合实力明显增强。全县完成工业投资36亿元，增长12.4%，新开工项目28个。", "text"),
        ("责任单位：县发展改革局", "text"),
        ("今年重点抓好以下工作：", "text"),
        ("全县经济稳中有进", "text"),
        (LONG, "text"),
    ],
)
def test_roles_of_the_body(line: str, role: str) -> None:
    paragraph = by_text(read_one(*FRONT, line, LONG * 2))[line]
    assert paragraph.role == role
    assert paragraph.kind == ("heading" if role == "section" else "body")
    assert (paragraph.level is None) == (role != "section")


OUTLINES = {
    "conventional": [
        (1, "一、2023年工作回顾"),
        (2, "（一）产业发展"),
        (3, "1.工业经济"),
        (4, "（1）重点园区"),
        (3, "2.现代农业"),
        (2, "（二）城乡建设"),
        (1, "二、2024年工作安排"),
        (2, "（一）产业发展任务"),
    ],
    "parts above": [
        (1, "第一部分2023年工作回顾"),
        (2, "一、产业发展"),
        (3, "（一）工业经济"),
        (1, "第二部分2024年工作安排"),
        (2, "一、产业发展任务"),
    ],
    "unnumbered above": [
        (1, "2023年工作回顾"),
        (2, "一、产业发展"),
        (2, "二、城乡建设"),
        (1, "2024年工作安排"),
        (2, "一、产业发展任务"),
    ],
    "unnumbered below": [
        (1, "一、2023年工作回顾"),
        (2, "产业发展情况"),
        (2, "城乡建设情况"),
        (1, "二、2024年工作安排"),
        (2, "产业发展任务"),
    ],
    "levels left out": [
        (1, "一、2023年工作回顾"),
        (2, "1.工业经济"),
        (1, "二、2024年工作安排"),
        (2, "1.工业任务"),
    ],
    "deep style first": [(2, "（一）产业发展"), (1, "一、工作安排"), (2, "（一）重点任务")],
    "full stops": [
        (1, "一．2023年工作回顾"),
        (2, "(一)产业发展"),
        (3, "1、工业经济"),
        (1, "二．2024年工作安排"),
    ],
    "appendix": [(1, "一、2023年工作回顾"), (2, "（一）产业发展"), (1, "附件1"), (1, "名词解释")],
}


@pytest.mark.parametrize("name", OUTLINES)
def test_levels_and_section_paths(name: str) -> None:
    outline = OUTLINES[name]
    lines = [line for _, heading in outline for line in (heading, LONG)]
    report = read_one(*FRONT, *lines)
    texts = [report.text[p.start : p.end] for p in report.paragraphs]
    found = [(p.level, text) for p, text in zip(report.paragraphs, texts, strict=True) if p.role == "section"]
    assert found == outline
    path: list[tuple[int, str]] = []
    sections = iter(p for p in report.paragraphs[len(FRONT) :])
    for level, heading in outline:
        path = [step for step in path if step[0] < level]
        assert next(sections).section == tuple(title for _, title in path)
        path.append((level, heading))
        assert next(sections).section == tuple(title for _, title in path)


def test_markdown_headings() -> None:
    report = read_one(
        "# 政府工作报告",
        "各位代表：",
        LONG,
        "## 2023年答卷",
        LONG,
        "### 产业强了",
        LONG,
        "## 2024年考题",
        LONG,
    )
    levels = [(p.level, report.text[p.start : p.end]) for p in report.paragraphs if p.kind == "heading"]
    assert levels == [(0, "政府工作报告"), (1, "2023年答卷"), (2, "产业强了"), (1, "2024年考题")]


def test_title_block_ends_at_the_first_section() -> None:
    report = read_one("政府工作报告", "一、2023年工作回顾", LONG)
    assert [p.role for p in report.paragraphs] == ["title", "section", "text"]


def test_loose_lines_have_no_title_block() -> None:
    report = read_one("推进乡村振兴")
    assert [p.role for p in report.paragraphs] == ["text"]


def parts(*paragraphs: str) -> list[str | None]:
    return [p.part for p in read_one(*paragraphs).paragraphs]


def test_parts() -> None:
    lines = [
        *FRONT[:4],
        "现在，我代表县人民政府向大会报告工作，请予审议，并请县政协委员和列席人员提出意见和建议。",
        "一、2023年工作回顾",
        LONG,
        "（一）政府自身建设得到加强",
        LONG,
        "（二）社会事业全面进步",
        LONG,
        "二、2024年工作安排",
        LONG,
        "（一）全力抓好项目",
        LONG,
        "三、加强政府自身建设",
        LONG,
        "各位代表！让我们携手并肩，为建设美丽云湖而努力奋斗！",
        "附件：名词解释",
        "双碳：碳达峰与碳中和的简称。",
    ]
    expected = (
        ["opening"] * 5
        + ["review"] * 2
        + ["self-construction"] * 2
        + ["review"] * 2
        + ["plan"] * 4
        + ["self-construction"] * 2
        + ["closing"]
        + ["appendix"] * 2
    )
    assert parts(*lines) == expected


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("一、2023年工作回顾", "review"),
        ("一、过去五年工作总结", "review"),
        ("一、知难而进，交出高质量发展答卷", "review"),
        ("二、2024年主要任务", "plan"),
        ("二、今年工作的总体要求和目标", "plan"),
        ("二、今后五年的奋斗目标", "plan"),
        ("二、下一步工作打算", "plan"),
        ("二、奋力做好2024年工作", "plan"),
        ("二、“十四五”发展目标和任务", "plan"),
        ("三、全面加强政府自身建设", "self-construction"),
        ("三、努力建设人民满意的服务型政府", "self-construction"),
        ("三、切实提升政府治理能力", "self-construction"),
        ("附件", "appendix"),
        ("名词解释", "appendix"),
    ],
)
def test_part_of_a_section(heading: str, part: str) -> None:
    report = read_one(*FRONT, heading, LONG)
    assert by_text(report)[heading].part == part


@pytest.mark.parametrize(
    ("heading", "opening"),
    [
        ("二、2024年主要工作", ""),
        ("二、2024年的政府工作", ""),
        ("二、接续奋斗，开创新局面", "今后五年，我们要走好新的赶考之路。"),
        ("二、奋勇争先，再创佳绩", "今年是实施规划的关键一年。"),
        ("二、聚力攻坚", "2024年，我们要抓好四件大事。"),
    ],
)
def test_plan_after_the_review(heading: str, opening: str) -> None:
    report = read_one(*FRONT, "一、2023年工作回顾", LONG, heading, opening + LONG)
    assert by_text(report)[heading].part == "plan"


def test_self_construction_in_a_numbered_paragraph() -> None:
    plan = [
        "（一）抓产业，壮大实体经济。" + LONG,
        "（二）加强政府自身建设，打造服务型政府。" + LONG,
        LONG + "一以贯之。",
    ]
    lines = [
        *FRONT,
        "一、2023年工作回顾",
        LONG,
        "二、2024年工作安排",
        *plan,
        "（三）抓安全，守牢底线。" + LONG,
    ]
    assert parts(*lines)[-5:] == ["plan", "plan", "self-construction", "self-construction", "plan"]


def test_parts_of_a_report_without_headings() -> None:
    plan = "今年政府工作的总体要求是：坚持稳中求进，着力扩大内需、优化结构、改善民生，保持经济平稳健康发展。"
    assert (
        parts(*FRONT[:4], "一年来，" + LONG, LONG, plan, LONG)
        == ["opening"] * 4 + ["review"] * 2 + ["plan"] * 2
    )


def run_ins(*paragraphs: str) -> list[str | None]:
    report = read_one(*paragraphs)
    return [p.run_in and report.text[p.start : p.run_in] for p in report.paragraphs]


def test_run_in_headings() -> None:
    heads = ["工业经济厚积薄发。", "（二）抓建设，城乡面貌焕然一新。", "民生福祉持续增进。"]
    assert run_ins(*[head + body for head, body in zip(heads, BODIES, strict=False)]) == heads


def test_run_in_headings_must_be_a_habit() -> None:
    assert run_ins("工业经济厚积薄发。" + LONG, *BODIES) == [None] * 6


def test_bold_run_in_heading() -> None:
    report = read("**工业经济厚积薄发。**" + BODIES[0] + "\n\n" + BODIES[1] + "\n", format="markdown")[0]
    assert [p.run_in for p in report.paragraphs] == [9, None]


def test_sentences_about_time_are_no_run_in_headings() -> None:
    heads = ["过去一年极不平凡。", "2023年是关键之年。", "五年来成效显著。"]
    assert run_ins(*[head + body for head, body in zip(heads, BODIES, strict=False)]) == [None] * 3
