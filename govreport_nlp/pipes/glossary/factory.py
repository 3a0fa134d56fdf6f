"""The spaCy pipe ``govreport_glossary``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from spacy.language import Language
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, Span
from spacy.training import Example

from govreport_nlp.pipes.extensions import paragraphs_of
from govreport_nlp.pipes.glossary.entries import TABLES, Entry, Glossary, default_glossary, read_entries
from govreport_nlp.pipes.glossary.matcher import GlossaryMatcher
from govreport_nlp.pipes.tables import read_text

__all__ = ["GlossaryPipe", "create_glossary_pipe"]

_LINE: Final = re.compile(r"[^\r\n]+")


class GlossaryPipe:
    """Set ``doc.ents`` from a reviewed glossary of names, with ``ent.kb_id_`` the canonical name.

    The pipe is a baseline: it knows the names that stand in its tables and a few productive patterns. A name
    never runs over the end of a paragraph; without paragraphs, over the end of a line.

    Parameters
    ----------
    name : str
        Name of the pipe in its pipeline.
    labels : sequence of str, optional
        Labels to set; all by default.
    overwrite : bool
        Whether a name replaces entities that stand in ``doc.ents`` already and overlap it; otherwise they
        stay and the name is left out.
    patterns : bool
        Whether to use patterns besides names.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.blank("zh")
    >>> pipe = nlp.add_pipe("govreport_glossary")
    >>> [(ent.text, ent.label_, ent.kb_id_) for ent in nlp("落实“双减”政策，全面推行河(湖)长制。").ents]
    [('双减', 'PROGRAMME', '双减'), ('河(湖)长制', 'PROGRAMME', '河湖长制')]
    """

    def __init__(
        self,
        name: str = "govreport_glossary",
        *,
        labels: Sequence[str] | None = None,
        overwrite: bool = False,
        patterns: bool = True,
    ) -> None:
        self.name = name
        self._labels = None if labels is None else frozenset(labels)
        self.overwrite = overwrite
        self.patterns = patterns
        self.glossary = default_glossary()
        self._matcher = self._make_matcher()

    def _make_matcher(self) -> GlossaryMatcher:
        glossary = self.glossary if self.patterns else replace(self.glossary, patterns=())
        return GlossaryMatcher(glossary, self._labels)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels that the pipe can set, sorted."""
        known = {entry.label for entry in self.glossary.entries} | {p.label for p in self.glossary.patterns}
        return tuple(sorted(known if self._labels is None else known & self._labels))

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]] | None = None,
        *,
        nlp: Language | None = None,
        extra: str | None = None,  # spaCy resolves this annotation where only builtins are known
    ) -> None:
        """Add the names of a file to the glossary of the package.

        Parameters
        ----------
        get_examples, nlp : optional
            Not used; spaCy hands them to every pipe.
        extra : str, optional
            Tab-separated file with the columns name, label, ``quoted`` or nothing, canonical name or nothing.
            Its names are saved with the pipe.

        Raises
        ------
        GovReportError
            If the file cannot be used.
        """
        self.glossary = default_glossary()
        self.add(read_entries(read_text(extra), where=extra) if extra is not None else ())

    def add(self, entries: Iterable[Entry]) -> None:
        """Add names; one that the glossary has already is replaced."""
        self.glossary = replace(self.glossary, entries=(*self.glossary.entries, *entries))
        self._matcher = self._make_matcher()

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.ents``."""
        found = list(self._find(doc))
        first, second = (found, doc.ents) if self.overwrite else (doc.ents, found)
        taken = {index for span in first for index in range(span.start, span.end)}
        doc.set_ents([*first, *(span for span in second if taken.isdisjoint(range(span.start, span.end)))])
        return doc

    def _find(self, doc: Doc) -> Iterator[Span]:
        text = doc.text
        edges = [(span.start_char, span.end_char) for span in paragraphs_of(doc)]
        for start, end in edges or [line.span() for line in _LINE.finditer(text)]:
            for match in self._matcher.find(text[start:end]):
                span = doc.char_span(
                    start + match.start, start + match.end, label=match.label, kb_id=match.name
                )
                if span is not None:  # a name that cuts a number or a Latin word is none
                    yield span

    def score(self, examples: Iterable[Example]) -> dict[str, Any]:
        """Score entities like spaCy's entity recognizer."""
        scores: dict[str, Any] = get_ner_prf(examples)
        return scores

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if key != "_matcher"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._matcher = self._make_matcher()

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Give the glossary as bytes."""
        tables = self.glossary.to_tables()
        return json.dumps({key: tables[key] for key in TABLES if key not in exclude}).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> GlossaryPipe:
        """Load the glossary from bytes."""
        tables = json.loads(data)
        return self._load({key: tables[key] for key in TABLES if key not in exclude})

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the glossary as tables below the folder `path`."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for key, text in self.glossary.to_tables().items():
            if key not in exclude:
                (folder / f"{key}.tsv").write_text(text, encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> GlossaryPipe:
        """Load the glossary from tables below the folder `path`."""
        return self._load(
            {key: read_text(Path(path, f"{key}.tsv")) for key in TABLES if key not in exclude}, str(path)
        )

    def _load(self, tables: dict[str, str], where: str = "") -> GlossaryPipe:
        self.glossary = Glossary.from_tables({**self.glossary.to_tables(), **tables}, where=where)
        self._matcher = self._make_matcher()
        return self


@Language.factory(
    "govreport_glossary",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type", "token.ent_kb_id"],
    default_config={"labels": None, "overwrite": False, "patterns": True},
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def create_glossary_pipe(
    nlp: Language, name: str, labels: list[str] | None, overwrite: bool, patterns: bool
) -> GlossaryPipe:
    """Create the pipe ``govreport_glossary``; see :class:`GlossaryPipe`."""
    return GlossaryPipe(name, labels=labels, overwrite=overwrite, patterns=patterns)
