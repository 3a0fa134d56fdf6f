"""README and docs: their commands, tables, links and notebooks. Their ``>>>`` examples are doctests."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from training.baselines import evaluate as baselines
from training.boundaries import evaluate as boundaries
from training.encoder import probes
from training.entities import crf
from training.reflow import train as reflow

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def figures(name: str) -> dict:
    return json.loads((ROOT / "docs" / f"{name}.json").read_text(encoding="utf-8"))


def test_readme_command_prints_what_the_readme_shows(tmp_path) -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        command = re.search(r"&& \.venv/bin/govreport (annotate \S+) -o out\.jsonl", text)[1]
        shown = re.search(r"```text\n(.*?)```", text, re.DOTALL)[1]
        ran = subprocess.run(
            [sys.executable, "-m", "govreport_nlp", *command.split(), "-o", tmp_path / "out.jsonl"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": "120"},
            check=True,
        )
        assert (ran.stdout + ran.stderr).strip() == shown.strip()


@pytest.mark.parametrize(
    ("page", "made"),
    [
        ("boundaries.md", boundaries.page),
        ("baselines.md", baselines.page),
        ("learning-curve.md", crf.page),
    ],
)
def test_pages_are_made_from_the_figures(page: str, made) -> None:
    name = page.removesuffix(".md")
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == made(figures(name))


@pytest.mark.parametrize(("name", "table"), [("reflow", reflow.table), ("encoder", probes.table)])
def test_development_notes_show_the_figures(name: str, table) -> None:
    assert table(figures(name)) in (ROOT / "docs" / "development.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_run(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
