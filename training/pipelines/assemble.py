"""Assemble a bundled pipeline from its config and its trained parts.

``python -m training.pipelines.assemble [configs/zh_govreport_sm.cfg]``
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from spacy import util

ROOT = Path(__file__).parents[2]


def main(
    config: Annotated[Path, typer.Argument(help="Config of the pipeline.")] = ROOT
    / "configs"
    / "zh_govreport_sm.cfg",
    out: Annotated[
        Path | None, typer.Option(help="Folder of the pipeline; the package's own by default.")
    ] = None,
) -> None:
    """Build the pipeline, load its trained parts, write it in one step."""
    meta: dict[str, Any] = json.loads(config.with_suffix(".meta.json").read_text(encoding="utf-8"))
    target = out or ROOT / "govreport_nlp" / "models" / config.stem
    loaded = util.load_config(config)
    nlp = util.load_model_from_config(loaded, auto_fill=True, validate=True)
    os.chdir(ROOT)  # paths in the config are relative to the repository
    nlp.initialize()
    nlp.meta.update(meta)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        nlp.to_disk(Path(folder) / "pipeline")
        shutil.rmtree(target, ignore_errors=True)
        (Path(folder) / "pipeline").replace(target)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"{target.relative_to(ROOT) if target.is_relative_to(ROOT) else target}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
