"""What a glossary holds: names, patterns, head nouns and vetoes, each a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from govreport_nlp.characters import fold
from govreport_nlp.errors import GovReportError
from govreport_nlp.pipes.tables import read_rows, read_text

__all__ = ["Entry", "Glossary", "Pattern", "Veto", "default_glossary", "key_of", "read_entries"]

_IGNORED: Final = re.compile(r"[\s“”‘’\"]")
_TABLES: Final = ("glossary", "patterns", "heads", "vetoes")


def key_of(name: str) -> str:
    """Give the form in which names are compared: folded, without quotation marks and white space.

    Examples
    --------
    >>> key_of("“放 管 服”改革") == key_of("放管服改革")
    True
    """
    return _IGNORED.sub("", fold(name))


@dataclass(frozen=True, slots=True)
class Entry:
    """One name.

    Attributes
    ----------
    name : str
        The name as reports write it; quotation marks and white space in it do not matter.
    label : str
        Entity label.
    quoted : bool
        Whether it counts only where it stands in quotation marks.
    canonical : str
        Name to report instead, for a variant; empty when `name` is the canonical one.
    """

    name: str
    label: str
    quoted: bool = False
    canonical: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression over folded text without white space; its last group, if any, is the name."""

    regex: re.Pattern[str]
    label: str


@dataclass(frozen=True, slots=True)
class Veto:
    """A context in which a name is not an entity.

    Attributes
    ----------
    name : str
        The name concerned; empty for all names.
    side : {"before", "after"}
        Which side of the name, its quotation marks included, to look at.
    regex : re.Pattern
        Must match up to the name or from it.
    """

    name: str
    side: str
    regex: re.Pattern[str]

    def refuses(self, text: str, start: int, end: int) -> bool:
        """Tell whether the context of ``text[start:end]`` is the one refused."""
        if self.side == "after":
            return self.regex.match(text, end) is not None
        return self.regex.search(text[max(0, start - 12) : start]) is not None


@dataclass(frozen=True)
class Glossary:
    """The tables of a glossary pipe.

    Attributes
    ----------
    entries : tuple of Entry
        Names; of entries with the same key the last one counts.
    patterns : tuple of Pattern
        Productive ways of naming, such as titles in title marks.
    heads : tuple of (str, str)
        Words that extend a name they follow directly: ``(word, "head")`` ends the extension,
        ``(word, "modifier")`` may stand before a head.
    vetoes : tuple of Veto
        Contexts that refuse a name.
    """

    entries: Iterable[Entry] = ()
    patterns: Iterable[Pattern] = ()
    heads: Iterable[tuple[str, str]] = ()
    vetoes: Iterable[Veto] = ()

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """Entries by the key that is searched for."""
        return {key_of(entry.name): entry for entry in self.entries}

    @cached_property
    def head(self) -> re.Pattern[str] | None:
        """Expression that matches an extension from the end of a name."""
        words = {
            role: "|".join(sorted((re.escape(w) for w, r in self.heads if r == role), key=len, reverse=True))
            for role in ("head", "modifier")
        }
        if not words["head"]:
            return None
        return re.compile(f"(?:{words['modifier']}){{0,3}}(?:{words['head']})" if words["modifier"] else words["head"])
