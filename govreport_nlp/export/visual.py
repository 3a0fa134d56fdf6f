"""Annotated reports to look at: displaCy in the colours of the label scheme, notebooks, HTML pages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from spacy.displacy.render import EntityRenderer
from spacy.tokens import Doc, Span
from spacy.util import is_in_jupyter

from govreport_nlp.export.atomic import replacing_file
from govreport_nlp.export.records import check_doc, report_of
from govreport_nlp.labels import ENTITIES, THEMES
from govreport_nlp.pipes.extensions import paragraphs_of

__all__ = ["displacy_options", "html_writer", "show", "to_html"]

_UNFOLDED: Final = 3
"""Most reports of a page that are shown unfolded and without a list of contents."""

_NEUTRAL: Final = "#d5d8dc"

# One line: displaCy's own template puts line breaks around a mark, which show as spaces in Chinese text.
_MARK: Final = (
    '<mark class="gr-entity" style="background:{bg}" title="{title}">{text}'
    '<span class="gr-label">{label}</span></mark>'
)

_STYLE: Final = """<style>
.gr-report{max-width:52em;line-height:1.9;font-family:"Noto Serif SC","Songti SC",SimSun,serif}
.gr-report>div{margin:.5em 0;padding:.1em .8em;border-left:.35em solid transparent}
.gr-report .gr-heading{font-weight:bold}
.gr-report .entities{display:inline;line-height:inherit!important}
.gr-entity{padding:.1em .3em;border-radius:.3em}
.gr-label{font:bold .6em sans-serif;margin-left:.4em;opacity:.75}
.gr-theme{font:.7em sans-serif;padding:.15em .5em;margin-right:.5em;border-radius:1em;white-space:nowrap}
.gr-legend{margin:0 0 1em;font-size:.9em;line-height:1.9}
.gr-caption{font-weight:bold}
</style>"""

_PAGE: Final = """<!DOCTYPE html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title>
{style}
</head>
<body style="margin:2em auto;max-width:54em;padding:0 1em">
{legend}
"""


def displacy_options() -> dict[str, Any]:
    """Give options for ``displacy.render(doc, style="ent", options=…)`` in the colours of the label scheme.

    Examples
    --------
    >>> displacy_options()["ents"]
    ['PROGRAMME', 'SLOGAN', 'PROJECT']
    """
    return {"ents": list(ENTITIES), "colors": {name: label.colour for name, label in ENTITIES.items()}}


def show(doc: Doc, *, jupyter: bool | None = None) -> str | None:
    """Show a report with its title, place, level and date, its entities, headings and paragraph themes.

    Parameters
    ----------
    doc : Doc
        Annotated report.
    jupyter : bool, optional
        Whether to display it in the notebook; found out by default.

    Returns
    -------
    str or None
        HTML outside a notebook, `None` within one.

    Raises
    ------
    GovReportError
        If `doc` is not a Doc.

    Examples
    --------
    >>> import spacy
    >>> show(spacy.blank("zh")("落实河长制。")).count("河长制")
    1
    """
    check_doc(doc, "show")
    caption = f'<p class="gr-caption">{escape(_caption(doc))}</p>\n' if doc._.report else ""
    html = f"{_STYLE}\n{_legend()}\n{caption}{to_html(doc)}"
    if not (is_in_jupyter() if jupyter is None else jupyter):
        return html
    notebook = import_module("IPython.display")
    notebook.display(notebook.HTML(html))
    return None


def to_html(doc: Doc) -> str:
    """Give one report as an HTML fragment without style sheet; :func:`show` adds it."""
    renderer = EntityRenderer({"colors": displacy_options()["colors"], "template": _MARK})
    blocks = paragraphs_of(doc) or ([doc[:]] if len(doc) else [])
    body = "\n".join(_paragraph(renderer, span) for span in blocks)
    return f'<article class="gr-report" lang="zh">\n{body}\n</article>'


def _paragraph(renderer: EntityRenderer, span: Span) -> str:
    start, text = span.start_char, span.text
    entities = [
        {
            "start": ent.start_char - start,
            "end": ent.end_char - start,
            "label": escape(ent.label_),
            "params": {"title": escape(ent.kb_id_)},
        }
        for ent in span.ents
    ]
    content = renderer.render_ents(text, entities, None).strip()
    themes = span._.labels
    chips = "".join(map(_chip, themes))
    colour = _theme_colour(themes[0]) if themes else "transparent"
    kind = "heading" if span.label_ == "heading" else "body"
    return f'<div class="gr-{kind}" style="border-color:{colour}">{chips}{content}</div>'


def _chip(theme: str) -> str:
    colour, label = _NEUTRAL, escape(theme)
    title = ""
    if theme in THEMES:
        colour, label = THEMES[theme].colour, f"{theme} {THEMES[theme].chinese}"
        title = escape(THEMES[theme].definition)
    return f'<span class="gr-theme" style="background:{colour}" title="{title}">{label}</span>'


def _theme_colour(name: str) -> str:
    return THEMES[name].colour if name in THEMES else _NEUTRAL


def _legend() -> str:
    marks = " ".join(
        f'<mark class="gr-entity" style="background:{label.colour}" title="{escape(label.definition)}">'
        f"{label.name} {label.chinese}</mark>"
        for label in ENTITIES.values()
    )
    return f'<p class="gr-legend">{marks}<br>{"".join(map(_chip, THEMES))}</p>'


def _caption(doc: Doc) -> str:
    report = report_of(doc)
    meta = report.meta
    facts = (meta.title or f"Report {report.number}", meta.place, meta.level, meta.date, report.source.name)
    return " · ".join(fact for fact in facts if fact)


@contextmanager
def html_writer(path: Path) -> Iterator[Callable[[Doc], None]]:
    """Give a function that adds a Doc to a standalone HTML page.

    More than three reports are folded, and a list of links to them stands on top. The file appears when the
    block ends without error.

    Parameters
    ----------
    path : Path
        File to create or replace.
    """
    captions: list[str] = []
    first: list[str] = []
    with (
        replacing_file(path) as scratch,
        scratch.with_name(f"{scratch.name}.rest").open("w+", encoding="utf-8") as rest,
        scratch.open("w", encoding="utf-8") as file,
    ):

        def write(doc: Doc) -> None:
            caption = escape(_caption(doc))
            captions.append(caption)
            # The link leads inside, so that browsers unfold the report that it leads to.
            article = f'<div id="report-{len(captions)}">{to_html(doc)}</div>'
            report = f"<summary>{caption}</summary>\n{article}\n</details>\n"
            if len(captions) <= _UNFOLDED:
                first.append(report)
            else:
                rest.write(f"<details>{report}")

        yield write
        folded = len(captions) > _UNFOLDED
        file.write(_PAGE.format(title=escape(path.stem), style=_STYLE, legend=_legend()))
        if folded:
            file.write(_contents(captions))
        file.writelines(f"<details{'' if folded else ' open'}>{report}" for report in first)
        rest.seek(0)
        shutil.copyfileobj(rest, file)
        file.write("</body>\n</html>\n")


def _contents(captions: list[str]) -> str:
    links = "\n".join(
        f'<li><a href="#report-{number}">{caption}</a></li>' for number, caption in enumerate(captions, 1)
    )
    return f'<nav><ol lang="zh">\n{links}\n</ol></nav>\n'
