"""Sentence boundaries by the annotation guidelines."""

from govreport_nlp.pipes.sentences.boundaries import sentence_ends
from govreport_nlp.pipes.sentences.factory import SentencesPipe, create_sentences_pipe

__all__ = ["SentencesPipe", "create_sentences_pipe", "sentence_ends"]
