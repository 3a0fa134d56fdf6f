"""What a report says about itself: title, place, level, year, date, speaker."""

from __future__ import annotations

import pytest

from govreport_nlp.reading import Metadata, read

BODY = "过去一年，全体干部群众同心协力，经济运行稳中有进，社会大局和谐稳定，各项工作取得了新的成绩。\n"


def describe(*front: str, opening: str = "现在，我代表人民政府向大会报告工作，请予审议。") -> Metadata:
    (report,) = read("\n".join([*front, "各位代表：", opening, BODY]))
    return report.meta


@pytest.mark.parametrize(
    ("subtitle", "place", "level"),
    [
        ("——2024年1月9日在云州省第十四届人民代表大会第二次会议上", "云州省", "province"),
        ("——2024年1月9日在江苏省第十四届人民代表大会第二次会议上", "江苏省", "province"),
        ("——2024年1月9日在上海市第十六届人民代表大会第二次会议上", "上海市", "province"),
        ("——2024年1月9日在宁夏回族自治区第十三届人民代表大会第二次会议上", "宁夏回族自治区", "province"),
        ("——2024年1月9日在澜屏市第八届人民代表大会第四次会议上", "澜屏市", "city"),
        ("——2024年1月9日在镇江市第九届人民代表大会第三次会议上", "镇江市", "city"),
        ("——2024年1月9日在日照市第十九届人民代表大会第三次会议上", "日照市", "city"),
        ("——2024年1月9日在本溪市第十七届人民代表大会第三次会议上", "本溪市", "city"),
        ("——2024年1月9日在甘孜藏族自治州第十三届人民代表大会第四次会议上", "甘孜藏族自治州", "city"),
        ("——2024年1月9日在锡林郭勒盟行政公署工作会议上", None, None),
        ("——2024年1月9日在昆山市第十八届人民代表大会第三次会议上", "昆山市", "county"),
        ("——2024年1月9日在江苏省昆山市第十八届人民代表大会第三次会议上", "江苏省昆山市", "county"),
        ("——2024年1月9日在霁川县第十七届人民代表大会第四次会议上", "霁川县", "county"),
        ("——2024年1月9日在万年县第十七届人民代表大会第四次会议上", "万年县", "county"),
        ("——2024年1月9日在全椒县第十八届人民代表大会第四次会议上", "全椒县", "county"),
        ("——2024年1月9日在澜屏市东湖区第五届人民代表大会第四次会议上", "澜屏市东湖区", "county"),
        ("——2024年1月9日在乌兰旗第十六届人民代表大会第三次会议上", "乌兰旗", "county"),
        ("——2024年1月9日在云岭彝族自治县第三届人民代表大会第三次会议上", "云岭彝族自治县", "county"),
        ("——2024年1月9日在市十六届人大三次会议上澜屏市市长 周以宁", "澜屏市", "city"),
        ("——2024年1月9日在鹭桥镇第十九届人民代表大会第五次会议上", "鹭桥镇", "township"),
        (
            "——2024年1月9日在澜屏市霁川县鹭桥镇第十九届人民代表大会第五次会议上",
            "澜屏市霁川县鹭桥镇",
            "township",
        ),
        ("——2024年1月9日在苇渚乡第三届人大第五次会议上", "苇渚乡", "township"),
        ("——2024年1月9日在白音苏木第三届人民代表大会第五次会议上", "白音苏木", "township"),
        ("——2024年1月9日在鹭桥镇四届人大五次会议上", "鹭桥镇", "township"),
        ("二〇二四年一月九日在霁川县第十七届人民代表大会第四次会议上", "霁川县", "county"),
        ("二O二四年一月九日在霁川县第十七届人民代表大会第四次会议上", "霁川县", "county"),
        ("2024年1月9日 在霁川县第十七届人民代表大会第四次会议上", "霁川县", "county"),
        ("——在第十四届全国人民代表大会第二次会议上", "全国", "national"),
    ],
)
def test_place_of_the_subtitle(subtitle: str, place: str | None, level: str | None) -> None:
    meta = describe("政府工作报告", subtitle)
    assert (meta.place, meta.level) == (place, level)
    assert meta.date == ("2024-01-09" if "全国" not in subtitle else None)


