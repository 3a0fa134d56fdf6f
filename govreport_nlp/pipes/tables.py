"""Reading the data files of the pipes: tab-separated tables with ``#`` comment lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from govreport_nlp.errors import GovReportError

__all__ = ["read_rows", "read_text"]


def read_text(path: str | Path) -> str:
    """Give the text of a data file.

    Raises
    ------
    GovReportError
        If it cannot be read as UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GovReportError(
            f"The table cannot be read ({error})",
            where=str(path),
            hint="Give a UTF-8 file of tab-separated columns",
        ) from error


def read_rows(text: str, columns: int, *, where: str) -> Iterator[tuple[int, list[str]]]:
    r"""Give line number and cells of every row, without comment lines and empty ones.

    Parameters
    ----------
    text : str
        Content of the table.
    columns : int
        How many cells to give; missing ones are empty, further ones are left out.
    where : str
        Name of the table for error messages.

    Raises
    ------
    GovReportError
        If the first cell of a row is empty.

    Examples
    --------
    >>> list(read_rows("# name, label\n河长制\tPROGRAMME\t2,100\n", 2, where="names"))
    [(2, ['河长制', 'PROGRAMME'])]
    """
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            cells = [cell.strip() for cell in line.split("\t")][:columns]
            if not cells[0]:
                raise GovReportError("The first column is empty", where=f"{where}, line {number}")
            yield number, cells + [""] * (columns - len(cells))
