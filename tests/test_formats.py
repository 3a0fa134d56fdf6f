"""Round trips through every format, with files built here and text about places that do not exist."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from govreport_nlp.reading.alignment import Alignment
from govreport_nlp.reading.formats import markdown
from govreport_nlp.reading.loading import load

PARAGRAPHS = [
    "政府工作报告",
    "——2023年1月10日在青禾县第十二届人民代表大会第三次会议上",
    "青禾县人民政府县长　林小溪",
    "各位代表：",
    "现在，我代表县人民政府，向大会报告工作，请予审议。",
    "一、2022年工作回顾",
    "云溪产业园建成投用，生产总值增长5.2%，新增就业1300人。",
    "谢谢大家！",
]
TEXT = "\n".join(PARAGRAPHS) + "\n"


def clean(source: object, **options: str) -> str:
    found, drops = load(source, **options)  # type: ignore[arg-type]
    return Alignment(len(found.text), drops).apply(found.text)


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# Decoding


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("utf-32-le", "utf-32-le"),
        ("utf-32-be", "utf-32-be"),
    ],
)
def test_encoding_is_found(codec: str, found: str) -> None:
    source, drops = load(TEXT.encode(codec))
    assert (source.text, source.encoding, source.format, drops) == (TEXT, found, "text", ())


def test_traditional_text_in_big5() -> None:
    text = "政府工作報告\n各位代表：現在，我代表縣人民政府向大會報告工作。\n"
    assert load(text.encode("big5"))[0].encoding == "big5"


def test_wide_text_without_any_ascii() -> None:
    assert load("各位代表，现在我报告工作。".encode("utf-16-be"))[0].encoding == "utf-16-be"


def test_named_encoding_settles_an_ambiguous_text() -> None:
    assert load("报告".encode("gbk"), encoding="gbk")[0].text == "报告"


def test_few_damaged_characters_are_kept_as_replacement() -> None:
    data = (TEXT * 3).encode("gbk").replace("谢谢".encode("gbk"), b"\xff" + "谢".encode("gbk"), 1)
    source, _ = load(data)
    assert source.encoding == "gb18030"
    assert source.text.count("\ufffd") == 1


def test_a_stray_nul_does_not_make_a_file_binary() -> None:
    assert load((TEXT * 3).encode() + b"\0")[0].encoding == "utf-8"


@given(st.text("经济发展，。\n 2023%ABC—“”（）", min_size=1).filter(str.strip))
def test_utf8_text_is_never_changed(text: str) -> None:
    assert load(text.encode(), format="text")[0].text == text


# Kinds of source


def test_kinds_of_source_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "青禾.txt"
    path.write_bytes(TEXT.encode())
    with path.open("rb") as binary, path.open(encoding="utf-8") as text:
        found = [load(s)[0] for s in (path, str(path), binary, text, TEXT, TEXT.encode(), io.StringIO(TEXT))]
    assert {(s.text, s.sha256) for s in found} == {(TEXT, found[0].sha256)}
    assert [s.name for s in found] == ["青禾.txt"] * 4 + ["<text>", "<bytes>", "<stream>"]


@pytest.mark.parametrize(
    "text", ["各位代表：大家好。", "亩均收入3万元/亩，增长5%。", "政府工作报告", "长" * 5000]
)
def test_a_line_of_text_is_no_path(text: str) -> None:
    assert load(text)[0].text == text


def test_byte_order_mark_of_a_string_is_dropped() -> None:
    assert clean("\ufeff" + TEXT) == TEXT


# Format


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.txt", TEXT, "text"),
        ("a.md", TEXT, "markdown"),
        ("a.txt", "# 政府工作报告\n\n## 一、回顾\n", "markdown"),
        ("a.txt", "政府工作报告\n\n**工业。**稳步增长。\n", "markdown"),
        ("a.txt", "---\ntitle: 报告\n---\n正文。\n", "markdown"),
        ("a.txt", "1#机组投产。\n#乡村振兴#活动开展。\n", "text"),
        ("a.txt", "<!DOCTYPE html><html><body><p>报告。</p></body></html>", "html"),
        ("a", "<div><p>甲。</p><p>乙。</p></div>", "html"),
        ("a.html", TEXT, "text"),
        ("a.md", "<div align=center>\n\n# 报告\n</div>", "markdown"),
    ],
)
def test_format_by_name_and_content(name: str, text: str, found: str) -> None:
    assert load(text.encode(), name=name)[0].format == found


def test_format_can_be_named() -> None:
    assert load("# 甲\n# 乙\n", format="text")[1] == ()


# Markdown


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("## 一、回顾", "一、回顾"),
        ("##一、回顾", "一、回顾"),
        ("**工业。**稳步增长。", "工业。稳步增长。"),
        ("发展**重\n点**项目", "发展重\n点项目"),
        ("**标题\n\n副标题**", "标题\n\n副标题"),
        ("__工业。__稳步", "工业。稳步"),
        ("签字____日期____", "签字____日期____"),
        ("PM<sub>2.5</sub>下降<br>", "PM2.5下降"),
        ("增速<5%，占比>3%", "增速<5%，占比>3%"),
        ("见[公报](http://a.example/x)。", "见公报。"),
        ("![图](a.png)正文", "正文"),
        (r"3\*4，\[甲\]", "3*4，[甲]"),
        ("工程[^12]开工", "工程开工"),
        ("正文。\n\n[^1]: 释义，\n续行。\n\n    又一段。\n\n后文。", "正文。\n\n\n\n后文。"),
        ("---\ntitle: 甲\nyear: 2023\n---\n正文", "正文"),
        ("甲\n\n---\n\n乙", "甲\n\n\n\n乙"),
        ("甲<!-- 注 -->乙", "甲乙"),
        ("> 引文\n> 续", "引文\n续"),
        ("- 第一项\n* 第二项", "第一项\n第二项"),
        ("- 3 -", "- 3 -"),
        ("|甲|乙|\n|---|:-:|\n|1|2|", "|甲|乙|\n\n|1|2|"),
        ("# 甲\r\n\r\n**乙。**丙\r\n", "甲\r\n\r\n乙。丙\r\n"),
    ],
)
def test_markdown_marks(source: str, expected: str) -> None:
    assert clean(source + "\n", format="markdown") == expected + "\n"


def test_markdown_reasons_and_untouched_source() -> None:
    text = "---\na: b\n---\n# 甲[^1]\n\n[^1]: 乙\n"
    source, drops = load(text, format="markdown")
    assert source.text == text
    assert [drop.reason for drop in drops] == ["front matter", "markup", "footnote", "footnote"]


@given(st.text("#*_[]()^!<>/-|\\:`~ \t\r\n1a甲。"))
def test_markdown_drops_are_a_valid_alignment(text: str) -> None:
    drops = markdown.extract(text).drops
    Alignment(len(text), drops)
    assert all(drop.text == "" and drop.start < drop.end for drop in drops)


@pytest.mark.parametrize(
    "unit", ["[", "![", "<!--", "**", "<a ", "|", "-", "#", "\\", "__a", "[^1]:", "> ", " \n"]
)
def test_markdown_takes_linear_time(unit: str) -> None:
    markdown.extract(unit * 50_000)


# HTML

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}">
<title>青禾县政府工作报告_青禾县人民政府网</title>
<script>var a = "<p>脚本。</p>";</script><style>p {{}}</style></head><body>
<div class="top"><ul><li><a href="/">首页</a></li><li><a href="/x">政务公开</a></li></ul></div>
<div>当前位置：<a href="/">首页</a> &gt; 正文</div>
<h1>2023年青禾县政府工作报告</h1>
<div class="share"><a href="#">打印本页</a></div>
<div id="zoom">{body}</div>
<div><h3>相关链接</h3><ul><li><a href="/r">东岭镇政府工作报告全文解读，一图读懂</a></li></ul></div>
<div class="foot"><p>版权所有：青禾县</p></div></body></html>"""
PAGE_LINES = ["2023年青禾县政府工作报告", *PARAGRAPHS]


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<p>{p}</p>\n" for p in PARAGRAPHS),
        "".join(f"<p><span>{p[:3]}</span><b>{p[3:]}</b></p>" for p in PARAGRAPHS),
        "<br>".join(f"&nbsp;&nbsp;&nbsp;{p}" for p in PARAGRAPHS),
        "<p>" + "<br/><br/>".join(f"&emsp;&emsp;{p}" for p in PARAGRAPHS) + "</p>",
        "<pre>" + "\n".join(PARAGRAPHS) + "</pre>",
        f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><ul>"
        + "".join(f"<li>{p}</li>" for p in PARAGRAPHS[2:]),
        "<table><tr><td><table><tr><td>" + "</td></tr><tr><td>".join(PARAGRAPHS) + "</table></table>",
        "".join(f"<p>{p[:12]}\n   {p[12:]}</p>" for p in PARAGRAPHS),
    ],
    ids=["p", "spans", "br", "br-br", "pre", "list", "tables", "wrapped source"],
)
@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_html_main_content(body: str, charset: str) -> None:
    page = PAGE.format(charset=charset, body=body).encode("utf-8" if charset == "utf-8" else "gbk")
    source, drops = load(page, name="page.html")
    assert lines(source.text) == PAGE_LINES
    assert (source.format, drops) == ("html", ())
    assert source.encoding == ("utf-8" if charset == "utf-8" else "gb18030")


