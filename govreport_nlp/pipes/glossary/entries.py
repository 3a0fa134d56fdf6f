"""What a glossary holds: names, patterns, head nouns and vetoes, each a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from govreport_nlp.characters import fold
from govreport_nlp.errors import GovReportError
from govreport_nlp.pipes.tables import read_rows, read_text

__all__ = ["TABLES", "Entry", "Glossary", "Pattern", "Veto", "default_glossary", "key_of", "read_entries"]

TABLES: Final = ("glossary", "patterns", "heads", "vetoes")
"""Names of the tables; each is a file ``<name>.tsv``."""

_IGNORED: Final = re.compile(r"[\s“”‘’\"]")


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
        The name concerned, or ``"*"`` for all names.
    side : {"before", "after"}
        Side of the name to look at.
    regex : re.Pattern
        Has to match from the end of the name, or anywhere in the twelve characters before it.
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
    entries : sequence of Entry
        Names; of entries with the same key the last one counts.
    patterns : sequence of Pattern
        Productive ways of naming, such as titles in title marks.
    heads : sequence of (str, str, str)
        Words that belong to a name they follow directly, each with its role and a label: a ``"head"`` ends
        the name and gives it its label, a ``"modifier"`` may stand before a head.
    vetoes : sequence of Veto
        Contexts that refuse a name.
    """

    entries: Sequence[Entry] = ()
    patterns: Sequence[Pattern] = ()
    heads: Sequence[tuple[str, str, str]] = ()
    vetoes: Sequence[Veto] = ()

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """Entries by the key that is searched for."""
        return {key_of(entry.name): entry for entry in self.entries}

    @cached_property
    def tail(self) -> re.Pattern[str] | None:
        """Expression for what may follow a name and belong to it, its head as group 1; None without heads."""
        heads, modifiers = (
            "|".join(
                sorted(
                    (re.escape(word) for word, role, _ in self.heads if role == wanted), key=len, reverse=True
                )
            )
            for wanted in ("head", "modifier")
        )
        return re.compile(f"(?:{modifiers}){{0,3}}({heads})") if heads else None

    @cached_property
    def label_of_head(self) -> dict[str, str]:
        """Labels that heads give; heads that keep the label of the name are left out."""
        return {word: label for word, role, label in self.heads if role == "head" and label}

    @classmethod
    def from_tables(cls, tables: Mapping[str, str], *, where: str = "") -> Glossary:
        """Read the tables named in :data:`TABLES`; one that is missing is empty.

        Raises
        ------
        GovReportError
            If a row cannot be used.
        """
        entries, patterns, heads, vetoes = (
            (tables.get(name, ""), str(Path(where, f"{name}.tsv"))) for name in TABLES
        )
        return cls(
            entries=tuple(read_entries(entries[0], where=entries[1])),
            patterns=tuple(_read_patterns(*patterns)),
            heads=tuple(
                (word, _one_of(role, ("head", "modifier"), place), label)
                for place, (word, role, label) in _rows(*heads, columns=3)
            ),
            vetoes=tuple(
                Veto(name, _one_of(side, ("before", "after"), place), _regex(regex, place))
                for place, (name, side, regex) in _rows(*vetoes, columns=3)
            ),
        )

    def to_tables(self) -> dict[str, str]:
        """Give the tables as text that :meth:`from_tables` reads."""
        rows: dict[str, list[tuple[str, ...]]] = {
            "glossary": [(e.name, e.label, "quoted" if e.quoted else "", e.canonical) for e in self.entries],
            "patterns": [(p.regex.pattern, p.label) for p in self.patterns],
            "heads": list(self.heads),
            "vetoes": [(v.name, v.side, v.regex.pattern) for v in self.vetoes],
        }
        return {name: "".join("\t".join(row) + "\n" for row in rows[name]) for name in TABLES}


@cache
def default_glossary() -> Glossary:
    """Give the glossary that comes with the package."""
    folder = Path(__file__).parent
    return Glossary.from_tables(
        {name: read_text(folder / f"{name}.tsv") for name in TABLES}, where=str(folder)
    )


def read_entries(text: str, *, where: str) -> Iterator[Entry]:
    r"""Read a table of names: name, label, ``quoted`` or nothing, canonical name or nothing.

    Raises
    ------
    GovReportError
        If a name is empty but for marks, has no label or another flag.

    Examples
    --------
    >>> list(read_entries("河湖长\tPROGRAMME\t\t河湖长制", where="names.tsv"))
    [Entry(name='河湖长', label='PROGRAMME', quoted=False, canonical='河湖长制')]
    """
    for place, (name, label, flag, canonical) in _rows(text, where, columns=4):
        if not key_of(name) or not label:
            raise GovReportError(
                f"The name {name!r} has no text or no label", where=place, hint="Write: name, tab, label"
            )
        yield Entry(name, label, _one_of(flag, ("", "quoted"), place) == "quoted", canonical)


def _read_patterns(text: str, where: str) -> Iterator[Pattern]:
    """Read patterns; a row with the label ``=`` names a part that the rows below it may use."""
    parts: dict[str, str] = {}
    for place, (regex, label, rest) in _rows(text, where, columns=3):
        if label == "=":
            parts[regex] = rest
            continue
        for name, part in parts.items():
            regex = regex.replace(name, part)
        if not label:
            raise GovReportError("The pattern has no label", where=place, hint="Write: pattern, tab, label")
        yield Pattern(_regex(regex, place), label)


def _rows(text: str, where: str, *, columns: int) -> Iterator[tuple[str, list[str]]]:
    for number, cells in read_rows(text, columns, where=where):
        yield f"{where}, line {number}", cells


def _one_of(cell: str, allowed: tuple[str, ...], where: str) -> str:
    if cell not in allowed:
        expected = " or ".join(word or "nothing" for word in allowed)
        raise GovReportError(f"The table holds {cell!r}", where=where, hint=f"Write {expected}")
    return cell


def _regex(pattern: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise GovReportError(f"The pattern {pattern!r} is wrong ({error})", where=where) from error
