"""Segmented paragraphs as stand-off data: a table with the length of every word.

``python -m training.corpora.words DIR`` reads the ``.seg`` files of a folder, in which a line
``# document start end`` (in a starter text: ``# document number``) is followed by the paragraph with spaces
between its words, and writes ``words.tsv``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import typer

from govreport_nlp.corpora.records import Record
from govreport_nlp.errors import GovReportError
from training.corpora.standoff import holder, read_table

__all__ = ["TABLE", "add_words", "read_words", "word_spans"]

TABLE: Final = Path(__file__).with_name("words.tsv")
_STARTER: Final = frozenset(path.stem for path in Path(__file__).parent.glob("starter/*.txt"))
_HEADER: Final = """\
# Words of segmented paragraphs, as lengths without white space. paragraph: where it starts in its source;
# in a starter text, its number from 0.
document\tparagraph\tlengths
"""


def main(folder: Path) -> None:
    """Write the table."""
    rows = []
    for path in sorted(folder.glob("*.seg")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for header, words in zip(lines[::2], lines[1::2], strict=True):
            document, first, *end = header.removeprefix("# ").split()
            paragraph = int(first) if end else int(first) - 1
            rows.append(f"{document}\t{paragraph}\t{' '.join(str(len(word)) for word in words.split())}\n")
    TABLE.write_text(_HEADER + "".join(rows), encoding="utf-8")
    typer.echo(f"{len(rows)} paragraphs")


def read_words() -> dict[str, dict[int, list[int]]]:
    """Give the word lengths by document and paragraph."""
    words: dict[str, dict[int, list[int]]] = {}
    for row in read_table(TABLE) if TABLE.is_file() else ():
        lengths = [int(length) for length in row["lengths"].split()]
        words.setdefault(row["document"], {})[int(row["paragraph"])] = lengths
    return words


def word_spans(text: str, lengths: Iterable[int], start: int = 0) -> list[dict[str, int]]:
    r"""Give the words of a paragraph as offsets, `start` being that of the paragraph.

    >>> word_spans("工作\n报告", [4])
    [{'start': 0, 'end': 5}]
    """
    offsets = [start + at for at, character in enumerate(text) if not character.isspace()]
    spans, position = [], 0
    for length in lengths:
        last = position + length - 1
        if last >= len(offsets):
            break
        spans.append({"start": offsets[position], "end": offsets[last] + 1})
        position += length
    if position != len(offsets) or not spans:
        raise GovReportError(f"the words do not make up the paragraph {text[:20]!r}")
    return spans


def add_words(records: Iterable[Record]) -> None:
    """Give records, which have their text, the words of their segmented paragraphs."""
    by_name = {record["id"]: record for record in records}
    for document, paragraphs in read_words().items():
        if document in _STARTER:
            continue
        for start, lengths in sorted(paragraphs.items()):
            record = holder(by_name, document, start)
            end = next(p["end"] for p in record["paragraphs"] if p["start"] == start)
            words = word_spans(record["text"][start:end], lengths, start)
            record["words"] = [*(record["words"] or []), *words]


if __name__ == "__main__":
    typer.run(main)