def test_html_data_table_keeps_every_cell() -> None:
    table = "<table><tr><th>项目</th><th>进度</th></tr><tr><td>云溪大桥</td><td>完工</td></tr></table>"
    page = PAGE.format(charset="utf-8", body="".join(f"<p>{p}</p>" for p in PARAGRAPHS) + table)
    assert lines(load(page)[0].text)[-4:] == ["项目", "进度", "云溪大桥", "完工"]


def test_html_hidden_text_and_indentation() -> None:
    found, _ = load('<body><p style="display:none">暗</p><p>&nbsp;&nbsp;甲&nbsp;乙。<p>　　丙。</body>')
    assert found.text == "  甲 乙。\n　　丙。\n"


def test_html_with_the_wrong_charset_declared() -> None:
    page = PAGE.format(charset="iso-2022-kr", body="".join(f"<p>{p}</p>" for p in PARAGRAPHS)).encode("gbk")
    assert lines(load(page)[0].text) == PAGE_LINES


# DOCX


def docx_bytes(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def test_docx_paragraphs_and_tables_in_order() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.add_heading(PARAGRAPHS[0], 1)
    document.add_paragraph("甲\n乙\t丙")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "云溪大桥", "完工"
    document.add_paragraph(PARAGRAPHS[-1])
    source, drops = load(docx_bytes(document), name="a.docx")
    assert source.text == f"{PARAGRAPHS[0]}\n甲\n乙\t丙\n云溪大桥\n完工\n{PARAGRAPHS[-1]}\n"
    assert (source.format, source.encoding, drops) == ("docx", None, ())


def test_docx_tracked_changes_and_bookmarks() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("投资")
    for xml in (
        '<w:bookmarkStart {} w:id="0" w:name="_GoBack"/>',
        '<w:ins {} w:id="1"><w:r><w:t>三亿</w:t></w:r></w:ins>',
        '<w:del {} w:id="2"><w:r><w:delText>二亿</w:delText></w:r></w:del>',
        "<w:hyperlink {}><w:r><w:t>元</w:t></w:r></w:hyperlink>",
    ):
        paragraph._p.append(parse_xml(xml.format(nsdecls("w"))))
    assert load(docx_bytes(document))[0].text == "投资三亿元\n"


def test_docx_under_another_suffix() -> None:
    document = docx.Document()
    document.add_paragraph("报告")
    assert load(docx_bytes(document), name="a.doc")[0].format == "docx"


# PDF


def pdf_bytes(head: str, foot: str, *, pages: int = 4) -> bytes:
    """Set pages of numbered lines in a font that PDF readers bring along."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for page in range(pages):
        canvas.setFont("STSong-Light", 12)
        body = (
            PARAGRAPHS if page == 0 else [f"　　第{page * 7}段，云溪{page}号项目建成，", f"投资{page}亿元。"]
        )
        content = [head.format(page + 1), *body, foot.format(page + 1)]
        for number, line in enumerate(filter(None, content)):
            canvas.drawString(72, 780 - 24 * number, line)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


@pytest.mark.parametrize(
    ("head", "foot", "reasons"),
    [
        ("", "", set()),
        ("", "- {} -", {"page number"}),
        ("", "{}", {"page number"}),
        ("", "第{}页 共4页", {"page number"}),
        ("", "{}/4", {"page number"}),
        ("", "— {} —", {"page number"}),
        ("青禾县2023年工作报告汇编", "", {"running head"}),
        ("青禾县2023年报告汇编 {}/4", "", {"running head"}),
        ("青禾县人民政府文件", "·{}·", {"running head", "page number"}),
    ],
)
def test_pdf_text_without_margins(head: str, foot: str, reasons: set[str]) -> None:
    data = pdf_bytes(head, foot)
    source, drops = load(data, name="a.pdf")
    assert {drop.reason for drop in drops} == reasons
    assert len(drops) == 4 * (bool(head) + bool(foot))
    body = lines(clean(data))
    assert body[: len(PARAGRAPHS)] == PARAGRAPHS
    assert len(body) == len(PARAGRAPHS) + 6
    assert (source.format, source.encoding, source.text.count("\f")) == ("pdf", None, 3)


def test_pdf_title_that_running_heads_repeat_is_kept() -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    for page in range(4):
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(72, 780, "政府工作报告")
        canvas.drawString(72, 700, f"第{page * 7}项工作完成。")
        canvas.showPage()
    canvas.save()
    assert clean(stream.getvalue()).count("政府工作报告") == 1


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_pdf_encrypted_without_a_reading_password(algorithm: str) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_bytes("", "")))
    writer.encrypt("", "owner", algorithm=algorithm)
    stream = io.BytesIO()
    writer.write(stream)
    assert lines(load(stream.getvalue())[0].text)[0] == PARAGRAPHS[0]


def test_pdf_warnings_stay_out_of_the_terminal() -> None:
    assert logging.getLogger("pypdf").hasHandlers()
