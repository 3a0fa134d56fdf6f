"""``govreport annotate``."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govreport_nlp.cli.errors import DebugOption, describe, reporting_errors, wrong_usage
from govreport_nlp.errors import GovReportError
from govreport_nlp.export.formats import Format, format_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

__all__ = ["annotate"]


def annotate(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="FILES",
            help="Files, folders or patterns; quote a pattern with **.",
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
            help="Also write the decoded or extracted text of each input, to which all offsets refer.",
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

    govreport annotate "reports/**/*.pdf" -o out.parquet
    """
    with reporting_errors(debug):
        _annotate(inputs, output, format, n_process, text_out, model)


def _annotate(
    patterns: list[str],
    output: Path | None,
    format: Format | None,
    n_process: int,
    text_out: Path | None,
    model: str | None,
) -> None:
    import govreport_nlp
    from govreport_nlp.annotating import find_inputs
    from govreport_nlp.export.records import report_of
    from govreport_nlp.export.writers import text_writer

    with wrong_usage("FILES"):
        files = [path for path in find_inputs(patterns) if isinstance(path, Path)]
    _check_overwriting(files, output, text_out)
    with wrong_usage("--output"):
        writer = _writer(output, format)
    with wrong_usage("--model"):
        nlp = govreport_nlp.load(model) if model else govreport_nlp.load()
    save_text = text_writer(text_out) if text_out else None
    failures: list[GovReportError] = []
    with wrong_usage("--n-process"):
        docs = govreport_nlp.annotate(files, nlp=nlp, n_process=n_process, on_error=failures.append)
    done = 0
    with writer as write:
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
        (f"{_count(done, 'report')} from {_count(len(files), 'input')}", _count(len(failures), "failure"))
    )
    typer.echo(f"Annotated {counts}", err=True)
    if failures:
        raise typer.Exit(1)


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
