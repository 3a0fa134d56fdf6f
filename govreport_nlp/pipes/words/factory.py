"""The spaCy pipe ``govreport_words``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import ahocorasick
from spacy import util
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from spacy.training import Example

from govreport_nlp.errors import GovReportError
from govreport_nlp.pipes.words.segmenter import WordSegmenter

__all__ = ["WordsPipe", "create_words_pipe"]

_GROUP = "words"


def _words_of(doc: Doc) -> list[str]:
    return [span.text for span in doc.spans.get(_GROUP, ())]


Doc.set_extension("words", getter=_words_of, force=True)


class WordsPipe:
    """Put the words of a Doc into ``doc.spans["words"]``; ``doc._.words`` gives them as strings.

    Words cover every character but white space, in text order. They are made of whole tokens and never cross
    white space or the edge of an entity, a sentence or a paragraph. Each sentence is segmented as a whole,
    white space left out; without sentences each paragraph is, and without those each line.

    Parameters
    ----------
    name : str
        Name of the pipe in its pipeline.
    lexicon : sequence of str
        Words to keep whole wherever they stand; of several that overlap the longest of the leftmost counts.
        Only the edges named above cut them.

    Raises
    ------
    GovReportError
        If a word of the lexicon is empty or has white space.
    """

    def __init__(self, name: str = "govreport_words", *, lexicon: Sequence[str] = ()) -> None:
        self.name = name
        self.lexicon = tuple(lexicon)
        self.segmenter: WordSegmenter | None = None
        self._matcher = _matcher(self.lexicon, name)

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]] | None = None,
        *,
        nlp: Language | None = None,
        model: str | None = None,  # spaCy resolves this annotation where only builtins are known
    ) -> None:
        """Load the segmentation model.

        Parameters
        ----------
        get_examples, nlp : optional
            Not used; spaCy hands them to every pipe.
        model : str, optional
            Folder with the model, as ``training/words/train.py`` writes it. Without it the pipe keeps the
            model that it has.

        Raises
        ------
        GovReportError
            If there is no model at `model`, or the pipe has none and none is named.
        """
        if model is not None:
            self.segmenter = WordSegmenter.from_path(model)
        self._loaded()

    def _loaded(self) -> WordSegmenter:
        if self.segmenter is None:
            raise GovReportError(
                "The pipe has no word segmentation model",
                where=self.name,
                hint=f"Load a trained pipeline, or set model = … in [initialize.components.{self.name}]",
            )
        return self.segmenter

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.spans["words"]``."""
        spans = [doc[start:end] for start, end in self._segment(doc, self._loaded())]
        doc.spans[_GROUP] = SpanGroup(doc, name=_GROUP, spans=spans)
        return doc

    def _segment(self, doc: Doc, segmenter: WordSegmenter) -> Iterator[tuple[int, int]]:
        """Give the words as token spans."""
        fixed = _fixed_edges(doc)
        for unit in _units(doc):
            tokens = [token for token in unit if not token.is_space]
            if not tokens:
                continue
            text = "".join(token.text for token in tokens)
            starts = self._keep_lexicon(text, set(segmenter.word_starts(text)))
            first = last = tokens[0].i
            offset, spaced = 0, False
            for token in tokens:
                apart = spaced or token.i > last + 1
                if token.i > first and (apart or token.i in fixed or offset in starts):
                    yield first, last + 1
                    first = token.i
                last, spaced = token.i, bool(token.whitespace_)
                offset += len(token)
            yield first, last + 1

    def _keep_lexicon(self, text: str, starts: set[int]) -> set[int]:
        """Move word starts so that the words of the lexicon are whole."""
        if self._matcher is not None:
            for last, length in self._matcher.iter_long(text):
                starts.difference_update(range(last + 2 - length, last + 1))
                starts.update((last + 1 - length, last + 1))
        return starts

    def __getstate__(self) -> tuple[str, tuple[str, ...], WordSegmenter | None]:
        return self.name, self.lexicon, self.segmenter

    def __setstate__(self, state: tuple[str, tuple[str, ...], WordSegmenter | None]) -> None:
        self.name, self.lexicon, self.segmenter = state
        self._matcher = _matcher(self.lexicon, self.name)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Give the model as bytes; the lexicon belongs to the config of the pipeline."""
        data: bytes = util.to_bytes({"model": self._model_bytes}, exclude)
        return data

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> WordsPipe:
        """Load the model from bytes."""
        util.from_bytes(data, {"model": self._load}, exclude)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the model below the folder `path`; the lexicon belongs to the config of the pipeline."""
        util.to_disk(path, {"model": self._write}, exclude)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> WordsPipe:
        """Load the model from below the folder `path`."""
        util.from_disk(path, {"model": lambda file: self._load(file.read_bytes())}, exclude)
        return self

    def _model_bytes(self) -> bytes:
        return b"" if self.segmenter is None else self.segmenter.to_bytes()

    def _write(self, file: Path) -> None:
        file.write_bytes(self._model_bytes())

    def _load(self, data: bytes) -> None:
        self.segmenter = WordSegmenter.from_bytes(data) if data else None


def _matcher(lexicon: Sequence[str], name: str) -> Any:
    """Give an automaton that finds the words of the lexicon, or None where there are none."""
    for word in lexicon:
        if not word or word.split() != [word]:
            raise GovReportError(
                f"The lexicon holds {word!r}",
                where=name,
                hint="Its words must not be empty or have white space",
            )
    if not lexicon:
        return None
    automaton = ahocorasick.Automaton()
    for word in lexicon:
        automaton.add_word(word, len(word))
    automaton.make_automaton()
    return automaton


def _units(doc: Doc) -> Iterator[Any]:
    """Give the stretches of text that are segmented at once."""
    if doc.has_annotation("SENT_START"):
        yield from doc.sents
        return
    edges = {0, len(doc)}
    if "paragraphs" in doc.spans:
        edges.update(edge for span in doc.spans["paragraphs"] for edge in (span.start, span.end))
    else:
        edges.update(token.i for token in doc if token.is_space and "\n" in token.text)
    for start, end in pairwise(sorted(edges)):
        yield doc[start:end]


def _fixed_edges(doc: Doc) -> set[int]:
    """Give the tokens that a word must start at."""
    spans = (*doc.ents, *doc.spans.get("paragraphs", ()))
    return {edge for span in spans for edge in (span.start, span.end)}


@Language.factory("govreport_words", assigns=["doc.spans", "doc._.words"], default_config={"lexicon": []})
def create_words_pipe(nlp: Language, name: str, lexicon: list[str]) -> WordsPipe:
    """Create the pipe ``govreport_words``; see :class:`WordsPipe`."""
    return WordsPipe(name, lexicon=lexicon)
