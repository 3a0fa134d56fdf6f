"""Errors of the library: each says what happened, where, and what to do."""

from __future__ import annotations

__all__ = ["GovReportError", "MissingExtraError", "NoInputError", "ReadError"]


class GovReportError(Exception):
    """Base class of every error that the library raises on purpose.

    Parameters
    ----------
    what : str
        What is wrong, as a sentence without a final stop.
    where : str, optional
        File, field or option concerned.
    hint : str, optional
        What the user can do about it.
    """

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what, where, hint)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f". {self.hint}" if self.hint else ""
        return f"{place}{self.what}{advice}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.where, self.hint)


def _rebuild(cls: type[GovReportError], what: str, where: str | None, hint: str | None) -> GovReportError:
    return cls(what, where=where, hint=hint)


class ReadError(GovReportError):
    """A source cannot be read as a report."""


class NoInputError(GovReportError):
    """A pattern or folder holds no file to annotate."""


class MissingExtraError(GovReportError):
    """A feature needs an optional dependency that is not installed."""

    @classmethod
    def of(cls, package: str, extra: str, purpose: str, *, where: str | None = None) -> MissingExtraError:
        """Build the error for `package`, which the optional dependency group `extra` installs."""
        return cls(
            f"{purpose} needs the package {package}, which is not installed",
            where=where,
            hint=f'Install it with: pip install "govreport-nlp[{extra}]"',
        )
