"""Fixtures that several test modules use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

settings.register_profile("default", deadline=None)
settings.load_profile("default")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder with the sample documents, or skip: they are no part of the repository."""
    folder = Path(os.environ.get("GOVREPORT_SHARED", ROOT.parent / "shared"))
    if not (folder / "reports").is_dir():
        pytest.skip(f"no sample documents in {folder}; set GOVREPORT_SHARED to their folder")
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    """Give the folder with the invented sample reports."""
    return ROOT / "examples"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the sample documents, so that ``-m "not shared"`` leaves it out."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)
