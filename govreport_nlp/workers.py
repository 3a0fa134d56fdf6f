"""Run a pipeline over a stream of reports, here or in several processes, losing only what fails.

``Language.pipe(n_process=…)`` is not used for several processes: where a pipe fails it gives up the whole
batch without naming the report, and it can wait for ever for its workers when the stream is left early.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import islice
from multiprocessing.synchronize import Event
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens.underscore import Underscore

from govreport_nlp.errors import GovReportError
from govreport_nlp.pipes.extensions import attach
from govreport_nlp.reading.report import Report

__all__ = ["annotate_here", "annotate_in_processes", "unexpected"]


def annotate_here(
    nlp: Language, reports: Iterable[tuple[int, Report]], *, batch_size: int
) -> Iterator[tuple[int, Doc | GovReportError]]:
    """Annotate numbered reports in this process.

    Parameters
    ----------
    nlp : Language
        Pipeline.
    reports : iterable of (int, Report)
        Taken as the iterator advances.
    batch_size : int
        Reports that the pipeline takes at a time.

    Returns
    -------
    iterator of (int, Doc or GovReportError)
        For each report, in order, its number and its Doc, or why there is none.
    """
    for numbers, batch in _batches(reports, batch_size):
        yield from zip(numbers, _annotate_batch(nlp, batch), strict=True)


def annotate_in_processes(
    nlp: Language, reports: Iterable[tuple[int, Report]], *, batch_size: int, n_process: int
) -> Iterator[tuple[int, Doc | GovReportError]]:
    """Annotate numbered reports in `n_process` other processes; else as :func:`annotate_here`.

    Raises
    ------
    GovReportError
        If the system ends one of the processes.
    """
    stopped = multiprocessing.Event()
    pool = ProcessPoolExecutor(
        n_process, initializer=_start_worker, initargs=(nlp, Underscore.get_state(), stopped)
    )
    waiting: deque[tuple[Sequence[int], Future[list[bytes | GovReportError]]]] = deque()

    def finished() -> Iterator[tuple[int, Doc | GovReportError]]:
        numbers, future = waiting.popleft()
        for number, result in zip(numbers, future.result(), strict=True):
            yield number, Doc(nlp.vocab).from_bytes(result) if isinstance(result, bytes) else result

    try:
        for numbers, batch in _batches(reports, batch_size):
            waiting.append((numbers, pool.submit(_annotate_batch_to_bytes, batch)))
            if len(waiting) > 2 * n_process:
                yield from finished()
        while waiting:
            yield from finished()
    except BrokenProcessPool as error:
        hint = "Perhaps memory ran out: use fewer processes"
        raise GovReportError("a worker process ended suddenly", where="annotate", hint=hint) from error
    finally:
        stopped.set()
        pool.shutdown(cancel_futures=True)


def unexpected(what: str, where: str, error: Exception) -> GovReportError:
    """Wrap an error that is a fault of the library or of a pipeline."""
    failure = GovReportError(
        f"{what} ({type(error).__name__}: {error})",
        where=where,
        hint="This is a fault of govreport_nlp or of the pipeline; please report it",
    )
    failure.__cause__ = error
    return failure


def _batches(
    reports: Iterable[tuple[int, Report]], size: int
) -> Iterator[tuple[Sequence[int], Sequence[Report]]]:
    rest = iter(reports)
    while batch := list(islice(rest, size)):
        numbers, taken = zip(*batch, strict=True)
        yield numbers, taken


def _annotate_batch(nlp: Language, reports: Sequence[Report]) -> list[Doc | GovReportError]:
    # Where a pipe fails or drops a report, the batch is done again one by one, to lose only what fails.
    with suppress(Exception):
        docs: list[Doc | GovReportError] = list(
            nlp.pipe([_make_doc(nlp, report) for report in reports], batch_size=len(reports))
        )
        if len(docs) == len(reports):
            return docs
    return [_annotate_one(nlp, report) for report in reports]


def _annotate_one(nlp: Language, report: Report) -> Doc | GovReportError:
    try:
        return nlp(_make_doc(nlp, report))
    except Exception as error:
        where = f"{report.source.name}, report {report.number}"
        return unexpected("this report cannot be annotated", where, error)


def _make_doc(nlp: Language, report: Report) -> Doc:
    return attach(nlp.make_doc(report.text), report)


_nlp: Language
_stopped: Event


def _start_worker(
    nlp: Language, extensions: tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]], stopped: Event
) -> None:
    global _nlp, _stopped
    _nlp, _stopped = nlp, stopped
    Underscore.load_state(extensions)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _annotate_batch_to_bytes(reports: Sequence[Report]) -> list[bytes | GovReportError]:
    if _stopped.is_set():
        return []
    results = _annotate_batch(_nlp, reports)
    return [result.to_bytes() if isinstance(result, Doc) else result for result in results]
