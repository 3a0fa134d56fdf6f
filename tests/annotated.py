"""Small reports and a small pipeline that keep the contracts of the reader and the pipes."""

from __future__ import annotations

import os
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from govreport_nlp.errors import ReadError
from govreport_nlp.pipes.extensions import attach
from govreport_nlp.reading.alignment import Alignment, Edit
from govreport_nlp.reading.report import Metadata, Paragraph, Report, Source

TEXT = (
    "首页 > 政务公开\n"
    "云溪县政府工作报告\n"
    "一、过去一年\n"
    "全面推行河（湖）\n长制，雪亮工\n— 3 —\n程投入使用。财政收入增长５.２%。\n"
    "打印本页\n"
)
"""Source with chrome, line wraps, a page number inside a name, and full-width digits."""

NAMES = {"河（湖）长制": "PROGRAMME", "雪亮工程": "PROGRAMME", "两个维护": "SLOGAN", "云溪大桥": "PROJECT"}

PARAGRAPH = re.compile(r"\S(?:[^\n]*\S)?")


def make_report(text: str = TEXT, *, name: str = "云溪.txt", number: int = 0) -> Report:
    """Build a report by a few regular expressions: chrome, page numbers and wraps dropped, digits folded."""
    drops = [(r"首页 > 政务公开\n", "chrome"), (r"打印本页\n?", "chrome"), (r"\n— \d+ —\n", "page number")]
    edits = [Edit(m.start(), m.end(), "", reason) for rule, reason in drops for m in re.finditer(rule, text)]
    inside = {at for edit in edits for at in range(edit.start, edit.end)}
    wraps = [m for m in re.finditer(r"(?<=[湖）工])\n(?=[长程])", text) if m.start() not in inside]
    edits += [Edit(m.start(), m.end(), "", "line wrap") for m in wraps]
    edits += [
        Edit(m.start(), m.end(), chr(ord(m[0]) - 0xFEE0), "width") for m in re.finditer("[０-９]", text)
    ]
    alignment = Alignment(len(text), edits)
    clean = alignment.apply(text)
    paragraphs = tuple(
        Paragraph(m.start(), m.end(), "heading", "section", 1)
        if m[0].startswith("一、")
        else Paragraph(m.start(), m.end(), section=("一、过去一年",), part="review")
        for m in PARAGRAPH.finditer(clean)
    )
    source = Source(name, "text", "utf-8", sha256(text.encode()).hexdigest(), text)
    meta = Metadata(title="云溪县政府工作报告", place="云溪县", level="county", year=2023, date="2023-01-05")
    return Report(source, number, 0, len(text), alignment, paragraphs, meta)


def read(path: Path) -> list[Report]:
    """Stand in for :func:`govreport_nlp.reading.read` where only its contract matters."""
    text = path.read_text(encoding="utf-8")
    if not text:
        raise ReadError("the file is empty", hint="Give a file with text")
    return [make_report(part, name=path.name, number=n) for n, part in enumerate(text.split("====\n"))]


@Language.component("govreport_test_layers")
def layers(doc: Doc) -> Doc:
    """Set every layer from a list of names; 故障 in a text makes it fail, 自毁 ends its process."""
    text = doc.text
    if "故障" in text:
        raise RuntimeError("out of order")
    if "自毁" in text:
        os._exit(1)
    if "paragraphs" not in doc.spans:
        found = [doc.char_span(m.start(), m.end(), label="body") for m in PARAGRAPH.finditer(text)]
        doc.spans["paragraphs"] = found
    for token in doc:
        before = doc[token.i - 1].text
        token.is_sent_start = token.i == 0 or before == "。" or "\n" in before
    hits = [m for name in NAMES for m in re.finditer(re.escape(name), text)]
    doc.ents = [
        Span(doc, span.start, span.end, label=NAMES[m[0]], kb_id=m[0] if m[0] == "雪亮工程" else "")
        for m in hits
        if (span := doc.char_span(*m.span()))
    ]
    for span in doc.spans["paragraphs"]:
        span._.themes = {"economy": 0.123456, "ecology": 0.9}
        span._.labels = ["ecology"]
    doc._.indicators = [
        {
            "start": m.start(),
            "end": m.end(),
            "name": m[1],
            "value": None,
            "unit": None,
            "change": float(m[3]),
            "relation": "increase",
            "kind": "result",
            "year": 2022,
        }
        for m in re.finditer(r"(财政收入)(增长)([0-9.]+)%", text)
    ]
    return doc


@cache
def make_nlp() -> Language:
    """Build a character pipeline with the test layers."""
    nlp = spacy.blank("zh")
    nlp.add_pipe("govreport_test_layers")
    return nlp


def annotated(report: Report) -> Doc:
    """Annotate one report with the test layers."""
    nlp = make_nlp()
    return nlp(attach(nlp.make_doc(report.text), report))
