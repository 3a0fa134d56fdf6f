"""Annotate many report files in one stream."""

from __future__ import annotations

import codecs
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from spacy.language import Language
from spacy.tokens import Doc

from govreport_nlp.errors import GovReportError
from govreport_nlp.inputs import SUFFIXES, distinct_names, find_inputs, is_input, looks_like_report
from govreport_nlp.reading import read
from govreport_nlp.reading.report import Report
from govreport_nlp.reading.sniffing import FORMATS
from govreport_nlp.workers import annotate_here, annotate_in_processes, unexpected

if TYPE_CHECKING:
    from govreport_nlp.inputs import Found, Input

__all__ = ["SUFFIXES", "NoReportWarning", "annotate", "find_inputs"]


_NO_REPORT: Final = (
    "{}: this does not look like a report: it has neither title, place nor salutation, and little Chinese"
)


class NoReportWarning(UserWarning):
    """A file that was annotated does not look like a government work report."""


def annotate(
    paths: Input | Iterable[Input],
    *,
    nlp: Language | None = None,
    n_process: int = 1,
    batch_size: int = 8,
    progress: bool = True,
    on_error: Callable[[GovReportError], object] | Literal["warn", "raise"] = "warn",
    format: str | None = None,
    encoding: str | None = None,
) -> Iterator[Doc]:
    """Read and annotate reports, one after the other, in the order of their files.

    Parameters
    ----------
    paths : path, text, bytes, open file, Report, or iterable of these
        A path may be a file, a glob pattern (``**`` for any depth) or a folder, which gives every file below
        it with one of :data:`SUFFIXES`, and old office documents, which fail with what to do. Each file is
        read once, however often it is named. A `str` is a path or a text as for :func:`govreport_nlp.read`,
        but one line without Chinese is always a path.
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
    format, encoding : str, optional
        What every input is read as, see :func:`govreport_nlp.read`; by default each is judged by itself.

    Returns
    -------
    iterator of Doc
        One Doc a report; ``doc._.report`` is the :class:`~govreport_nlp.reading.report.Report` it came from.
        Files are read as the iterator advances. Its ``source.name`` is the name of the file; for files that
        share their name the shortest end of the path that tells them apart; and the path as given if `paths`
        is an iterator, whose files are not known beforehand.

    Raises
    ------
    GovReportError
        If an argument is of the wrong type or out of range.
    NoInputError
        If a pattern or folder holds no file: at once, or during iteration if `paths` is itself an iterator.

    Warns
    -----
    NoReportWarning
        If a file has neither title, place nor salutation of a report, and less than a third of its letters
        are Chinese. It is annotated all the same.
    """
    _check(n_process, batch_size, on_error, format, encoding)
    one = is_input(paths) or not isinstance(paths, Iterable)
    inputs: Iterable[Found] = find_inputs(cast("Iterable[Input]", [paths] if one else paths))
    names: Mapping[Path, str] | None = None
    if one or isinstance(paths, Sized):
        inputs = list(inputs)
        names = distinct_names(item for item in inputs if isinstance(item, Path))
    if nlp is None:
        from govreport_nlp.loading import load

        nlp = load()
    handle = _HANDLERS[on_error] if isinstance(on_error, str) else on_error
    if n_process == 1:
        annotated = partial(annotate_here, nlp, batch_size=batch_size)
    else:
        workers = os.cpu_count() or 1 if n_process == -1 else n_process
        annotated = partial(annotate_in_processes, nlp, batch_size=batch_size, n_process=workers)
    options = {"format": format, "encoding": encoding}
    reports = _reports(inputs, names, {key: value for key, value in options.items() if value}, handle)
    return _run(annotated(reports), len(inputs) if isinstance(inputs, Sized) else None, handle, progress)


def _check(
    n_process: int, batch_size: int, on_error: object, format: str | None, encoding: str | None
) -> None:
    def refuse(what: str, hint: str) -> None:
        raise GovReportError(what, where="annotate", hint=hint)

    if not isinstance(n_process, int) or (n_process < 1 and n_process != -1):
        refuse(
            f"n_process cannot be {n_process!r}", "Give a number from 1, or -1 for one process a processor"
        )
    if not isinstance(batch_size, int) or batch_size < 1:
        refuse(f"batch_size cannot be {batch_size!r}", "Give a number from 1")
    if not callable(on_error) and on_error not in _HANDLERS:
        refuse(
            f"on_error cannot be {on_error!r}",
            'Give "warn", "raise" or a function that takes the error, such as errors.append',
        )
    if format is not None and format not in FORMATS:
        refuse(f"there is no format {format!r}", f"Choose from: {', '.join(FORMATS)}")
    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except (LookupError, TypeError, ValueError):
            refuse(f"the encoding {encoding!r} is not known", "Use a Python codec name such as gb18030")


def _warn(message: object, category: type[Warning] = UserWarning) -> None:
    """Warn at the line outside this package that is running it."""
    frame, level = sys._getframe(), 1
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "govreport_nlp":
        frame, level = frame.f_back, level + 1
    warnings.warn(str(message), category, stacklevel=level)


def _raise(error: GovReportError) -> None:
    raise error


_HANDLERS: Final[dict[str, Callable[[GovReportError], object]]] = {"warn": _warn, "raise": _raise}


def _run(
    results: Iterable[tuple[int, Doc | GovReportError]],
    total: int | None,
    handle: Callable[[GovReportError], object],
    progress: bool,
) -> Iterator[Doc]:
    with _progress_bar(progress) as bar:
        task = bar.add_task("annotating", total=total)
        for number, result in results:
            bar.update(task, completed=number, refresh=True)
            if isinstance(result, Doc):
                yield result
            else:
                handle(result)
        bar.update(task, completed=total, refresh=True)


def _reports(
    inputs: Iterable[Found],
    names: Mapping[Path, str] | None,
    options: dict[str, Any],
    handle: Callable[[GovReportError], object],
) -> Iterator[tuple[int, Report]]:
    """Read each input and give its reports with its number."""
    for number, item in enumerate(inputs):
        if isinstance(item, Report):
            yield number, item
            continue
        where, named = f"input {number + 1}", options
        if isinstance(item, Path):
            where = str(item)
            name = where if names is None else names.get(item)
            named = {**options, "name": name} if name else options
        try:
            reports = read(item, **named)
        except GovReportError as error:
            error.where = error.where or where
            handle(error)
        except Exception as error:
            handle(unexpected("this input cannot be read", where, error))
        else:
            for report in reports:
                if not looks_like_report(report):
                    _warn(_NO_REPORT.format(where), NoReportWarning)
                yield number, report


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
