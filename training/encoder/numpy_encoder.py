"""The encoder in NumPy: shows that the exported file suffices, and measures speed.

Example
-------
>>> # python -m training.encoder.numpy_encoder encoder-fp16.npz      # parity with torch and characters a second
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
PAD = 0
MULTIPLIER, BITS = np.int64(1597334677), np.int64(0xFFFFFFFF)


def _norm(x: Floats, gain: Floats) -> Floats:
    scale = 1 / np.sqrt(np.einsum("...i,...i->...", x, x) / x.shape[-1] + 1e-6)
    return x * scale[..., None] * gain


class NumpyEncoder:
    """Same arithmetic as `model.Encoder`, in float32."""

    def __init__(self, path: str) -> None:
        with np.load(path) as arrays:
            meta = json.loads(arrays["meta"].tobytes())
            self.w = {k: arrays[k].astype(np.float32) for k in arrays.files if k != "meta"}
        self.config: dict[str, int] = meta["config"]

    def _embed(self, ids: NDArray[np.int64]) -> Floats:
        w, c = self.w, self.config
        left = np.pad(ids[:, :-1], ((0, 0), (1, 0)), constant_values=PAD)
        right = np.pad(ids[:, 1:], ((0, 0), (0, 1)), constant_values=PAD)
        code_left = (left * 4096 + ids) * MULTIPLIER & BITS
        code_right = (ids * 4096 + right) * MULTIPLIER & BITS
        code_tri = ((code_left ^ (code_left >> 15)) + right) * MULTIPLIER & BITS
        pairs = w["embed.bigrams.weight"]
        shift = 32 - c["bigram_bits"]
        triples = w["embed.trigrams.weight"][code_tri >> (32 - c["trigram_bits"])]
        grams = np.concatenate([pairs[code_left >> shift], pairs[code_right >> shift], triples], -1)
        x = w["embed.chars.weight"][ids] + grams @ w["embed.ngrams.weight"].T
        x = _norm(x, w["embed.norm.weight"])
        edge = np.zeros_like(x[:, :1])
        near = np.concatenate(
            [np.concatenate([edge, x[:, :-1]], 1), x, np.concatenate([x[:, 1:], edge], 1)], -1
        )
        return x + near @ w["embed.conv.weight"].T

    def __call__(self, ids: NDArray[np.int64]) -> Floats:
        """Encode ids (batch, length); padding (0) only at window ends."""
        w, heads = self.w, self.config["heads"]
        x = self._embed(ids)
        batch, length, width = x.shape
        size = width // heads
        rates = 1000.0 ** (-np.arange(0, size, 2, dtype=np.float32) / size)
        angle = np.outer(np.arange(length, dtype=np.float32), rates)
        cos, sin = np.cos(angle), np.sin(angle)
        closed = np.where(ids == PAD, np.float32(-1e4), np.float32(0))[:, None, None, :]
        for i in range(self.config["layers"]):
            p = f"layers.{i}."
            qkv = _norm(x, w[p + "norm1.weight"]) @ w[p + "qkv.weight"].T
            q, k, v = qkv.reshape(batch, length, 3, heads, size).transpose(2, 0, 3, 1, 4)
            q, k = _rotate(q, cos, sin), _rotate(k, cos, sin)
            scores = q @ k.swapaxes(-1, -2) * np.float32(size**-0.5) + closed
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            y = (scores @ v) / scores.sum(-1, keepdims=True)
            x = x + y.transpose(0, 2, 1, 3).reshape(batch, length, width) @ w[p + "out.weight"].T
            y = np.maximum(_norm(x, w[p + "norm2.weight"]) @ w[p + "up.weight"].T, 0)
            x = x + (y * y) @ w[p + "down.weight"].T
        return _norm(x, w["norm.weight"])


def _rotate(x: Floats, cos: Floats, sin: Floats) -> Floats:
    first, second = np.split(x, 2, -1)
    return np.concatenate([first * cos - second * sin, second * cos + first * sin], -1)


def main() -> None:
    import torch

    from training.encoder.model import Encoder, EncoderConfig

    path = sys.argv[1]
    fast = NumpyEncoder(path)
    slow = Encoder(EncoderConfig(**fast.config)).eval()
    slow.load_state_dict({k: torch.from_numpy(v) for k, v in fast.w.items()})
    ids = np.random.default_rng(0).integers(1, fast.config["vocab_size"], (16, 256))
    ids[-1, 100:] = PAD
    with torch.no_grad():
        expected = slow(torch.from_numpy(ids), torch.from_numpy(ids) != PAD).numpy()
    real = ids != PAD
    begin, got = time.process_time(), fast(ids)
    seconds = time.process_time() - begin
    print(f"largest difference {np.abs(got - expected)[real].max():.2e}")
    print(f"numpy {ids.size / seconds:.0f} characters a second of processor time")
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        slow(torch.from_numpy(ids))
        begin = time.process_time()
        slow(torch.from_numpy(ids))
    print(f"torch bf16 {ids.size / (time.process_time() - begin):.0f}")


if __name__ == "__main__":
    main()
