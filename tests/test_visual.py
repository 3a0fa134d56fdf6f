from __future__ import annotations

import re

import pytest
import spacy
from annotated import TEXT, annotated, make_report

from govreport_nlp.export.formats import Format
from govreport_nlp.export.visual import displacy_options, show
from govreport_nlp.export.writers import open_writer
from govreport_nlp.labels import ENTITIES, THEMES


@pytest.fixture(scope="module")
def doc():
    return annotated(make_report())


def test_html_page(tmp_path):
    doc = annotated(make_report(TEXT.replace("过去一年", "过去<b>一年")))
    with open_writer(tmp_path / "out.html", Format.HTML) as write:
        write(doc)
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")
    assert "过去&lt;b&gt;一年" in page
    assert page.count("雪亮工程") == 2  # once as text, once as canonical name
    assert "ecology 生态" in page


@pytest.mark.parametrize("number", [3, 4])
def test_html_page_of_many_reports_is_folded_and_has_links(doc, tmp_path, number):
    path = tmp_path / "out.html"
    with open_writer(path, Format.HTML) as write:
        for _ in range(number):
            write(doc)
    page = path.read_text(encoding="utf-8")
    links = re.findall(r'href="#([^"]+)"', page)
    assert len(re.findall("<details open>" if number == 3 else "<details>", page)) == number
    assert links == ([] if number == 3 else [f"report-{n}" for n in range(1, 5)])
    assert all(page.count(f'id="{link}"') == 1 for link in links)
    assert "<summary>云溪县政府工作报告 · 云溪县 · county · 2023-01-05 · 云溪.txt</summary>" in page
    assert all(theme.chinese in page for theme in THEMES.values())
    assert [p.name for p in tmp_path.iterdir()] == ["out.html"]


def test_show_gives_html_outside_notebooks(doc):
    html = show(doc)
    assert all(ENTITIES[ent.label_].colour in html for ent in doc.ents)
    assert html.count('<div class="gr-heading"') == 1
    assert show(spacy.blank("zh")("")) is not None


def test_displacy_takes_the_options(doc):
    html = spacy.displacy.render(doc, style="ent", options=displacy_options(), jupyter=False)
    assert ENTITIES["PROGRAMME"].colour in html
