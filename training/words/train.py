"""Train the word segmentation model from corpora with gold words.

Example::

    python training/words/train.py --train train.iob2 --train dev.iob2 --test test.iob2 --out words-model

Corpora are column files (CoNLL-U, or the IOB2 files of Universal NER): one word a line in the second column,
an empty line after each sentence. The same corpora, options and seed give the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import spacy_pkuseg
import typer
from spacy_pkuseg.config import config as pkuseg_config
from spacy_pkuseg.feature_extractor import FeatureExtractor

from govreport_nlp.pipes.words import WordSegmenter, fold

Sentence = list[str]
FEWEST = 10


def read_sentences(path: Path) -> list[Sentence]:
    """Give the words of every sentence of a column file, without the white space inside them."""
    sentences: list[Sentence] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        columns = line.split("\t")
        if not line.strip():
            sentences.append([])
        elif not line.startswith("#") and columns[0].isdigit():
            sentences[-1].append("".join(columns[1].split()))
    return [sentence for sentence in sentences if sentence]


def train(sentences: Sequence[Sentence], *, epochs: int, seed: int, min_count: int) -> WordSegmenter:
    """Train on gold sentences; features seen less than `min_count` times are left out."""
    random.seed(seed)
    pkuseg_config.featureTrim = min_count - 1
    # fold() has done what these do, and pkuseg's own way loses every dictionary word with a numeral (统一).
    FeatureExtractor.num = set()
    FeatureExtractor.letter = set()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        corpus = Path(folder) / "train.txt"
        corpus.write_text("\n".join(fold(" ".join(words)) for words in sentences) + "\n", encoding="utf-8")
        probe = Path(folder) / "probe.txt"
        probe.write_text(fold(" ".join(sentences[0])) + "\n", encoding="utf-8")
        spacy_pkuseg.train(str(corpus), str(probe), str(Path(folder) / "model"), train_iter=epochs)
        return WordSegmenter.from_pkuseg(Path(folder) / "model")


def score(cuts: Iterable[Sentence], gold: Sequence[Sentence], known: set[str]) -> dict[str, float]:
    """Score word spans: precision, recall, F1, and recall of the words that are not in `known`."""
    correct = guessed = total = unknown = unknown_correct = 0
    for guess, words in zip(cuts, gold, strict=True):
        found = set(_spans(guess))
        guessed += len(guess)
        total += len(words)
        for word, span in zip(words, _spans(words), strict=True):
            correct += span in found
            unknown += word not in known
            unknown_correct += word not in known and span in found
    figures = {
        "precision": correct / guessed,
        "recall": correct / total,
        "f1": 2 * correct / (guessed + total),
        "oov_rate": unknown / total,
        "oov_recall": unknown_correct / max(unknown, 1),
    }
    return {name: round(value, 4) for name, value in figures.items()} | {"words": total}


def _spans(words: Sentence) -> list[tuple[int, int]]:
    spans, position = [], 0
    for word in words:
        spans.append((position, position + len(word)))
        position += len(word)
    return spans


def main(
    train_files: Annotated[list[Path], typer.Option("--train", help="Corpus to train on; may be repeated.")],
    out: Annotated[Path, typer.Option(help="Folder to write the model and its meta.json to.")],
    test_file: Annotated[Path | None, typer.Option("--test", help="Corpus to evaluate on.")] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the corpora.")] = 20,
    seed: Annotated[int, typer.Option(help="Seed of the order of sentences.")] = 0,
    min_count: Annotated[int, typer.Option(min=1, help="Leave out features seen less often than this.")] = 1,
) -> None:
    """Train a word segmentation model and write it with its figures."""
    sentences = [sentence for path in train_files for sentence in read_sentences(path)]
    if len(sentences) < FEWEST:
        message = f"the corpora hold {len(sentences)} sentences, and pkuseg needs at least {FEWEST}"
        raise typer.BadParameter(message, param_hint="--train")
    segmenter = train(sentences, epochs=epochs, seed=seed, min_count=min_count)
    segmenter.to_path(out)
    meta = {
        "corpora": [{"file": path.name, "sha256": _digest(path)} for path in train_files],
        "sentences": len(sentences),
        "words": sum(map(len, sentences)),
        "epochs": epochs,
        "seed": seed,
        "min_count": min_count,
        "bytes": len(segmenter.to_bytes()),
    }
    if test_file is not None:
        gold = read_sentences(test_file)
        known = {word for words in sentences for word in words}
        cuts = (segmenter.cut("".join(words)) for words in gold)
        meta["test"] = {"file": test_file.name, "sha256": _digest(test_file), **score(cuts, gold, known)}
    text = json.dumps(meta, ensure_ascii=False, indent=2) + "\n"
    (out / "meta.json").write_text(text, encoding="utf-8")
    typer.echo(text, nl=False)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    typer.run(main)
