"""Fine-tune the character encoder for entities: BIOES tags with a constrained CRF.

Reads the stand-off annotations beside the project, splits them by document,
trains, and reports strict span precision, recall and F1 a label on the
held-out documents, with recall on names seen and not seen in training.

Example
-------
>>> # python -m training.encoder.finetune --encoder runs/long/checkpoint.pt --vocab data/vocab.json --epochs 6
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.encoder.corpus import fold
from training.encoder.documents import (
    LABELS,
    TAGS,
    Document,
    Span,
    Vocabulary,
    collate,
    pack,
    read_documents,
    spans,
    split_documents,
)
from training.encoder.model import MASK, PAD, Encoder, EncoderConfig

FORBIDDEN = -1e4


# ---------------------------------------------------------------- model
class CRF(nn.Module):
    """Linear-chain CRF over BIOES tags; illegal transitions are shut off."""

    legal: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        opens = [[_follows(a, b) for b in TAGS] for a in TAGS]
        self.register_buffer("legal", torch.tensor(opens), persistent=False)
        ends = torch.tensor([0.0 if t[0] in "OES" else FORBIDDEN for t in TAGS])
        starts = torch.tensor([0.0 if t[0] in "OBS" else FORBIDDEN for t in TAGS])
        self.register_buffer("starts", starts, persistent=False)
        self.register_buffer("ends", ends, persistent=False)

    def _scores(self) -> Tensor:
        return self.transitions.masked_fill(~self.legal, FORBIDDEN)

    def loss(self, emissions: Tensor, tags: Tensor, real: Tensor) -> Tensor:
        """Mean negative log-likelihood a window; `real` is true at characters."""
        scores = self._scores()
        gold = emissions.gather(2, tags[..., None]).squeeze(2)
        gold[:, 1:] = gold[:, 1:] + scores[tags[:, :-1], tags[:, 1:]]
        alpha = self.starts + emissions[:, 0]
        for t in range(1, emissions.shape[1]):
            new = torch.logsumexp(alpha[:, :, None] + scores, 1) + emissions[:, t]
            alpha = torch.where(real[:, t, None], new, alpha)
        return (torch.logsumexp(alpha + self.ends, 1) - (gold * real).sum(1)).mean()

    @torch.no_grad()
    def decode(self, emissions: Tensor, real: Tensor) -> list[list[int]]:
        """Best legal tag sequence of each window (Viterbi)."""
        scores, values = self._scores().numpy(), emissions.numpy()
        lengths = real.sum(1).tolist()
        best, back = self.starts.numpy() + values[:, 0], []
        finals = {0: best} if 1 in lengths else {}
        for t in range(1, values.shape[1]):
            total = best[:, :, None] + scores
            back.append(total.argmax(1))
            best = total.max(1) + values[:, t]
            finals[t] = best
        out = []
        for row, size in enumerate(lengths):
            tag = int((finals[size - 1][row] + self.ends.numpy()).argmax())
            path = [tag]
            for t in range(size - 2, -1, -1):
                tag = int(back[t][row, tag])
                path.append(tag)
            out.append(path[::-1])
        return out


def _follows(before: str, after: str) -> bool:
    if before[0] in "BI":
        return after[0] in "IE" and before[2:] == after[2:]
    return after[0] in "OBS"


class Tagger(nn.Module):
    """Encoder, dropout, linear layer, CRF."""

    def __init__(self, encoder: Encoder, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.emit = nn.Linear(encoder.config.width, len(TAGS))
        self.crf = CRF()

    def forward(self, ids: Tensor) -> Tensor:
        """Return emissions, (batch, length, tags)."""
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.encoder(ids, ids != PAD)
        return self.emit(self.dropout(hidden.float()))


def load_encoder(path: str, vocab_size: int, dropout: float) -> tuple[Encoder, dict[str, Any]]:
    """Read the encoder out of a pre-training checkpoint, or start a new one for ``none``."""
    if path == "none":
        return Encoder(EncoderConfig(vocab_size), dropout=dropout), {}
    state = torch.load(path, map_location="cpu", weights_only=True)
    encoder = Encoder(EncoderConfig(**state["config"]), dropout=dropout)
    prefix = "encoder."
    weights = {k.removeprefix(prefix): v for k, v in state["model"].items() if k.startswith(prefix)}
    encoder.load_state_dict(weights)
    return encoder, {"step": state["step"], "tokens": state["tokens"], "seconds": state["seconds"]}


# ---------------------------------------------------------------- training
def train(tagger: Tagger, documents: list[Document], vocab: Vocabulary, args: argparse.Namespace) -> None:
    tables = {id(m.weight) for m in tagger.modules() if isinstance(m, nn.Embedding)}
    if not args.table_lr:
        for module in tagger.modules():
            if isinstance(module, nn.Embedding):
                module.requires_grad_(False)
    new = {id(p) for module in (tagger.emit, tagger.crf) for p in module.parameters()}
    inner = [p for p in tagger.parameters() if p.requires_grad and id(p) not in tables | new]
    tables &= {id(p) for p in tagger.parameters() if p.requires_grad}
    groups = [
        {"params": inner, "lr": args.lr, "weight_decay": 0.01},
        {"params": [p for p in tagger.parameters() if id(p) in tables], "lr": args.table_lr},
        {"params": [p for p in tagger.parameters() if id(p) in new], "lr": args.head_lr},
    ]
    groups = [group for group in groups if group["params"]]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
    rng = random.Random(args.seed)
    steps = args.epochs * (1 + len(pack(documents, args.length)) // args.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (0.1 * steps)) * max(0.02, 1 - s / steps)
    )
    tagger.train()
    for epoch in range(args.epochs):
        windows = pack(documents, args.length, rng.randrange(64, args.length + 1))
        rng.shuffle(windows)
        begin, total = time.monotonic(), 0.0
        for i in range(0, len(windows), args.batch):
            ids, tags = collate(windows[i : i + args.batch], documents, vocab)
            real = ids != PAD
            hidden = (torch.rand(ids.shape) < args.char_drop) & real
            loss = tagger.crf.loss(tagger(ids.masked_fill(hidden, MASK)), tags, real)
            loss.backward()
            nn.utils.clip_grad_norm_(tagger.parameters(), 1.0, foreach=True)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item() * len(ids)
        print(f"epoch {epoch}: loss {total / len(windows):.3f}, {time.monotonic() - begin:.0f} s", flush=True)


def predict(
    tagger: Tagger, documents: list[Document], vocab: Vocabulary, args: argparse.Namespace
) -> list[list[Span]]:
    """Return the entities of each document, in source offsets."""
    tagger.eval()
    found: list[list[Span]] = [[] for _ in documents]
    windows = pack(documents, args.length)
    for i in range(0, len(windows), 32):
        group = windows[i : i + 32]
        ids, _ = collate(group, documents, vocab)
        with torch.no_grad():
            paths = tagger.crf.decode(tagger(ids), ids != PAD)
        for window, path in zip(group, paths, strict=True):
            for piece in window:
                positions = documents[piece.document].paragraphs[piece.paragraph].positions
                part = path[piece.at : piece.at + piece.end - piece.start]
                for start, end, label in spans(part):
                    ends = positions[piece.start + start], positions[piece.start + end - 1] + 1
                    found[piece.document].append((*ends, label))
    return found


# ---------------------------------------------------------------- scores
def _prf(right: int, found: int, gold: int) -> dict[str, float]:
    precision, recall = right / max(found, 1), right / max(gold, 1)
    f1 = 2 * right / max(found + gold, 1)
    return {"p": round(precision, 4), "r": round(recall, 4), "f": round(f1, 4), "gold": gold}


def score(documents: list[Document], found: list[list[Span]], known: set[str]) -> dict[str, Any]:
    """Strict scores: micro, a label, a document; recall by whether the name was in training."""
    right, guessed, gold, seen = Counter(), Counter(), Counter(), Counter()
    for document, guess in zip(documents, found, strict=True):
        hits = set(guess) & set(document.entities)
        for spans_, counter in ((hits, right), (guess, guessed), (document.entities, gold)):
            for _, _, label in spans_:
                counter.update([label, "micro", document.name])
        for span in document.entities:
            kind = "seen" if name_of(document, span) in known else "unseen"
            seen.update([kind, f"{kind} found"] if span in hits else [kind])
    keys = ["micro", *LABELS, *(d.name for d in documents if not d.name[:4].isdigit())]
    result: dict[str, Any] = {k: _prf(right[k], guessed[k], gold[k]) for k in keys}
    for kind in ("seen", "unseen"):
        result[f"recall {kind}"] = round(seen[f"{kind} found"] / max(seen[kind], 1), 4)
    return result


def name_of(document: Document, span: Span) -> str:
    return fold("".join(document.source[span[0] : span[1]].split()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--encoder", required=True, help="pre-training checkpoint, or none")
    parser.add_argument("--vocab", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--length", type=int, default=256)
    parser.add_argument("--lr", type=float, default=5e-4)
    parser.add_argument("--table-lr", type=float, default=5e-4, help="0 freezes the tables")
    parser.add_argument("--head-lr", type=float, default=3e-3)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--char-drop", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--name", default="")
    parser.add_argument("--save", type=Path, help="file for the weights of the tagger")
    parser.add_argument("--results", type=Path, help="JSONL file to append the scores to")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    vocab = Vocabulary(args.vocab)
    training, held = split_documents(read_documents(args.shared))
    encoder, origin = load_encoder(args.encoder, len(vocab.index), args.dropout)
    tagger = Tagger(encoder, 2 * args.dropout)
    begin = time.monotonic()
    train(tagger, training, vocab, args)
    if args.save:
        state = {"model": tagger.state_dict(), "config": encoder.config.to_dict(), "tags": list(TAGS)}
        torch.save(state, args.save)
    known = {name_of(d, s) for d in training for s in d.entities}
    result = score(held, predict(tagger, held, vocab, args), known)
    sizes = {"train_chars": sum(len(p.text) for d in training for p in d.paragraphs)}
    sizes["test_chars"] = sum(len(p.text) for d in held for p in d.paragraphs)
    settings = {k: str(v) if isinstance(v, Path) else v for k, v in vars(args).items()}
    row = {"name": args.name, **origin, "minutes": round((time.monotonic() - begin) / 60, 2), **sizes}
    row |= {"scores": result, "settings": settings}
    print(json.dumps(row, ensure_ascii=False))
    if args.results:
        with args.results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
