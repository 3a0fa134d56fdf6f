"""The ``govreport`` application: its commands, its version and its signals."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Annotated

import typer

from govreport_nlp.cli.annotate import annotate
from govreport_nlp.cli.corpus import corpus
from govreport_nlp.cli.info import info

__all__ = ["app", "main"]

app = typer.Typer(
    name="govreport",
    help="Read, segment and annotate Chinese government work reports (政府工作报告).",
    epilog="Exit codes: 0 fine · 1 some inputs failed, the others are done · 2 wrong usage.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(annotate)
app.command()(info)
app.add_typer(corpus, name="corpus")


def _print_version(wanted: bool) -> None:
    if wanted:
        from govreport_nlp import __version__

        typer.echo(f"govreport {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and leave."),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; the entry point of ``govreport``."""
    signal.signal(signal.SIGTERM, _terminate)
    app()


def _terminate(number: int, frame: FrameType | None) -> None:
    """Leave in order, so that half-written files are removed."""
    raise SystemExit(128 + number)
