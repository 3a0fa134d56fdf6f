"""Read, segment and annotate Chinese government work reports (政府工作报告).

Names are imported on first use, so that ``import govreport_nlp`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from govreport_nlp.annotating import annotate
    from govreport_nlp.errors import GovReportError, MissingExtraError, ReadError
    from govreport_nlp.export.records import to_dict
    from govreport_nlp.export.tables import to_dataframe
    from govreport_nlp.export.visual import displacy_options, show
    from govreport_nlp.loading import load
    from govreport_nlp.reading import read
    from govreport_nlp.reading.report import Report

__all__ = [
    "GovReportError",
    "MissingExtraError",
    "ReadError",
    "Report",
    "__version__",
    "annotate",
    "displacy_options",
    "load",
    "read",
    "show",
    "to_dataframe",
    "to_dict",
]

_MODULES: Final = {
    "GovReportError": "errors",
    "MissingExtraError": "errors",
    "ReadError": "errors",
    "Report": "reading.report",
    "annotate": "annotating",
    "displacy_options": "export.visual",
    "load": "loading",
    "read": "reading",
    "show": "export.visual",
    "to_dataframe": "export.tables",
    "to_dict": "export.records",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = version("govreport-nlp")
    elif name in _MODULES:
        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
