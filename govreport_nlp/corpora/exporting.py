"""Write a corpus the way the Hugging Face hub wants it: Parquet files and a dataset card."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from govreport_nlp.corpora.catalogue import find_corpus
from govreport_nlp.corpora.loading import LAYERS, load
from govreport_nlp.errors import GovReportError
from govreport_nlp.export.atomic import replacing_files

__all__ = ["export"]

_LICENSES = {"CC-BY-4.0": "cc-by-4.0", "CC0-1.0": "cc0-1.0"}
"""Names of licences on the hub, by their SPDX names."""


def export(
    name: str | Path, folder: Path, *, texts: Path | None = None, incomplete: bool = False
) -> list[Path]:
    """Write a corpus as Parquet, one file a layer and split, with a dataset card.

    Parameters
    ----------
    name : str or Path
        Corpus, as for :func:`govreport_nlp.corpora.load`.
    folder : Path
        Created if it does not exist.
    texts : Path, optional
        Folder of the texts of a stand-off corpus; without it the export has spans and no text.
    incomplete : bool
        Leave out reports whose text is missing.

    Returns
    -------
    list of Path
        The files: ``reports-train.parquet`` and so on, and ``README.md``, which holds the ``DATACARD.md`` that
        lies beside the folder of the corpus.

    Raises
    ------
    GovReportError
        If the corpus cannot be loaded.
    """
    corpus = find_corpus(name)
    configs: dict[str, list[str]] = {}
    with replacing_files(folder) as scratch:
        for layer in (None, *LAYERS):
            config = layer or "reports"
            for split in corpus.splits:
                dataset = load(name, layer, split=split, texts=texts, incomplete=incomplete)
                if len(dataset):
                    table = dataset.data.table.cast(dataset.features.arrow_schema)
                    pq.write_table(table, scratch / f"{config}-{split}.parquet", compression="zstd")
                    configs.setdefault(config, []).append(split)
        if not configs:
            raise GovReportError("there is nothing to export", where=f"corpus {corpus.name}")
        front = _front_matter(corpus.title or corpus.name, _LICENSES.get(corpus.license, "other"), configs)
        card = corpus.folder.parent / "DATACARD.md"
        body = card.read_text(encoding="utf-8") if card.is_file() else f"# {corpus.title or corpus.name}\n"
        (scratch / "README.md").write_text(f"{front}\n{body}", encoding="utf-8")
        names = sorted(path.name for path in scratch.iterdir())
    return [folder / name for name in names]


def _front_matter(title: str, license: str, configs: dict[str, list[str]]) -> str:
    lines = [
        "---",
        f"pretty_name: {title}",
        "language:\n- zh",
        f"license: {license}",
        "task_categories:\n- token-classification\n- text-classification",
        "tags:\n- government-work-report\n- spacy",
        "configs:",
    ]
    for config, splits in configs.items():
        lines += [f"- config_name: {config}", "  data_files:"]
        for split in splits:
            lines += [f"  - split: {split}", f"    path: {config}-{split}.parquet"]
    return "\n".join([*lines, "---", ""])
