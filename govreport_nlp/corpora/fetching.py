"""Download the texts of a stand-off corpus from the public addresses of its source table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.client import HTTPException, IncompleteRead
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from govreport_nlp.corpora.attaching import digest
from govreport_nlp.corpora.sources import RAW_FILES, SourceText
from govreport_nlp.errors import GovReportError
from govreport_nlp.export.atomic import replacing_file

__all__ = ["Fetched", "fetch"]

_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP states that another try may overcome."""

_LARGEST: Final = 16 * 2**20
"""Bytes; no report comes near."""


@dataclass(slots=True)
class Fetched:
    """What became of each source.

    Attributes
    ----------
    done : list of SourceText
        Downloaded and verified.
    present : list of SourceText
        Already there, with the right content.
    private : list of SourceText
        In no public repository: find them by title, date and issuer, and put them into the folder.
    failed : dict of str to str
        Why, by source.
    """

    done: list[SourceText] = field(default_factory=list)
    present: list[SourceText] = field(default_factory=list)
    private: list[SourceText] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def fetch(
    sources: Iterable[SourceText],
    folder: Path,
    *,
    base: str = RAW_FILES,
    retries: int = 3,
    timeout: float = 30.0,
    pause: float = 1.0,
    on_source: Callable[[SourceText], object] = lambda _: None,
) -> Fetched:
    """Download texts into a folder, under the names that :func:`govreport_nlp.corpora.load` looks for.

    A file appears only when it is complete and has the digest of the source table. What is there already
    is not downloaded again, so that a broken run can simply be repeated.

    Parameters
    ----------
    sources : iterable of SourceText
        What to download.
    folder : Path
        Where to; created if it does not exist.
    base : str
        ``http`` or ``https`` address before ``/owner/name/commit/path``, for a mirror.
    retries : int
        Further tries after a passing failure.
    timeout : float
        Seconds to wait for the server.
    pause : float
        Seconds before the second try; doubled before each further one.
    on_source : callable
        Called with each source after it was dealt with.

    Returns
    -------
    Fetched

    Raises
    ------
    GovReportError
        If `base` is no web address.
    """
    if not base.startswith(("http://", "https://")):
        raise GovReportError(f"{base!r} is no web address", hint="Give one that begins with https://")
    result = Fetched()
    for source in sources:
        target, url = folder / source.source, source.url(base)
        if target.is_file() and digest(target.read_bytes()) == source.sha256:
            result.present.append(source)
        elif url is None:
            result.private.append(source)
        else:
            try:
                content = _download(url, retries, timeout, pause)
                if digest(content) != source.sha256:
                    raise GovReportError(f"the content at {url} has changed: its SHA-256 is another one")
                with replacing_file(target) as scratch:
                    scratch.write_bytes(content)
                result.done.append(source)
            except GovReportError as error:
                result.failed[source.source] = error.what
        on_source(source)
    return result


def _download(url: str, retries: int, timeout: float, pause: float) -> bytes:
    """Give the content of `url`, after some tries."""
    request = Request(url, headers={"User-Agent": "govreport-nlp"})
    for attempt in range(retries + 1):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        try:
            with urlopen(request, timeout=timeout) as response:
                content: bytes = response.read(_LARGEST + 1)
                promised = int(response.headers.get("Content-Length", len(content)))
            if len(content) > _LARGEST:
                raise GovReportError(f"{url} is larger than {_LARGEST} bytes")
            if len(content) < promised:
                raise IncompleteRead(content, promised - len(content))
            return content
        except HTTPError as error:
            reason = f"{error.code} {error.reason}"
            error.close()
            if error.code not in _PASSING:
                break
        except (URLError, HTTPException, OSError) as error:
            reason = str(getattr(error, "reason", error)) or type(error).__name__
    raise GovReportError(f"{url} cannot be downloaded ({reason})")
