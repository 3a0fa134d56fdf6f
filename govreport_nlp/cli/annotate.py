"""``govreport annotate``."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govreport_nlp.cli.errors import DebugOption, describe, reporting_errors, wrong_usage
from govreport_nlp.errors import GovReportError
from govreport_nlp.export.formats import Format, format_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

    from govreport_nlp.inputs import Found

__all__ = ["annotate"]


class InputFormat(StrEnum):
    """What inputs can be read as; the same as :data:`govreport_nlp.reading.sniffing.FORMATS`."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


def annotate(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="FILES",
            help="Files, folders, patterns or - for standard input; quote a pattern with `**`.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File or, for CSV, folder to write; standard output by default."),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option("--format", "-f", help="Output format; taken from the suffix of the output by default."),
    ] = None,
    n_process: Annotated[
        int, typer.Option("--n-process", "-n", help="Processes to use; -1 for one a processor.")
    ] = 1,
    text_out: Annotated[
        Path | None,
        typer.Option(
            "--text-out",
            metavar="DIR",
            file_okay=False,
            help="Also write the decoded or extracted text of each input, to which all offsets refer. Python "
            'reads it unchanged with `open(file, encoding="utf-8", newline="")`.',
        ),
    ] = None,
    input_format: Annotated[
        InputFormat | None,
        typer.Option("--input-format", help="Format to read every input as; by default each is recognised."),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(
            "--encoding",
            metavar="NAME",
            help="Encoding of the text inputs, such as gb18030; by default it is detected.",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            metavar="NAME",
            help="Pipeline: package name or folder; the bundled one by default.",
        ),
    ] = None,
    debug: DebugOption = False,
) -> None:
    """Annotate reports: paragraphs, sentences, entities, themes, indicators.

    Reads text, Markdown, HTML, DOCX and PDF. One record a report goes to standard output as JSONL, or to a
    JSONL, Parquet or HTML file, or to a folder of CSV tables. An output appears only when it is complete.

    `govreport annotate "reports/**/*.pdf" -o out.parquet`
    """
    options = {"n_process": n_process, "format": input_format and input_format.value, "encoding": encoding}
    with reporting_errors(debug):
        _annotate(inputs, output, format, text_out, model, options)


def _annotate(
    patterns: list[str],
    output: Path | None,
    format: Format | None,
    text_out: Path | None,
    model: str | None,
    options: dict[str, Any],
) -> None:
    import govreport_nlp
    from govreport_nlp.export.records import report_of
    from govreport_nlp.export.writers import text_writer

    with wrong_usage("FILES"):
        inputs = _inputs(patterns)
    _check_overwriting([item for item in inputs if isinstance(item, Path)], output, text_out)
    with wrong_usage("--output"):
        writer = _writer(output, format)
    with wrong_usage("--model"):
        nlp = govreport_nlp.load(model) if model else govreport_nlp.load()
    save_text = text_writer(text_out) if text_out else None
    failures: list[GovReportError] = []
    with wrong_usage("--n-process / --encoding"):
        docs = govreport_nlp.annotate(inputs, nlp=nlp, on_error=failures.append, **options)
    done = 0
    with writer as write:
        with _printing_notes():
            for doc in docs:
                write(doc)
                if save_text:
                    save_text(report_of(doc).source)
                done += 1
        for failure in failures:
            typer.echo(f"Failed: {describe(failure)}", err=True)
        if not done:
            raise typer.Exit(1)
    counts = ", ".join(
        (f"{_count(done, 'report')} from {_count(len(inputs), 'input')}", _count(len(failures), "failure"))
    )
    typer.echo(f"Annotated {counts}", err=True)
    if failures:
        raise typer.Exit(1)


def _inputs(patterns: list[str]) -> list[Found]:
    from govreport_nlp.inputs import find_inputs

    if "" in patterns:
        raise GovReportError("an empty name names no file", hint="Give . for the current folder")
    standard_input = typer.get_binary_stream("stdin")
    return list(find_inputs(standard_input if name == "-" else Path(name) for name in patterns))


@contextmanager
def _printing_notes() -> Iterator[None]:
    """Print what the library warns of within the block as notes, on leaving it."""
    from govreport_nlp.annotating import NoReportWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", NoReportWarning)
        yield
    for warning in caught:
        if issubclass(warning.category, NoReportWarning):
            typer.echo(f"Note: {warning.message}", err=True)
        else:
            warnings.showwarning(warning.message, warning.category, warning.filename, warning.lineno)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _check_overwriting(files: list[Path], output: Path | None, text_out: Path | None) -> None:
    inputs = {path.resolve() for path in files}
    if output and output.resolve() in inputs:
        raise typer.BadParameter(f"{output} is also an input", param_hint="--output")
    if text_out and text_out.resolve() in {path.parent for path in inputs}:
        raise typer.BadParameter(f"{text_out} holds inputs; choose another folder", param_hint="--text-out")


def _writer(output: Path | None, format: Format | None) -> AbstractContextManager[Callable[[Doc], None]]:
    from govreport_nlp.export.writers import jsonl_writer, open_writer

    if output:
        return open_writer(output, format or format_of(output))
    if format in (None, Format.JSONL):
        return jsonl_writer()
    raise GovReportError(f"{format} cannot go to standard output", hint="Name an output with -o")
