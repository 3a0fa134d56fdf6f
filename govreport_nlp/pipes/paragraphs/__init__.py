"""Paragraphs, headings and sections of plain text."""

from govreport_nlp.pipes.paragraphs.factory import ParagraphsPipe, create_paragraphs_pipe

__all__ = ["ParagraphsPipe", "create_paragraphs_pipe"]
