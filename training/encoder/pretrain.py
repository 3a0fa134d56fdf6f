"""Pre-train the character encoder on raw reports.

Two objectives: ``mlm`` (predict the characters of masked words) and ``electra``
(a one-layer generator fills the masked words; the encoder tells replaced from
original characters and restores the originals). Everything drawn at random
follows from the seed and the step, so ``--resume`` continues the same stream.

The learning rate warms up and stays constant; a later run with
``--decay-minutes`` takes it to zero, always from a constant-rate checkpoint.

Example
-------
>>> # python -m training.encoder.pretrain --data data --out runs/electra --objective electra --max-minutes 60
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.encoder.model import MASK, NEWLINE, CharHead, Encoder, EncoderConfig, Layer, RMSNorm

SPECIAL_COUNT = NEWLINE + 1


# ---------------------------------------------------------------- batches
@dataclass(frozen=True)
class Corpus:
    """Character ids of all reports in a row, word starts, and report boundaries."""

    ids: np.ndarray
    word_start: np.ndarray
    offsets: np.ndarray

    @classmethod
    def load(cls, path: Path) -> Corpus:
        """Read `corpus.npz` in the folder `path`."""
        with np.load(path / "corpus.npz") as arrays:
            return cls(arrays["ids"], arrays["word_start"], arrays["offsets"])


@dataclass(frozen=True)
class Batch:
    """Windows before and after masking, and the masked positions of each window."""

    original: Tensor  # (batch, length) int64
    masked: Tensor  # (batch, length) int64
    positions: Tensor  # (batch, count) int64


class Sampler:
    """Draw batches of windows; batch `step` depends on the seed and `step` alone.

    Each epoch cuts every report into consecutive windows from a new offset.
    """

    def __init__(self, corpus: Corpus, length: int, batch: int, mask_rate: float, seed: int) -> None:
        self.corpus, self.length, self.batch, self.seed = corpus, length, batch, seed
        self.count = round(length * mask_rate)
        sizes = np.diff(corpus.offsets)
        self.per_epoch = int(np.maximum(sizes // length - 1, 1).sum()) // batch
        self.epoch = -1

    def _start_epoch(self, epoch: int) -> None:
        rng = np.random.default_rng((self.seed, 1, epoch))
        starts = []
        for begin, end in zip(self.corpus.offsets[:-1], self.corpus.offsets[1:], strict=True):
            windows = max((end - begin) // self.length - 1, 1)
            shift = rng.integers(0, end - begin - windows * self.length + 1)
            starts.append(begin + shift + np.arange(windows) * self.length)
        self.starts = rng.permutation(np.concatenate(starts))
        self.epoch = epoch

    def __call__(self, step: int) -> Batch:
        """Return the batch of `step`."""
        epoch, index = divmod(step, self.per_epoch)
        if epoch != self.epoch:
            self._start_epoch(epoch)
        rng = np.random.default_rng((self.seed, 2, step))
        starts = self.starts[index * self.batch : (index + 1) * self.batch]
        rows = starts[:, None] + np.arange(self.length)
        original = self.corpus.ids[rows].astype(np.int64)
        positions, units = self._choose(self.corpus.word_start[rows], original, rng)
        masked = self._corrupt(original, positions, units, rng)
        return Batch(torch.from_numpy(original), torch.from_numpy(masked), torch.from_numpy(positions))

    def _choose(
        self, word_start: np.ndarray, original: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Choose whole words, a third of them glued to the next one, until `count` characters."""
        size = original.shape
        unit_start = word_start & (rng.random(size) > 1 / 3)
        unit_start |= original == NEWLINE
        units = np.cumsum(unit_start, 1)
        keys = np.take_along_axis(rng.random((size[0], size[1] + 1)), units, 1)
        keys[original == NEWLINE] = 2.0
        return np.argsort(keys, 1, kind="stable")[:, : self.count], units

    def _corrupt(
        self, original: np.ndarray, positions: np.ndarray, units: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Mask 80 % of the chosen words, replace 10 % by random characters, keep 10 %."""
        draw = rng.random((original.shape[0], original.shape[1] + 1))
        draw = np.take_along_axis(draw, np.take_along_axis(units, positions, 1), 1)
        random_ids = self.corpus.ids[rng.integers(0, len(self.corpus.ids), positions.shape)]
        chosen = np.take_along_axis(original, positions, 1)
        new = np.where(draw < 0.8, MASK, np.where(draw < 0.9, random_ids, chosen))
        masked = original.copy()
        np.put_along_axis(masked, positions, new, 1)
        return masked


# ---------------------------------------------------------------- objectives
def _gather(x: Tensor, positions: Tensor) -> Tensor:
    return x.gather(1, positions[..., None].expand(-1, -1, x.shape[-1])).flatten(0, 1)


class MaskedLM(nn.Module):
    """Predict the characters at the masked positions."""

    names = ("mlm_loss", "mlm_acc")

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.encoder = Encoder(config)
        self.head = CharHead(config)

    def forward(self, original: Tensor, masked: Tensor, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Return the loss and [MLM loss, MLM accuracy]."""
        target = original.gather(1, positions).flatten()
        hidden = _gather(self.encoder(masked), positions)
        logits = self.head(hidden, self.encoder.embed.chars.weight).float()
        loss = F.cross_entropy(logits, target)
        accuracy = (logits.argmax(-1) == target).float().mean()
        return loss, torch.stack([loss.detach(), accuracy])


class Electra(nn.Module):
    """Replaced-token detection with a one-layer generator on the shared embeddings.

    The encoder also restores the original characters at the chosen positions
    (weight `restore`), which gives it a signal richer than one bit a character.
    """

    names = ("mlm_loss", "mlm_acc", "rtd_loss", "rtd_recall", "rtd_precision", "restore_loss", "restore_acc")

    def __init__(self, config: EncoderConfig, rtd: float = 20.0, restore: float = 1.0) -> None:
        super().__init__()
        self.encoder = Encoder(config)
        self.head = CharHead(config)
        self.generator = Layer(config.width, config.heads, config.ffn)
        self.generator_norm = RMSNorm(config.width)
        self.generator_head = CharHead(config)
        self.detector = nn.Linear(config.width, 1)
        self.weights = (rtd, restore)

    def forward(self, original: Tensor, masked: Tensor, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Return the weighted loss and the figures of `names`."""
        table = self.encoder.embed.chars.weight
        target = original.gather(1, positions).flatten()
        length = original.shape[1]
        x = self.encoder.embed(masked)
        x = self.generator(x, self.encoder.cos[:length], self.encoder.sin[:length], None, 0.0)
        logits = self.generator_head(_gather(self.generator_norm(x), positions), table).float()
        mlm = F.cross_entropy(logits, target)
        with torch.no_grad():
            accuracy = (logits.argmax(-1) == target).float().mean()
            logits[:, :SPECIAL_COUNT] = -1e4
            cumulative = logits.softmax(-1).cumsum(-1)
            draw = torch.rand_like(cumulative[:, :1]) * cumulative[:, -1:]
            sample = (cumulative < draw).sum(-1).clamp(max=logits.shape[-1] - 1)
            filled = original.scatter(1, positions, sample.view_as(positions))
            replaced = filled != original
        hidden = self.encoder(filled)
        score = self.detector(hidden).squeeze(-1).float()
        rtd = F.binary_cross_entropy_with_logits(score, replaced.float())
        restored = self.head(_gather(hidden, positions), table).float()
        restore = F.cross_entropy(restored, target)
        with torch.no_grad():
            found = score > 0
            hit = (found & replaced).sum()
            stats = [mlm.detach(), accuracy, rtd.detach()]
            stats += [hit / replaced.sum().clamp(min=1), hit / found.sum().clamp(min=1), restore.detach()]
            stats += [(restored.argmax(-1) == target).float().mean()]
        return mlm + self.weights[0] * rtd + self.weights[1] * restore, torch.stack(stats)


# ---------------------------------------------------------------- optimizers
def orthogonalise(update: Tensor, steps: int = 5) -> Tensor:
    """Newton-Schulz iteration of Muon (K. Jordan 2024) on a batch of matrices."""
    x = update.bfloat16()
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        a = torch.bmm(x, x.mT)
        b = torch.baddbmm(a, a, a, beta=-4.7750, alpha=2.0315)
        x = torch.baddbmm(x, b, x, beta=3.4445)
    return (x.mT if tall else x).to(update.dtype)


class Muon(torch.optim.Optimizer):
    """Momentum with orthogonalised updates for the matrices inside the network."""

    def __init__(self, params: list[nn.Parameter], lr: float) -> None:
        momentum, decay = 0.95, 0.02
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        """Update all parameters; `closure` is not used."""
        for group in self.param_groups:
            for p in group["params"]:
                buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - group["momentum"])
                update = p.grad.lerp(buffer, group["momentum"])
                rows, columns = p.shape
                blocks = 3 if rows == 3 * columns else 1  # query, key, value apart
                update = orthogonalise(update.view(blocks, rows // blocks, columns)).view_as(p)
                scale = max(1.0, rows / blocks / columns) ** 0.5
                p.mul_(1 - group["lr"] * group["decay"]).add_(update, alpha=-group["lr"] * scale)


def make_optimizers(model: nn.Module, args: argparse.Namespace) -> list[torch.optim.Optimizer]:
    """Muon for inner matrices, AdamW for tables, gains and biases."""
    tables = {id(m.weight) for m in model.modules() if isinstance(m, nn.Embedding)}
    params = list(model.parameters())
    matrices = [p for p in params if p.ndim == 2 and id(p) not in tables and p.shape[0] > 1]
    inner = {id(p) for p in matrices}
    others = [p for p in params if id(p) not in inner]
    adam = torch.optim.AdamW(others, lr=args.lr, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
    return [Muon(matrices, lr=args.muon_lr), adam]


# ---------------------------------------------------------------- run
def write_atomically(state: dict[str, Any], path: Path) -> None:
    """Write beside `path`, then rename, so that a kill never leaves half a file."""
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    temporary.replace(path)


def batches(sampler: Sampler, first: int, device: torch.device) -> Iterator[tuple[int, Batch]]:
    """Yield (step, batch on `device`) without end, from step `first`."""
    step = first
    while True:
        batch = sampler(step)
        if device.type == "cuda":
            moved = (t.pin_memory().to(device, non_blocking=True) for t in vars(batch).values())
            batch = Batch(*moved)
        yield step, batch
        step += 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder written by corpus.py")
    parser.add_argument("--out", type=Path, required=True, help="folder of checkpoint.pt and log.jsonl")
    parser.add_argument("--objective", choices=["mlm", "electra"], default="electra")
    parser.add_argument("--resume", type=Path, help="checkpoint to go on from")
    parser.add_argument("--max-minutes", type=float, default=60.0)
    parser.add_argument("--max-cpu-minutes", type=float, help="the same in processor time, for fair trials")
    parser.add_argument("--decay-minutes", type=float, default=0.0, help="take the rate to zero in this time")
    parser.add_argument("--checkpoint-minutes", type=float, default=5.0)
    parser.add_argument("--batch", type=int, default=48, help="windows in a step")
    parser.add_argument("--length", type=int, default=256)
    parser.add_argument("--mask-rate", type=float, default=0.25)
    parser.add_argument("--lr", type=float, default=2e-3, help="of tables, gains and biases")
    parser.add_argument("--muon-lr", type=float, default=0.012)
    parser.add_argument("--warmup", type=int, default=200)
    parser.add_argument("--log-every", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20251)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--compile", action="store_true")
    return parser.parse_args()


def main() -> None:
    args = parse()
    torch.set_num_threads(args.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(args.seed)
    config = EncoderConfig(vocab_size=len(json.loads((args.data / "vocab.json").read_text())))
    model: nn.Module = {"mlm": MaskedLM, "electra": Electra}[args.objective](config).to(device)
    optimizers = make_optimizers(model, args)
    step = tokens = 0
    seconds = 0.0
    if args.resume:
        state = torch.load(args.resume, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        step, tokens, seconds = state["step"], state["tokens"], state["seconds"]
    rates = [args.muon_lr, args.lr]
    sampler = Sampler(Corpus.load(args.data), args.length, args.batch, args.mask_rate, args.seed)
    forward = torch.compile(model, dynamic=False) if args.compile else model
    args.out.mkdir(parents=True, exist_ok=True)
    log = (args.out / "log.jsonl").open("a")
    settings = {k: str(v) if isinstance(v, Path) else v for k, v in vars(args).items()}
    print(json.dumps({"settings": settings, "epoch_steps": sampler.per_epoch}), file=log, flush=True)

    def save() -> None:
        optimizer_states = [optimizer.state_dict() for optimizer in optimizers]
        state = {"model": model.state_dict(), "optimizers": optimizer_states, "config": config.to_dict()}
        state |= {"step": step, "tokens": tokens, "seconds": seconds, "settings": settings}
        write_atomically(state, args.out / "checkpoint.pt")

    begin = last_save = last_log = time.monotonic()
    seconds_before, logged_tokens, sums = seconds, tokens, []
    for index, batch in batches(sampler, step, device):
        now = time.monotonic()
        factor = min(1.0, (index + 1) / args.warmup)
        if args.decay_minutes:
            factor *= max(0.0, 1 - (now - begin) / (60 * args.decay_minutes))
        minutes = min(args.max_minutes, args.decay_minutes or args.max_minutes)
        if now - begin > 60 * minutes or time.process_time() > 60 * (args.max_cpu_minutes or 1e9):
            break
        for optimizer, rate in zip(optimizers, rates, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
        torch.manual_seed(args.seed + index)
        with torch.autocast(device.type, torch.bfloat16):
            loss, stats = forward(batch.original, batch.masked, batch.positions)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0, foreach=True)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        step, tokens = index + 1, tokens + batch.original.numel()
        sums.append(stats)
        now = time.monotonic()
        seconds = seconds_before + now - begin
        if step % args.log_every == 0:
            means = torch.stack(sums).mean(0).tolist()
            row = {"step": step, "tokens": tokens, "seconds": round(seconds, 1), "lr": round(factor, 4)}
            row |= {n: round(v, 4) for n, v in zip(model.names, means, strict=True)}
            row["cpu_seconds"] = round(time.process_time(), 1)
            row["tokens_per_second"] = round((tokens - logged_tokens) / (now - last_log))
            print(json.dumps(row), file=log, flush=True)
            logged_tokens, last_log, sums = tokens, now, []
        if now - last_save > 60 * args.checkpoint_minutes:
            save()
            last_save = now
    save()
    log.close()


if __name__ == "__main__":
    main()
