"""Lines that belong to a page or a site, and lines that only look like it."""

from __future__ import annotations

import pytest

from govreport_nlp.reading.chrome import drop_chrome, find_chrome
from govreport_nlp.reading.lines import split_lines


def reason(line: str) -> str | None:
    (found,) = find_chrome(list(split_lines(line)))
    return found


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "page number",
            ["- 2 -", "—12—", "－ 3 －", "第 2 页", "第2页 共18页", "3/18", "Page 3 of 18", "12页"],
        ),
        (
            "navigation",
            [
                "当前位置：首页 > 政务公开 > 工作报告",
                "您现在的位置： 首页 > 正文",
                "• 当前位置 首页 >公文范文 >",
                "首页 | 新闻 | 公文",
                "首页",
                "热门搜索：",
                "返回顶部",
                "打印本页",
                "关闭窗口",
                "大 中 小",
                "扫一扫在手机打开当前页",
                "青禾文稿网 - www.qinghe.example 2024年3月2日 星期六",
                "http://www.yunhu.example/report/12.html",
            ],
        ),
        (
            "view count",
            [
                "浏览次数：1286",
                "阅读量 302 次",
                "点击数:88",
                "发布时间：2024-03-02 浏览次数：1286 次",
                "浏览数: 发布时间:2023-12-09 10:45:02",
                "作者：佚名 点击次数：77",
            ],
        ),
        (
            "publication data",
            [
                "发布时间：2024-03-02 09:18",
                "来源：云湖日报",
                "信息来源：县政府办公室",
                "责任编辑：小禾",
                "字体：大 中 小",
                "[字号 大 中 小]",
                "索引号：000-2024-01",
                "本文来自青禾文稿网，转载请注明出处",
            ],
        ),
        (
            "related links",
            [
                "推荐访问:乡镇 工作报告 政府",
                "相关文章",
                "相关链接：",
                "上一篇：办事处工作总结",
                "下一篇:讲话稿",
            ],
        ),
        (
            "imprint",
            [
                "版权所有：云湖县人民政府",
                "湘ICP备12345678号-1",
                "Copyright © 2024 青禾文稿网",
                "主办：云湖县人民政府办公室",
                "承办单位：云湖县政务信息中心",
                "技术支持：禾苗科技",
            ],
        ),
        (
            "introduction",
            [
                "以下是小编为大家整理的乡镇政府工作报告，希望对大家有所帮助！",
                "下面是小编收集的政府工作报告3篇,欢迎阅读参考。",
            ],
        ),
        (
            "collection title",
            ["乡镇政府工作报告范文3篇", "2023年政府部门工作汇报多篇9篇", "镇政府工作报告精选（通用5篇）"],
        ),
    ],
)
def test_dropped(name: str, lines: list[str]) -> None:
    assert {line: reason(line) for line in lines} == dict.fromkeys(lines, name)


@pytest.mark.parametrize(
    "line",
    [
        "政府工作报告",
        "2024",
        "12",
        "2024年1月9日",
        "一、2023年工作回顾",
        "主动公开信息3.3万条，门户网站访问量1280",
        "全年网站访问量达到12万次。",
        "主办单位：县水利局，各乡镇人民政府",
        "责任单位：县发展改革局",
        "智慧云湖平台：汇集全县数据的综合平台（www.yunhu.example）。",
        "关于我们的目标，一是稳增长，二是惠民生。",
        "位置优越、交通便捷的云湖新区",
        "联系我们身边的困难群众",
        "来源于群众、服务于群众",
        "关闭小煤矿12座",
        "打印店、小餐馆等个体工商户",
        "首页报道了我县做法",
        "浏览量突破10万次的短视频作品36件，带火了云湖文旅",
        "下面是今年的重点工作。",
        "完善推荐阅读制度",
        "编辑出版《云湖县志》",
        "作者签名售书活动12场",
        "2023—2024年度",
        "2/3以上的村通了燃气",
    ],
)
def test_kept(line: str) -> None:
    assert reason(line) is None


def pages(*numbers: str, filler: int = 12) -> list[str | None]:
    body = "全镇经济稳中有进，社会大局和谐稳定，\n" * filler
    return find_chrome(list(split_lines(body + body.join(f"{number}\n" for number in numbers) + body)))


@pytest.mark.parametrize("numbers", [("1", "2", "3"), ("12", "13", "14", "15"), ("2", "4", "6")])
def test_bare_numbers_that_count_pages(numbers: tuple[str, ...]) -> None:
    assert [r for r in pages(*numbers) if r] == ["page number"] * len(numbers)


@pytest.mark.parametrize("numbers", [("36", "480", "12"), ("5", "4", "3")])
def test_bare_numbers_of_text(numbers: tuple[str, ...]) -> None:
    assert not any(pages(*numbers))


def test_bare_numbers_of_a_table() -> None:
    assert not any(find_chrome(list(split_lines("序号\n1\n云湖大桥\n2\n湖滨路改造\n3\n新建水厂\n"))))


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        ("上文\n\n7\n\n下文", True),
        ("上文\n7\n\f下文", True),
        ("上文\n7\n下文", False),
        ("\n2024\n\n报告", False),
    ],
)
def test_lone_bare_number(text: str, dropped: bool) -> None:
    assert any(find_chrome(list(split_lines(text)))) is dropped


def test_line_after_a_page_number_starts_a_page() -> None:
    kept, dropped = drop_chrome(list(split_lines("上文\n- 1 -\n\n下文\n打印本页\n完")))
    assert [(line.text, line.page, line.blank) for line in kept] == [
        ("上文", False, 0),
        ("下文", True, 1),
        ("完", False, 0),
    ]
    assert [(line.text, why) for line, why in dropped] == [
        ("- 1 -", "page number"),
        ("打印本页", "navigation"),
    ]