@pytest.mark.parametrize(
    ("opening", "place", "level"),
    [
        ("现在，我代表鹭桥镇人民政府，向大会报告工作，请予审议。", "鹭桥镇", "township"),
        ("现在，我代表春晖街道办事处，向大会报告工作，请予审议。", "春晖街道", "township"),
        ("现在，我代表街道办事处，向大会报告工作，请予审议。", None, "township"),
        ("现在，我代表镇人民政府，向大会报告工作，请予审议。", None, "township"),
        ("现在，我代表县人民政府，向大会报告工作，请予审议。", None, "county"),
        ("现在，我代表旗人民政府，向大会报告工作，请予审议。", None, "county"),
        ("现在，我代表区政府，向大会报告工作，请予审议。", None, "county"),
        ("现在，我代表州人民政府，向大会报告工作，请予审议。", None, "city"),
        ("现在，我代表市人民政府，向大会报告工作，请予审议。", None, "city"),
        ("现在，我代表自治区人民政府，向大会报告工作，请予审议。", None, "province"),
        ("现在，我代表省人民政府，向大会报告工作，请予审议。", None, "province"),
        ("现在，我代表国务院，向大会报告政府工作，请予审议。", "全国", "national"),
        ("现在，我报告工作。", None, None),
    ],
)
def test_place_of_the_opening(opening: str, place: str | None, level: str | None) -> None:
    meta = describe("政府工作报告", opening=opening)
    assert (meta.place, meta.level) == (place, level)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("霁川县2024年政府工作报告", "霁川县"),
        ("2024年鹭桥镇政府工作报告", "鹭桥镇"),
        ("2024年度苇渚乡政府工作报告", "苇渚乡"),
    ],
)
def test_place_of_the_title(line: str, place: str) -> None:
    meta = describe(line)
    assert (meta.title, meta.place, meta.year) == (line, place, 2024)


@pytest.mark.parametrize(
    ("line", "date", "year"),
    [
        ("（2024年1月9日）", "2024-01-09", 2024),
        ("2024 年 1 月 9 日", "2024-01-09", 2024),
        ("二〇二四年十一月二十九日", "2024-11-29", 2024),
        ("二○二四年二月十日", "2024-02-10", 2024),
        ("二零二四年十二月三十一日", "2024-12-31", 2024),
        ("一九九八年三月二十日", "1998-03-20", 1998),
        ("二O二四年一月九日", "2024-01-09", 2024),
        ("２０２４年１月９日", "2024-01-09", 2024),
        ("2024年1月", None, 2024),
        ("2024年2月30日", None, 2024),
    ],
)
def test_date(line: str, date: str | None, year: int | None) -> None:
    meta = describe("政府工作报告", line)
    assert (meta.date, meta.year) == (date, year)


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("霁川县人民政府县长 沈砚秋", "沈砚秋"),
        ("霁川县人民政府县长　沈砚秋", "沈砚秋"),
        ("县长：沈砚秋", "沈砚秋"),
        ("鹭桥镇人民政府镇长 卫 澄", "卫澄"),
        ("鹭桥镇人民政府镇长 卫  澄", "卫澄"),
        ("镇长卫澄", "卫澄"),
        ("代市长 周以宁", "周以宁"),
        ("霁川县人民政府代县长 欧阳若川", "欧阳若川"),
        ("州长 阿依古丽·买买提", "阿依古丽·买买提"),
        ("市 长 阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("自治区主席 达瓦次仁", "达瓦次仁"),
        ("省长 沈砚秋2024年1月9日", "沈砚秋"),
        ("沈砚秋", "沈砚秋"),
        ("卫 澄", "卫澄"),
        ("（2024年1月9日 沈砚秋）", "沈砚秋"),
        ("沈砚秋 霁川县人民政府县长", "沈砚秋"),
        ("霁川县人民政府", None),
        ("县长", None),
    ],
)
def test_speaker(line: str, speaker: str | None) -> None:
    assert describe("政府工作报告", line).speaker == speaker


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("政府工作报告", "政府工作报告"),
        ("政 府 工 作 报 告", "政府工作报告"),
        ("霁川县人民政府工作报告", "霁川县人民政府工作报告"),
        ("政府工作报告（2024年）", "政府工作报告（2024年）"),
        ("政府工作报告——2024年1月9日在霁川县第十七届人民代表大会第四次会议上", "政府工作报告"),
        ("政府工作报告（2024年1月9日在霁川县第十七届人民代表大会第四次会议上 县长 沈砚秋）", "政府工作报告"),
    ],
)
def test_title(line: str, title: str) -> None:
    assert describe(line).title == title


def test_title_line_that_holds_everything() -> None:
    meta = describe("政府工作报告（2024年1月9日在霁川县第十七届人民代表大会第四次会议上 县长 沈砚秋）")
    assert meta == Metadata("政府工作报告", "霁川县", "county", 2024, "2024-01-09", "沈砚秋")


def test_nothing_said() -> None:
    (report,) = read(BODY)
    assert report.meta == Metadata()


def test_years_of_the_text_are_not_the_year_of_the_report() -> None:
    (report,) = read("各位代表：\n2019年3月5日，全县项目集中开工。" + BODY)
    assert (report.meta.year, report.meta.date) == (None, None)
