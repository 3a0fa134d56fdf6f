"""Annotated corpora: load, attach texts, check, count, compare.

The names are imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from govreport_nlp.corpora.agreement import compare
    from govreport_nlp.corpora.attaching import attach
    from govreport_nlp.corpora.catalogue import corpora, find_corpus
    from govreport_nlp.corpora.checking import check
    from govreport_nlp.corpora.counting import statistics
    from govreport_nlp.corpora.fetching import fetch
    from govreport_nlp.corpora.loading import features, load
    from govreport_nlp.corpora.records import corpus_schema, read_records, validate

__all__ = [
    "attach",
    "check",
    "compare",
    "corpora",
    "corpus_schema",
    "features",
    "fetch",
    "find_corpus",
    "load",
    "read_records",
    "statistics",
    "validate",
]

_MODULES: Final = {
    "attach": "attaching",
    "check": "checking",
    "compare": "agreement",
    "corpora": "catalogue",
    "corpus_schema": "records",
    "features": "loading",
    "fetch": "fetching",
    "find_corpus": "catalogue",
    "load": "loading",
    "read_records": "records",
    "statistics": "counting",
    "validate": "records",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
