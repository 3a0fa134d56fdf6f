"""Tables and data that commands print or write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["console", "print_json", "print_table", "write_tsv"]

_FILE_WIDTH: Final = 160
"""Columns of a table that does not go to a terminal."""


def console() -> Console:
    """Give a console as wide as the terminal, or of a fixed width where the output goes elsewhere."""
    from rich.console import Console

    found = Console()
    if not found.is_terminal:
        found.width = _FILE_WIDTH
    return found


def print_json(value: Any) -> None:
    """Print plain data as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, fold: bool = False
) -> None:
    """Print a table whose first column is text and whose others are figures, or, with `fold`, text too."""
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number and not fold else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    out = console()
    out.print(table)
    out.print()


def write_tsv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a tab-separated file, which appears when it is complete."""
    from govreport_nlp.export.atomic import replacing_file

    with replacing_file(path) as scratch, scratch.open("w", encoding="utf-8") as file:
        file.write("\t".join(columns) + "\n")
        for row in rows:
            file.write("\t".join(map(str, row)) + "\n")
