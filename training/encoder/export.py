"""Write the encoder of a pre-training checkpoint as fp16 arrays for inference without torch.

The file holds every weight under its name in `model.Encoder`, plus ``config``
(JSON bytes). The vocabulary goes beside it as JSON.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--vocab", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    args = parser.parse_args()
    state = torch.load(args.checkpoint, map_location="cpu", weights_only=True)
    prefix = "encoder."
    arrays = {
        name.removeprefix(prefix): value.half().numpy()
        for name, value in state["model"].items()
        if name.startswith(prefix)
    }
    meta = {"config": state["config"], "step": state["step"], "tokens": state["tokens"]}
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    temporary = args.out.with_suffix(".tmp.npz")
    np.savez(temporary, **arrays)
    temporary.replace(args.out)
    shutil.copy(args.vocab, args.out.with_name("vocab.json"))
    print(args.out, f"{args.out.stat().st_size / 2**20:.1f} MiB", meta)


if __name__ == "__main__":
    main()
