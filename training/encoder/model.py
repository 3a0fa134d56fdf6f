"""Character encoder: embeddings with hashed n-grams, a convolution, a small transformer.

Only matrix products, table look-ups, RMS norms, a softmax and squared ReLU are
used, so that inference can be written in NumPy or ONNX without torch.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PAD, UNK, MASK, NEWLINE = range(4)
HASH_MULTIPLIER = 1597334677  # odd and below 2**31: products with 32-bit values fit in int64
HASH_BITS = 0xFFFFFFFF


@dataclass(frozen=True)
class EncoderConfig:
    """Sizes of the encoder; `vocab_size` counts the special tokens too."""

    vocab_size: int
    width: int = 256
    layers: int = 4
    heads: int = 4
    ffn: int = 1024
    ngram_width: int = 64
    bigram_bits: int = 16
    trigram_bits: int = 17

    def to_dict(self) -> dict[str, int]:
        """Return the sizes by name."""
        return asdict(self)


def hash_ngrams(ids: Tensor, bigram_bits: int, trigram_bits: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return table rows of the left bigram, the right bigram and the centred trigram.

    Parameters
    ----------
    ids : int64 tensor, shape (batch, length)
        Character ids; positions outside the window count as padding.
    """
    left = F.pad(ids[:, :-1], (1, 0), value=PAD)
    right = F.pad(ids[:, 1:], (0, 1), value=PAD)
    code_left = (left * 4096 + ids) * HASH_MULTIPLIER & HASH_BITS
    code_right = (ids * 4096 + right) * HASH_MULTIPLIER & HASH_BITS
    code_tri = ((code_left ^ (code_left >> 15)) + right) * HASH_MULTIPLIER & HASH_BITS
    return (
        code_left >> (32 - bigram_bits),
        code_right >> (32 - bigram_bits),
        code_tri >> (32 - trigram_bits),
    )


class RMSNorm(nn.Module):
    """Scale each vector to unit root mean square; learned gain."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """Normalise the last axis in float32."""
        x = x.float()
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * self.weight


class Embedding(nn.Module):
    """Characters + hashed n-grams + a width-3 convolution."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.chars = nn.Embedding(config.vocab_size, config.width)
        self.bigrams = nn.Embedding(1 << config.bigram_bits, config.ngram_width)
        self.trigrams = nn.Embedding(1 << config.trigram_bits, config.ngram_width)
        self.ngrams = nn.Linear(3 * config.ngram_width, config.width, bias=False)
        self.norm = RMSNorm(config.width)
        self.conv = nn.Linear(3 * config.width, config.width, bias=False)
        for table in (self.chars, self.bigrams, self.trigrams):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, ids: Tensor) -> Tensor:
        """Embed `ids` (batch, length)."""
        rows = hash_ngrams(ids, self.config.bigram_bits, self.config.trigram_bits)
        tables = (self.bigrams, self.bigrams, self.trigrams)
        grams = torch.cat([table(row) for table, row in zip(tables, rows, strict=True)], -1)
        x = self.norm(self.chars(ids) + self.ngrams(grams))
        near = torch.cat([F.pad(x[:, :-1], (0, 0, 1, 0)), x, F.pad(x[:, 1:], (0, 0, 0, 1))], -1)
        return x + self.conv(near)


class Layer(nn.Module):
    """Pre-norm transformer layer with rotary positions and squared ReLU."""

    def __init__(self, width: int, heads: int, ffn: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = RMSNorm(width), RMSNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.up = nn.Linear(width, ffn, bias=False)
        self.down = nn.Linear(ffn, width, bias=False)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.down.weight)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None, drop: float) -> Tensor:
        """Apply the layer to `x` (batch, length, width)."""
        batch, length, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(batch, length, 3, self.heads, -1).unbind(2)
        q, k = (_rotate(t, cos, sin).transpose(1, 2) for t in (q, k))
        y = F.scaled_dot_product_attention(q, k, v.transpose(1, 2), attn_mask=mask)
        y = self.out(y.transpose(1, 2).reshape(batch, length, width))
        x = x + F.dropout(y, drop, self.training)
        y = self.down(F.relu(self.up(self.norm2(x))).square())
        return x + F.dropout(y, drop, self.training)


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = x.chunk(2, -1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], -1).to(x.dtype)


def rotary(length: int, size: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines of rotary positions, shape (length, 1, size / 2)."""
    rates = 1000.0 ** (-torch.arange(0, size, 2, dtype=torch.float32) / size)
    angle = torch.outer(torch.arange(length, dtype=torch.float32), rates)[:, None]
    return angle.cos(), angle.sin()


class Encoder(nn.Module):
    """Contextual vectors of characters."""

    cos: Tensor
    sin: Tensor

    def __init__(self, config: EncoderConfig, max_length: int = 512, dropout: float = 0.0) -> None:
        super().__init__()
        self.config = config
        self.dropout = dropout
        self.embed = Embedding(config)
        self.layers = nn.ModuleList(
            Layer(config.width, config.heads, config.ffn) for _ in range(config.layers)
        )
        self.norm = RMSNorm(config.width)
        cos, sin = rotary(max_length, config.width // config.heads)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def forward(self, ids: Tensor, mask: Tensor | None = None, embedded: Tensor | None = None) -> Tensor:
        """Encode `ids` (batch, length); `mask` is true at real characters, (batch, length)."""
        x = self.embed(ids) if embedded is None else embedded
        x = F.dropout(x, self.dropout, self.training)
        length = ids.shape[1]
        cos, sin = self.cos[:length], self.sin[:length]
        attend = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, cos, sin, attend, self.dropout)
        return self.norm(x)


class CharHead(nn.Module):
    """Predict characters; the output table is the input table of the encoder."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.dense = nn.Linear(config.width, config.width, bias=False)
        self.norm = RMSNorm(config.width)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    def forward(self, x: Tensor, table: Tensor) -> Tensor:
        """Return logits over the vocabulary, (positions, vocab_size)."""
        return F.linear(self.norm(F.relu(self.dense(x)).square() + x), table, self.bias)
