"""The spaCy pipe ``govreport_sentences``."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from govreport_nlp.pipes.extensions import paragraphs_of
from govreport_nlp.pipes.sentences.boundaries import sentence_ends
from govreport_nlp.pipes.stateless import StatelessPipe

__all__ = ["SentencesPipe", "create_sentences_pipe"]


class SentencesPipe(StatelessPipe):
    """Set ``token.is_sent_start`` by the annotation guidelines.

    Every paragraph is cut by :func:`sentence_ends`. Text between paragraphs (chrome in plain text) makes a
    sentence of its own. Without ``doc.spans["paragraphs"]`` the whole text is taken as one paragraph.
    White space after a sentence belongs to it.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Set the sentence starts of every token."""
        if not len(doc):
            return doc
        starts = np.full(len(doc), -1, dtype="int64")
        offsets = doc.to_array("IDX").tolist()
        for start in _sentence_starts(doc):
            token = bisect_left(offsets, start)
            while token < len(doc) and doc[token].is_space:
                token += 1
            if token < len(doc):
                starts[token] = 1
        starts[0] = 1
        first = next((token.i for token in doc if not token.is_space), 0)
        if first:
            starts[first] = -1
        values: Any = starts.view("uint64").reshape(-1, 1)
        doc.from_array([SENT_START], values)
        return doc


def _sentence_starts(doc: Doc) -> Iterator[int]:
    """Character offsets at which a sentence starts, or white space before one."""
    text = doc.text
    paragraphs = [(p.start_char, p.end_char) for p in paragraphs_of(doc)] or [(0, len(text))]
    for start, end in paragraphs:
        yield start
        yield from (start + offset for offset in sentence_ends(text[start:end]))


@Language.factory("govreport_sentences", assigns=["token.is_sent_start"])
def create_sentences_pipe(nlp: Language, name: str) -> SentencesPipe:
    """Make the pipe."""
    return SentencesPipe(name)
