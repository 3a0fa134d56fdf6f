"""A small corpus of invented reports in a folder, stand-off and with its texts beside it."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from govreport_nlp.corpora.catalogue import Corpus, find_corpus
from govreport_nlp.corpora.records import write_records
from govreport_nlp.corpora.sources import SourceText

TEXTS = {
    "甲/2020.md": "云溪镇政府工作报告\n\n全面推行河长制，雪亮工程投入使用。建成云溪二桥。\n",
    "乙.txt": "柳湾县政府工作报告\n\n全面推行河长制。柳湾水厂扩建工程竣工。\n",
}
SPLITS = {"甲/2020.md": "train", "乙.txt": "test"}
_ENTITIES = {
    "河长制": "PROGRAMME",
    "雪亮工程": "PROGRAMME",
    "云溪二桥": "PROJECT",
    "柳湾水厂扩建工程": "PROJECT",
}


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def make_record(source: str, text: str, split: str) -> dict[str, Any]:
    """Annotate a text: a title, an empty line, one body paragraph."""
    title, body = text.index("\n"), text.index("\n\n") + 2
    end = len(text.rstrip())
    stops = [at + 1 for at, character in enumerate(text) if character == "。"]
    names = [(text.find(name), name) for name in _ENTITIES if name in text]
    return {
        "schema": "govreport.corpus.v1",
        "id": source.split("/")[0].removesuffix(".txt"),
        "source": source,
        "sha256": digest(text),
        "report": 0,
        "start": 0,
        "end": len(text),
        "split": split,
        "annotator": "A",
        "guideline_version": "3.1",
        "regions": [[0, end]],
        "meta": {
            "title": None,
            "place": text[:3],
            "level": "township",
            "year": 2020,
            "date": None,
            "speaker": None,
        },
        "text": None,
        "paragraphs": [
            {"start": 0, "end": title, "kind": "heading", "level": None, "labels": [], "themes": {}},
            {"start": body, "end": end, "kind": "body", "level": None, "labels": ["ecology"], "themes": {}},
        ],
        "sentences": [
            {"start": start, "end": stop}
            for start, stop in zip((0, body, *stops), (title, *stops), strict=False)
        ],
        "entities": [
            {"start": at, "end": at + len(name), "label": _ENTITIES[name], "text": None, "id": None}
            for at, name in sorted(names)
        ],
        "indicators": [],
        "words": None,
    }


def make_corpus(folder: Path) -> Corpus:
    """Write the corpus below a folder: records and source table."""
    home = folder / "small"
    for source, text in TEXTS.items():
        write_records(home / f"{SPLITS[source]}.jsonl", [make_record(source, text, SPLITS[source])])
    columns = [field.name for field in fields(SourceText)]
    rows = [
        ["甲/2020.md", "owner/texts", "abc123", "甲/2020.md", "", "", "", ""],
        ["乙.txt", "", "", "", "", "政府工作报告", "2020-01-08", "柳湾县人民政府"],
    ]
    lines = [
        "# Sources.",
        "\t".join(columns),
        *("\t".join([*row, str(len(TEXTS[row[0]])), digest(TEXTS[row[0]])]) for row in rows),
    ]
    (home / "sources.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return find_corpus(home)


def write_texts(folder: Path, *sources: str) -> Path:
    """Write the texts of some sources, by default of all, and give the folder."""
    for source in sources or TEXTS:
        path = folder / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXTS[source], encoding="utf-8", newline="")
    return folder
