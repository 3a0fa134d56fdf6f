"""Annotate many report files in one stream."""

from __future__ import annotations

import glob
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sized
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from spacy.language import Language
from spacy.tokens import Doc

from govreport_nlp.errors import GovReportError, NoInputError
from govreport_nlp.reading import read
from govreport_nlp.reading.report import Report
from govreport_nlp.workers import annotate_here, annotate_in_processes, unexpected

if TYPE_CHECKING:
    from _typeshed import StrPath

    Input = StrPath | bytes | Report

__all__ = ["SUFFIXES", "annotate", "find_inputs"]

SUFFIXES: Final = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".docx", ".pdf"})
"""Files that are taken from a folder."""


def annotate(
    paths: Input | Iterable[Input],
    *,
    nlp: Language | None = None,
    n_process: int = 1,
    batch_size: int = 8,
    progress: bool = True,
    on_error: Callable[[GovReportError], object] | Literal["warn", "raise"] = "warn",
) -> Iterator[Doc]:
    """Read and annotate reports, one after the other, in the order of their files.

    Parameters
    ----------
    paths : path, bytes, Report, or iterable of these
        A path may be a file, a glob pattern (``**`` for any depth) or a folder, which gives every file below
        it with one of :data:`SUFFIXES`. Each file is read once, however often it is named.
    nlp : Language, optional
        Pipeline; :func:`govreport_nlp.load` gives the default.
    n_process : int
        Processes to share the work between; -1 for one a processor.
    batch_size : int
        Reports that the pipeline takes at a time.
    progress : bool
        Show a progress bar on standard error if that is a terminal.
    on_error : {"warn", "raise"} or callable
        What to do with a file that cannot be read, or a report that cannot be annotated; the others go on.
        A callable gets the error, so that ``on_error=errors.append`` collects them.

    Returns
    -------
    iterator of Doc
        One Doc a report; ``doc._.report`` is the :class:`~govreport_nlp.reading.report.Report` it came from.
        Files are read as the iterator advances.

    Raises
    ------
    GovReportError
        If `n_process` or `batch_size` is out of range.
    NoInputError
        If a pattern or folder holds no file: at once, or during iteration if `paths` is itself an iterator.
    """
    for name, value in (("n_process", n_process), ("batch_size", batch_size)):
        if value < 1 and (name, value) != ("n_process", -1):
            raise GovReportError(f"{name} cannot be {value}", where="annotate", hint="Give a number from 1")
    if isinstance(paths, (str, os.PathLike, bytes, Report)):
        paths = [paths]
    inputs: Iterable[Path | bytes | Report] = find_inputs(paths)
    if isinstance(paths, Sized):
        inputs = list(inputs)
    if nlp is None:
        from govreport_nlp.loading import load

        nlp = load()
    handle = _HANDLERS[on_error] if isinstance(on_error, str) else on_error
    if n_process == 1:
        annotated = partial(annotate_here, nlp, batch_size=batch_size)
    else:
        workers = os.cpu_count() or 1 if n_process == -1 else n_process
        annotated = partial(annotate_in_processes, nlp, batch_size=batch_size, n_process=workers)
    return _run(inputs, annotated, handle, progress)


def find_inputs(paths: Iterable[Input]) -> Iterator[Path | bytes | Report]:
    """Give each file that `paths` name once, in order; contents and reports pass through.

    Raises
    ------
    NoInputError
        If a pattern or folder holds no file.
    """
    seen: set[Path] = set()
    for item in paths:
        if isinstance(item, (bytes, Report)):
            yield item
            continue
        for path in _files(Path(item)):
            if (known := path.resolve()) not in seen:
                seen.add(known)
                yield path


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if _is_report_file(p.relative_to(path)) and p.is_file())
        kinds = " ".join(sorted(SUFFIXES))
        missing, hint = "the folder holds no file to annotate", f"It should hold files that end in {kinds}"
    elif path.exists() or not glob.has_magic(str(path)):
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
    return path.suffix.lower() in SUFFIXES and not hidden


def _warn(error: GovReportError) -> None:
    warnings.warn(str(error), stacklevel=2)


def _raise(error: GovReportError) -> None:
    raise error


_HANDLERS: Final[dict[str, Callable[[GovReportError], object]]] = {"warn": _warn, "raise": _raise}


def _run(
    inputs: Iterable[Path | bytes | Report],
    annotated: Callable[[Iterable[tuple[int, Report]]], Iterable[tuple[int, Doc | GovReportError]]],
    handle: Callable[[GovReportError], object],
    progress: bool,
) -> Iterator[Doc]:
    total = len(inputs) if isinstance(inputs, Sized) else None
    with _progress_bar(progress) as bar:
        task = bar.add_task("annotating", total=total)
        for number, result in annotated(_reports(inputs, handle)):
            bar.update(task, completed=number, refresh=True)
            if isinstance(result, Doc):
                yield result
            else:
                handle(result)
        bar.update(task, completed=total, refresh=True)


def _reports(
    inputs: Iterable[Path | bytes | Report], handle: Callable[[GovReportError], object]
) -> Iterator[tuple[int, Report]]:
    """Read each input and give its reports with its number."""
    for number, item in enumerate(inputs):
        name = str(item) if isinstance(item, Path) else f"input {number + 1}"
        try:
            reports = [item] if isinstance(item, Report) else read(item)
        except GovReportError as error:
            error.where = error.where or name
            handle(error)
        except Exception as error:
            handle(unexpected("this input cannot be read", name, error))
        else:
            yield from ((number, report) for report in reports)


def _progress_bar(wanted: bool) -> Progress:
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    # Without a refreshing thread, because processes may be forked while it would run.
    return Progress(
        *columns,
        console=console,
        auto_refresh=False,
        transient=True,
        disable=not (wanted and console.is_terminal),
    )
