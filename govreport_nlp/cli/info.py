"""``govreport info``."""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any, Final

import typer

from govreport_nlp.cli.errors import DebugOption, reporting_errors, wrong_usage
from govreport_nlp.cli.output import console

__all__ = ["info"]

_PACKAGES: Final = ("govreport-nlp", "spacy", "spacy-pkuseg", "numpy", "pyarrow")
_OPTIONAL: Final = ("pandas", "selectolax", "python-docx", "pypdf")


def info(
    model: Annotated[
        str | None,
        typer.Argument(
            help="Pipeline: package name or folder; the bundled one by default.", show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Give JSON.")] = False,
    debug: DebugOption = False,
) -> None:
    """Show versions, and what a pipeline is: its pipes, labels, sources, licences and scores."""
    with reporting_errors(debug):
        facts = {**_versions(), "model": _model(model)}
        if as_json:
            typer.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        else:
            _print(facts)


def _versions() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "optional": {name: _version(name) for name in _OPTIONAL},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _model(name: str | None) -> dict[str, Any]:
    import govreport_nlp

    with wrong_usage("MODEL"):
        nlp = govreport_nlp.load(name) if name else govreport_nlp.load()
    meta = nlp.meta
    return {
        "name": f"{meta['lang']}_{meta['name']}",
        "version": meta["version"],
        "path": str(nlp.path) if nlp.path else None,
        "description": meta.get("description") or None,
        "license": meta.get("license") or None,
        "sources": meta.get("sources") or [],
        "pipes": nlp.pipe_names,
        "labels": {pipe: labels for pipe, labels in nlp.pipe_labels.items() if labels},
        "scores": meta.get("performance") or {},
    }


def _print(facts: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name in ("python", "platform"):
        table.add_row(name, facts[name])
    for group in ("packages", "optional"):
        for name, found in facts[group].items():
            table.add_row(name, found or "not installed")
    table.add_section()
    for name, value in facts["model"].items():
        table.add_row(f"model {name}", Text(_readable(value)))
    console().print(table)


def _readable(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_readable(item)}" for name, item in value.items()) or "–"
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(item, dict) for item in value):
            return "\n".join("; ".join(map(str, item.values())) for item in value)
        return ", ".join(map(_readable, value)) or "–"
    return "–" if value is None else str(value)
