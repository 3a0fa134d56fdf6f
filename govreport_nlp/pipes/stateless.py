"""Base of pipes that hold nothing but their code and config."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Self

__all__ = ["StatelessPipe"]


class StatelessPipe:
    """Serialise to nothing; everything such a pipe needs is in the package and in its config."""

    def __init__(self, name: str) -> None:
        self.name = name

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Give no bytes."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Take no bytes."""
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write nothing."""

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Read nothing."""
        return self
