"""Decide which line breaks end a paragraph and which are mere wraps."""

from govreport_nlp.reading.reflow.features import line_features
from govreport_nlp.reading.reflow.model import ReflowModel, paragraph_ends

__all__ = ["ReflowModel", "line_features", "paragraph_ends"]
