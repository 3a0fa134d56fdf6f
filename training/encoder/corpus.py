"""Turn the raw reports into arrays for pre-training.

Steps: fold characters one to one, drop held-out reports, drop near-identical
paragraphs, build the character vocabulary, mark word starts (jieba with the
quoted terms as extra words; used only to choose what is masked).

Output folder: ``corpus.npz`` (``ids`` uint16, ``word_start`` bool, ``offsets``
int64: report boundaries), ``vocab.json`` and ``corpus.json`` (counts).
"""

from __future__ import annotations

import argparse
import json
import logging
import re
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import pandas as pd

PAD, UNK, MASK, NEWLINE = range(4)
SPECIALS = ["<pad>", "<unk>", "<mask>", "\n"]
HELD_OUT = Path(__file__).parents[1] / "held-out-reports.txt"
SHINGLE = 12  # characters in one shingle of the near-duplicate test
SEEN_BITS = 28  # size of the table of seen shingles, as a power of two


def _fold_table() -> dict[int, int]:
    """Map variant forms of one character to one form, one code point to one."""
    table = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    pairs = {
        ",，": "，", ";；": "；", ":：∶": "：", "(（": "（", ")）": "）", "?？": "？", "!！": "！",
        "％": "%", "．": ".", "｡": "。", "［〔": "[", "］〕": "]", "―─–": "—", "～": "~",
        "\u3000\xa0\u2002\u2003\u2009\t": " ", "「『": "“", "」』": "”", "•∙・‧": "·",
    }  # fmt: skip
    for variants, form in pairs.items():
        for char in variants:
            table[ord(char)] = ord(form)
    return table


FOLD = _fold_table()


def fold(text: str) -> str:
    """Return `text` with variant forms unified; the length never changes.

    >>> fold("（2023年）ＧＤＰ增长5％;")
    '（2023年）GDP增长5%；'
    """
    return text.translate(FOLD)


def paragraphs(raw: str) -> list[str]:
    """Split one raw report into folded paragraphs without front matter and Markdown marks."""
    body = re.sub(r"\A---\n.*?\n---\n", "", raw, flags=re.S)
    out = []
    for line in body.split("\n"):
        line = fold(re.sub(r"\*\*|^\s*#+\s*|\[\^\d+\]:?", "", line)).strip()
        if line and "http" not in line and "www." not in line:
            out.append(line)
    return out


class NearDuplicates:
    """Remember sampled character shingles; tell how much of a paragraph was seen before."""

    def __init__(self) -> None:
        self.seen = np.zeros(1 << SEEN_BITS, dtype=bool)

    def _shingles(self, text: str) -> np.ndarray:
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        size = len(codes) - SHINGLE + 1
        if size < 1:
            return np.zeros(0, dtype=np.int64)
        value = np.zeros(size, dtype=np.uint64)
        for i in range(SHINGLE):
            value = value * np.uint64(0x9E3779B97F4A7C15) + codes[i : i + size]
        value = (value ^ (value >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        value = value[(value >> np.uint64(60)) < 4]  # a quarter of all shingles
        return (value >> np.uint64(64 - SEEN_BITS - 4)).astype(np.int64) & ((1 << SEEN_BITS) - 1)

    def add(self, text: str) -> None:
        """Remember the sampled shingles of `text`."""
        self.seen[self._shingles(text)] = True

    def share_seen(self, text: str) -> float:
        """Return the share of sampled shingles seen before; 0 for texts with fewer than four."""
        found = self._shingles(text)
        return float(self.seen[found].mean()) if len(found) >= 4 else 0.0


def select(frame: pd.DataFrame, holdout: set[str], blocked: list[str]) -> tuple[list[list[str]], dict]:
    """Return the paragraphs kept of each report, and counts of what was dropped."""
    near, counts, kept = NearDuplicates(), Counter(), []
    for text in blocked:
        near.add(fold(text))
    short_seen: Counter[str] = Counter()
    for row in frame.itertuples():
        if row.id in holdout:
            counts["reports held out"] += 1
            continue
        keep = []
        for paragraph in paragraphs(row.text):
            share = near.share_seen(paragraph)
            short_seen[paragraph] += 1
            if share > 0.8 or (len(paragraph) >= SHINGLE and short_seen[paragraph] > 20):
                counts["characters dropped as duplicates"] += len(paragraph)
                continue
            keep.append(paragraph)
        for paragraph in keep:
            near.add(paragraph)
        size = sum(map(len, keep))
        if size < 256:
            counts["reports dropped as duplicates"] += 1
            continue
        counts["reports"] += 1
        counts["characters"] += size
        kept.append(keep)
    return kept, dict(counts)


def build_vocab(reports: list[list[str]], minimum: int) -> list[str]:
    counts: Counter[str] = Counter()
    for report in reports:
        for paragraph in report:
            counts.update(paragraph)
    chars = [c for c, n in counts.most_common() if n >= minimum]
    return SPECIALS + chars


def _load_terms(path: str) -> None:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    for line in Path(path).read_text(encoding="utf-8").splitlines()[1:]:
        jieba.add_word(fold(line.split("\t")[0]))


def _cut(text: str) -> list[int]:
    import jieba

    return [len(word) for word in jieba.cut(text)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--holdout", type=Path, default=HELD_OUT, help="list of report ids to leave out")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--min-count", type=int, default=30)
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    frame = pd.read_parquet(args.shared / "reports/raw-reports.parquet")
    lines = args.holdout.read_text(encoding="utf-8").splitlines()
    holdout = {line for line in lines if not line.startswith("#")}
    files = ["xinzhuang", "beicang", "jingwu", "collection"]
    blocked = [(args.shared / f"reports/{name}.txt").read_text(encoding="utf-8") for name in files]
    blocked += list(frame[frame.id.isin(holdout)].text)
    reports, counts = select(frame, holdout, blocked)
    vocab = build_vocab(reports, args.min_count)
    index = np.full(0x110000, UNK, dtype=np.uint16)
    index[[ord(c) for c in vocab[NEWLINE:]]] = np.arange(NEWLINE, len(vocab))
    texts = ["\n".join(report) + "\n" for report in reports]
    with Pool(args.processes, _load_terms, (str(args.shared / "terms/quoted-terms.tsv"),)) as pool:
        lengths = pool.map(_cut, texts, chunksize=8)
    ids = [index[np.frombuffer(t.encode("utf-32-le"), dtype=np.uint32)] for t in texts]
    starts = []
    for cut, text in zip(lengths, texts, strict=True):
        start = np.zeros(len(text), dtype=bool)
        start[np.cumsum([0, *cut[:-1]])] = True
        starts.append(start)
    args.out.mkdir(parents=True, exist_ok=True)
    offsets = np.cumsum([0] + [len(i) for i in ids])
    flat = np.concatenate(ids)
    np.savez(args.out / "corpus.npz", ids=flat, word_start=np.concatenate(starts), offsets=offsets)
    (args.out / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
    counts |= {"vocabulary": len(vocab), "tokens": len(flat), "unknown": int((flat == UNK).sum())}
    (args.out / "corpus.json").write_text(json.dumps(counts, indent=1))
    print(counts)


if __name__ == "__main__":
    main()
