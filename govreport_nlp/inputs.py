"""From what a user names (files, folders, patterns, texts, open files) to the inputs that are read."""

from __future__ import annotations

import glob
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from govreport_nlp.characters import is_cjk
from govreport_nlp.errors import GovReportError, NoInputError
from govreport_nlp.reading.loading import path_of
from govreport_nlp.reading.report import Report

if TYPE_CHECKING:
    from _typeshed import StrPath

    Input = StrPath | bytes | IO[bytes] | IO[str] | Report
    Found = Path | str | bytes | IO[bytes] | IO[str] | Report

__all__ = ["SUFFIXES", "distinct_names", "find_inputs", "is_input", "looks_like_report"]

SUFFIXES: Final = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".docx", ".pdf"})
"""Files that are taken from a folder."""

_REFUSED: Final = frozenset({".doc", ".wps", ".rtf", ".odt", ".xls", ".ppt"})
"""Documents that are taken too, so that the reader says how to convert them, rather than left out silently."""


def is_input(item: object) -> bool:
    """Tell whether `item` is one input, not several."""
    kinds = (str, os.PathLike, bytes, bytearray, memoryview, Report)
    return isinstance(item, kinds) or hasattr(item, "read")


def find_inputs(items: Iterable[Input]) -> Iterator[Found]:
    """Give each file that `items` name once, in order; texts, contents, open files and reports pass through.

    Raises
    ------
    NoInputError
        If a pattern or folder holds no file.
    GovReportError
        If an item is nothing that can be read.
    """
    seen: set[str] = set()
    for item in items:
        if not is_input(item):
            raise GovReportError(
                f"an input of type {type(item).__name__} cannot be annotated",
                where="annotate",
                hint="Give paths, texts, bytes, open files or what gr.read gives",
            )
        path = _path(item)
        if path is None:
            yield item  # type: ignore[misc]  # every kind that is a path has been turned into one
            continue
        for file in _files(path):
            if (known := os.path.realpath(file)) not in seen:
                seen.add(known)
                yield file


def _path(item: Any) -> Path | None:
    """Give the path or pattern that an input stands for, or ``None`` if it is a text, contents or a report."""
    if isinstance(item, os.PathLike):
        return Path(os.fsdecode(item))
    if not isinstance(item, str):
        return None
    if path := path_of(item):
        return path
    one_line = item.isprintable() and bool(item.strip())
    is_pattern = one_line and glob.has_magic(item) and any(glob.iglob(item, recursive=True))  # noqa: PTH207
    # A name without Chinese is no text of a report, but the reader takes one without a suffix for a text.
    return Path(item) if is_pattern or (one_line and not any(map(is_cjk, item))) else None


def _files(path: Path) -> Sequence[Path]:
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError:  # such as a name that is too long: the reader says so
        return [path]
    if is_folder:
        found = sorted(p for p in path.rglob("*") if _is_report_file(p.relative_to(path)) and p.is_file())
        kinds = " ".join(sorted(SUFFIXES))
        missing, hint = "the folder holds no file to annotate", f"It should hold files that end in {kinds}"
    elif exists or not glob.has_magic(str(path)):
        return [path]
    else:
        names = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 – Path.glob refuses absolute patterns
        found = [p for p in map(Path, names) if p.is_file()]
        missing, hint = "no file matches this pattern", "Check the folder and the suffix"
    if not found:
        raise NoInputError(missing, where=str(path), hint=hint)
    return found


def _is_report_file(path: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in path.parts)
    return path.suffix.lower() in SUFFIXES | _REFUSED and not hidden


def distinct_names(paths: Iterable[Path]) -> dict[Path, str]:
    """Give paths that share their base name the shortest end of the path that no other of them has.

    Examples
    --------
    >>> paths = [Path("2022/report.txt"), Path("2023/report.txt"), Path("2023/plan.txt")]
    >>> list(distinct_names(paths).values())
    ['2022/report.txt', '2023/report.txt']
    """
    groups: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        groups[path.name].append(path)
    names: dict[Path, str] = {}
    for group in groups.values():
        if len(group) == 1:
            continue
        absolute = {path: path.absolute().parts for path in group}
        length = 2
        while len({parts[-length:] for parts in absolute.values()}) < len(group):
            length += 1
        names |= {path: "/".join(parts[-length:]) for path, parts in absolute.items()}
    return names


def looks_like_report(report: Report) -> bool:
    """Tell whether `report` has a title, a place, a salutation or at least a third of Chinese letters."""
    if report.meta.title or report.meta.place or any(p.role == "salutation" for p in report.paragraphs):
        return True
    letters = [char for char in report.text if char.isalpha()]
    return bool(letters) and 3 * sum(map(is_cjk, letters)) >= len(letters)
