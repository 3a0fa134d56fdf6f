"""Load pipelines: the bundled ones by name, any other like :func:`spacy.load`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import spacy
from spacy.language import Language

from govreport_nlp.errors import GovReportError

__all__ = ["DEFAULT_MODEL", "bundled_models", "load", "model_path"]

DEFAULT_MODEL: Final = "zh_govreport_sm"
_BUNDLED: Final = Path(__file__).with_name("models")


def bundled_models() -> list[str]:
    """Names of the pipelines that come with the package.

    Examples
    --------
    >>> "zh_govreport_sm" in bundled_models()
    True
    """
    return sorted(path.parent.name for path in _BUNDLED.glob("*/meta.json"))


def model_path(name: str) -> Path:
    """Folder of a bundled pipeline, fit for :func:`spacy.load`.

    Raises
    ------
    GovReportError
        If no such pipeline is bundled.
    """
    if name not in bundled_models():
        raise GovReportError(
            f"there is no bundled pipeline {name!r}", hint=f"Choose from: {', '.join(bundled_models())}"
        )
    return _BUNDLED / name


def load(
    name: str | Path = DEFAULT_MODEL,
    *,
    disable: Iterable[str] = (),
    exclude: Iterable[str] = (),
    config: Mapping[str, Any] | None = None,
) -> Language:
    """Load a pipeline without any network.

    Parameters
    ----------
    name : str or path
        A bundled pipeline, the folder of a pipeline or the name of an installed pipeline package.
    disable : iterable of str
        Pipes to load but not to run.
    exclude : iterable of str
        Pipes to leave out.
    config : mapping, optional
        Overrides of the pipeline's config, as nested dictionaries or dotted keys.

    Returns
    -------
    Language

    Raises
    ------
    GovReportError
        If there is no such pipeline.

    Examples
    --------
    >>> nlp = load()
    >>> [sentence.text for sentence in nlp("增长5.2%。全面推行河长制。").sents]
    ['增长5.2%。', '全面推行河长制。']
    """
    path: str | Path = model_path(str(name)) if str(name) in bundled_models() else name
    try:
        return spacy.load(path, disable=list(disable), exclude=list(exclude), config=dict(config or {}))
    except OSError as error:
        raise GovReportError(
            f"there is no pipeline {str(name)!r}",
            hint=f"Give a folder, an installed package or one of: {', '.join(bundled_models())}",
        ) from error
