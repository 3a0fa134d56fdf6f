"""Read any report file into clean, aligned, structured reports."""

from __future__ import annotations

from collections.abc import Sequence

from govreport_nlp.errors import ReadError
from govreport_nlp.reading.alignment import Alignment, Edit
from govreport_nlp.reading.artefacts import artefact_edits
from govreport_nlp.reading.assembly import clean_edits
from govreport_nlp.reading.compilations import split_compilation
from govreport_nlp.reading.layout import lay_out
from govreport_nlp.reading.lines import Line
from govreport_nlp.reading.loading import SourceLike, load
from govreport_nlp.reading.metadata import describe_report
from govreport_nlp.reading.report import Report, Source
from govreport_nlp.reading.structure import Draft, describe

__all__ = ["read"]


def read(
    source: SourceLike,
    *,
    name: str | None = None,
    format: str | None = None,
    encoding: str | None = None,
) -> list[Report]:
    r"""Read a file and give every government work report in it.

    Parameters
    ----------
    source : str, path, bytes or file object
        A path, the bytes or the open file, or the text itself (a `str` that holds a line break or does not
        look like a path).
    name : str, optional
        Name to record for a source that has none.
    format : {"text", "markdown", "html", "docx", "pdf"}, optional
        Format, where the suffix and the content should not decide.
    encoding : str, optional
        Encoding of a text file, where detection should not decide.

    Returns
    -------
    list of Report
        One or more; a compilation page gives one for each report it holds.

    Raises
    ------
    ReadError
        If the source cannot be read or holds no text.
    MissingExtraError
        If its format needs an optional dependency.

    Examples
    --------
    >>> report, = read("政府工作报告\n各位代表：\n　　一年来，全镇经济\n稳中有进。")
    >>> print(report.text)
    政府工作报告
    各位代表：
    一年来，全镇经济稳中有进。
    """
    loaded, drops = load(source, name=name, format=format, encoding=encoding)
    layout = lay_out(loaded.text, drops)
    paragraphs = layout.paragraphs
    if not paragraphs:
        raise ReadError(
            "no report text found",
            where=loaded.name,
            hint="Every line looks like navigation or a page number",
        )
    lines = [line for paragraph in paragraphs for line in paragraph]
    furniture = [Edit(line.start, line.end, "", reason) for line, reason in layout.chrome]
    known = _merge(drops, furniture, list(artefact_edits(loaded.text, lines, drops)))
    texts = ["".join(line.text for line in paragraph) for paragraph in paragraphs]
    spans = split_compilation(texts)
    return [
        _report(
            loaded, number, paragraphs[start:end], known, "another report" if len(spans) > 1 else "outside"
        )
        for number, (start, end) in enumerate(spans)
    ]


def _merge(*groups: Sequence[Edit]) -> list[Edit]:
    """Sort edits of several origins; an edit that overlaps an earlier one is cut to what is left of it."""
    merged: list[Edit] = []
    for edit in sorted(edit for group in groups for edit in group):
        start = max(edit.start, merged[-1].end) if merged else edit.start
        if start < edit.end:
            merged.append(Edit(start, edit.end, edit.text, edit.reason))
    return merged


def _report(
    source: Source, number: int, paragraphs: Sequence[Sequence[Line]], known: Sequence[Edit], elsewhere: str
) -> Report:
    alignment = Alignment(len(source.text), clean_edits(source.text, paragraphs, known, elsewhere))
    clean = alignment.apply(source.text)
    drafts = []
    for lines in paragraphs:
        start, end = alignment.clean_span(lines[0].start, lines[-1].end)
        drafts.append(Draft(start, end, clean[start:end], lines[0].raw))
    described = describe(drafts)
    return Report(
        source=source,
        number=number,
        start=paragraphs[0][0].start,
        end=paragraphs[-1][-1].end,
        alignment=alignment,
        paragraphs=described,
        meta=describe_report([draft.text for draft in drafts], described),
    )
