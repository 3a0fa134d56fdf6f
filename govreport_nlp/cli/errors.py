"""How commands report errors."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer

from govreport_nlp.errors import GovReportError

__all__ = ["DebugOption", "describe", "reporting_errors", "wrong_usage"]

DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


_FOR_COMMANDS: Final = (
    (re.compile(r'\bencoding="([^"]+)"'), r"--encoding \1"),
    (re.compile(r'\bformat="([^"]+)"'), r"--input-format \1"),
    (re.compile(r"; to pass a line of text, .*"), ""),
    (re.compile(r"Open it and give the file object"), "Give - and redirect it to standard input"),
)
"""What hints of the library say that is done otherwise on the command line."""


def describe(error: GovReportError) -> str:
    """Give what is wrong, where and what to do as indented lines."""
    hint = error.hint or ""
    for pattern, replacement in _FOR_COMMANDS:
        hint = pattern.sub(replacement, hint)
    lines = [f"{error.where}: {error.what}" if error.where else error.what, hint]
    return "\n    ".join(line for line in lines if line)


@contextmanager
def wrong_usage(option: str) -> Iterator[None]:
    """Take an error of the library within the block for a wrong value of `option`: exit code 2."""
    try:
        yield
    except GovReportError as error:
        raise typer.BadParameter(describe(error), param_hint=option) from error


@contextmanager
def reporting_errors(debug: bool) -> Iterator[None]:
    """Report an error within the block on standard error and leave with code 1, without a traceback.

    Parameters
    ----------
    debug : bool
        Show the traceback too.
    """
    try:
        yield
    except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
        raise
    except Exception as error:
        if debug:
            traceback.print_exc()
        typer.echo(f"Error: {_message(error)}", err=True)
        raise typer.Exit(1) from error


def _message(error: Exception) -> str:
    if isinstance(error, GovReportError):
        return describe(error)
    if isinstance(error, OSError) and error.strerror:
        return describe(GovReportError(error.strerror, where=error.filename))
    hint = "This is a fault of govreport_nlp; see it with --debug, and please report it"
    return describe(GovReportError(f"{type(error).__name__}: {error}", hint=hint))
