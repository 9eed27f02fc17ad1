"""Cuts SmolLM2 to its first decoder layers and writes what PyTorch says of the result, in float64: the same checks
as on the toys, at the shapes and with the weights of a real model. The output (about 420 MB) is not committed.

    python smollm2_layers.py SMOLLM2_FOLDER OUT_FOLDER [--layers 2]

OUT_FOLDER gets config.json, model.safetensors and the tokenizer's files, tokens.json, and expected.safetensors and
expected.json as fixtures/README.md describes them, with the criteria of CRITERIA below and blocks of 128 columns.
"""

import argparse
import json
import re
import shutil
from pathlib import Path

import numpy as np
import transformers.utils.logging
from safetensors import safe_open
from safetensors.torch import save_file

from expected import compute, save

CRITERIA = ["dual", "paper.per-sample.printed", "paper.per-sample.rho"]
BLOCK_SIZE = 128
SAMPLE_LENGTHS = [64, 41]
OPEN_SEQUENCES, OPEN_LENGTH = 16, 128  # more tokens than the down projection has columns


def truncate(source, out, layers):
    out.mkdir(parents=True, exist_ok=True)
    config = json.loads((source / "config.json").read_text())
    (out / "config.json").write_text(json.dumps(config | {"num_hidden_layers": layers}, indent=2) + "\n")
    with safe_open(source / "model.safetensors", "pt") as weights:
        names = [name for name in weights.keys() if layer_of(name) < layers]
        save_file({name: weights.get_tensor(name) for name in names}, out / "model.safetensors", {"format": "pt"})
    for file in source.glob("*token*.json"):
        shutil.copyfile(file, out / file.name)
    return config["vocab_size"]


def layer_of(name):
    """A decoder layer's number; -1 for the embedding, the final norm and the head."""
    found = re.match(r"model\.layers\.(\d+)\.", name)
    return int(found[1]) if found else -1


def make_tokens(vocab_size):
    """Random tokens, spread evenly over the logarithm of the id: frequent tokens have low ids, as in text."""
    random = np.random.default_rng(0)

    def sample(length):
        return np.floor(np.exp(random.uniform(0, np.log(vocab_size), length))).astype(int).tolist()

    return {
        "domain": [sample(length) for length in SAMPLE_LENGTHS],
        "open": [sample(OPEN_LENGTH) for _ in range(OPEN_SEQUENCES)],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--layers", type=int, default=2)
    args = parser.parse_args()
    transformers.utils.logging.disable_progress_bar()
    tokens = make_tokens(truncate(args.source, args.out, args.layers))
    (args.out / "tokens.json").write_text(json.dumps(tokens) + "\n")
    save(args.out, *compute(args.out, tokens, BLOCK_SIZE, CRITERIA))
