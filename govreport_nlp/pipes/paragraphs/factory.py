"""The spaCy pipe ``govreport_paragraphs``."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from govreport_nlp.pipes.extensions import PARAGRAPHS, set_paragraphs
from govreport_nlp.pipes.stateless import StatelessPipe
from govreport_nlp.reading.layout import lay_out
from govreport_nlp.reading.structure import Draft, describe

__all__ = ["ParagraphsPipe", "create_paragraphs_pipe"]


class ParagraphsPipe(StatelessPipe):
    """Find the paragraphs of a Doc that does not have them yet.

    Line breaks of plain text are ambiguous; the pipe takes the same re-flow decision as
    :func:`govreport_nlp.read`, but leaves the text as it is: a paragraph may run over line breaks, and lines
    of chrome belong to no paragraph. A Doc made from a Report keeps the paragraphs of the report.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.spans["paragraphs"]``."""
        if PARAGRAPHS in doc.spans:
            return doc
        return set_paragraphs(doc, describe(list(_drafts(doc.text))))


def _drafts(text: str) -> Iterator[Draft]:
    for lines in lay_out(text).paragraphs:
        start, end = lines[0].start, lines[-1].end
        yield Draft(start, end, "".join(line.text for line in lines), lines[0].raw)


@Language.factory("govreport_paragraphs", assigns=["doc.spans"])
def create_paragraphs_pipe(nlp: Language, name: str) -> ParagraphsPipe:
    """Make the pipe."""
    return ParagraphsPipe(name)
