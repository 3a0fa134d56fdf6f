"""Write whole files or nothing: what is being written replaces its target only when it is complete."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["replacing_file", "replacing_files"]


@contextmanager
def replacing_file(path: Path) -> Iterator[Path]:
    """Give a scratch path; on leaving, move what was written there to `path`, or drop it after an error.

    The scratch path is in a hidden folder beside `path`, so that the move is one atomic rename. A process
    ended by ``SIGKILL`` leaves that folder, never a partial `path`.

    Parameters
    ----------
    path : Path
        File to create or replace; its folder is created if it does not exist.
    """
    with _scratch_beside(path) as scratch:
        yield scratch / path.name
        (scratch / path.name).replace(path)


@contextmanager
def replacing_files(folder: Path) -> Iterator[Path]:
    """Give a scratch folder; on leaving, move its files into `folder`, or drop them all after an error.

    Parameters
    ----------
    folder : Path
        Created, with its parents, if it does not exist. Files in it that have other names stay.
    """
    folder = folder.resolve()
    with _scratch_beside(folder) as scratch:
        yield scratch
        folder.mkdir(exist_ok=True)
        for path in sorted(scratch.iterdir()):
            path.replace(folder / path.name)


@contextmanager
def _scratch_beside(path: Path) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch)
