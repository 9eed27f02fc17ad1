"""Makes test/oracle/fixtures: toy checkpoints and what PyTorch says of them. See fixtures/README.md.

    python make_fixtures.py [NAME...]  writes the fixtures, or those of the given folders
    python make_fixtures.py --check    makes them elsewhere and compares the bytes with the committed ones
"""

import argparse
import filecmp
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import transformers.utils.logging

import family_models
import toy_models
from expected import CRITERIA, compute, save

FIXTURES = Path(__file__).parent / "fixtures"
SAMPLE_LENGTHS = [9, 24, 13, 18, 21]
OPEN_SEQUENCES, OPEN_LENGTH = 6, 24
BLOCK_SIZE = 16
DEAD_COLUMN = 5


def make_tokens(vocab_size, seed):
    random = np.random.default_rng(seed)

    def sample(length):
        return random.integers(0, vocab_size, length).tolist()

    return {
        "domain": [sample(length) for length in SAMPLE_LENGTHS],
        "open": [sample(OPEN_LENGTH) for _ in range(OPEN_SEQUENCES)],
    }


CONFIGS = toy_models.CONFIGS | family_models.CONFIGS


def make(folder, name, seed):
    config = CONFIGS[name]
    is_family = name in family_models.CONFIGS
    tensors = (family_models if is_family else toy_models).weights(config, seed)
    main = name == "toy-llama"
    if main:  # one input of layer 1's q, k and v is always 0, and so are its weights' G, F and S
        tensors["model.layers.1.input_layernorm.weight"][DEAD_COLUMN] = 0.0
    toy_models.write(folder, config, tensors)
    tokens = make_tokens(config["vocab_size"], seed)
    (folder / "tokens.json").write_text(json.dumps(tokens) + "\n")
    criteria = CRITERIA if main else ("dual",) if is_family else ()
    values, facts = compute(folder, tokens, BLOCK_SIZE, criteria, keep_samples=main)
    save(folder, values, facts | {"seed": seed})


def make_all(folder, names=()):
    for seed, name in enumerate(CONFIGS):
        if not names or name in names:
            make(folder / name, name, seed)


def check():
    """True if the committed files are, byte for byte, what this machine makes."""
    with tempfile.TemporaryDirectory() as folder:
        make_all(Path(folder))
        made = {path.relative_to(folder): path for path in Path(folder).rglob("*") if path.is_file()}
        different = [
            str(name)
            for name, path in made.items()
            if not (FIXTURES / name).exists() or not filecmp.cmp(path, FIXTURES / name, shallow=False)
        ]
    print(f"{len(made) - len(different)} files equal, {len(different)} different", *different, sep="\n")
    return not different


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    if args.check:
        sys.exit(0 if check() else 1)
    else:
        make_all(FIXTURES, args.names)
