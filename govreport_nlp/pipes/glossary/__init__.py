"""Glossary: named policies, slogans and projects found by a reviewed list."""

from govreport_nlp.pipes.glossary.entries import (
    Entry,
    Glossary,
    Pattern,
    Veto,
    default_glossary,
    key_of,
    read_entries,
)
from govreport_nlp.pipes.glossary.factory import GlossaryPipe, create_glossary_pipe
from govreport_nlp.pipes.glossary.matcher import GlossaryMatcher, Match

__all__ = [
    "Entry",
    "Glossary",
    "GlossaryMatcher",
    "GlossaryPipe",
    "Match",
    "Pattern",
    "Veto",
    "create_glossary_pipe",
    "default_glossary",
    "key_of",
    "read_entries",
]
