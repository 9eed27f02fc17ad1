"""Makes test/oracle/fixtures: toy checkpoints and what PyTorch says of them. See fixtures/README.md.

    python make_fixtures.py            writes the fixtures
    python make_fixtures.py --check    makes them elsewhere and compares the bytes with the committed ones
    python make_fixtures.py --float32  prints how far transformers in float32 is from the float64 values
"""

import argparse
import filecmp
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import safetensors
import torch
import transformers
import transformers.utils.logging
from safetensors.numpy import load_file, save_file

import formulas
import toy_models
from expected import compute
from reference import input_of, linear_inputs, load, prunable, run_sample

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


def make(folder, name, seed):
    config = toy_models.CONFIGS[name]
    tensors = toy_models.weights(config, seed)
    main = name == "toy-llama"
    if main:  # one input of layer 1's q, k and v is always 0, and so are its weights' G, F and S
        tensors["model.layers.1.input_layernorm.weight"][DEAD_COLUMN] = 0.0
    toy_models.write(folder, config, tensors)
    tokens = make_tokens(config["vocab_size"], seed)
    (folder / "tokens.json").write_text(json.dumps(tokens) + "\n")
    values, facts = compute(folder, tokens, {"samples", "scores"} if main else set(), BLOCK_SIZE)
    save_expected(folder, values, facts | {"seed": seed})


def save_expected(folder, tensors, facts):
    as_stored = {
        key: np.ascontiguousarray(value if value.dtype == np.uint8 else value.astype(np.float32))
        for key, value in tensors.items()
    }
    save_file(as_stored, folder / "expected.safetensors")
    (folder / "expected.safetensors").chmod(0o644)
    versions = {
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "numpy": np.__version__,
        "safetensors": safetensors.__version__,
    }
    (folder / "expected.json").write_text(json.dumps(facts | {"versions": versions}, indent=2) + "\n")


def make_all(folder):
    for seed, name in enumerate(toy_models.CONFIGS):
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


def float32_discrepancy():
    """Prints max |float32 - float64| / max |float64|, the worst tensor of each kind."""
    for name in toy_models.CONFIGS:
        folder = FIXTURES / name
        tokens = json.loads((folder / "tokens.json").read_text())
        truth = load_file(folder / "expected.safetensors")
        model = load(folder, torch.float32)
        samples = [run_sample(model, sample) for sample in tokens["domain"]]
        found = {f"sample.{j}.logits": sample.logits for j, sample in enumerate(samples)}
        inputs = linear_inputs(model, tokens["open"])
        for prefix, x in inputs.items():
            found[f"{prefix}.hessian"] = formulas.hessian(x)
        for prefix, linear in prunable(model).items():
            gradients = [sample.gradient[prefix] for sample in samples]
            found[f"{prefix}.weight.gradient"] = np.mean(gradients, axis=0)
            found[f"{prefix}.weight.fisher"] = np.mean(np.square(gradients), axis=0)
            w = linear.weight.detach().double().numpy()
            found[f"{prefix}.weight.general"] = formulas.general_importance(w, found[f"{input_of(prefix)}.hessian"])
        worst = {}
        for key, value in found.items():
            kind = key.rsplit(".", 1)[1]
            difference = np.abs(value - truth[key]).max() / np.abs(truth[key]).max()
            worst[kind] = max(worst.get(kind, 0.0), float(difference))
        print(name, {kind: f"{value:.1e}" for kind, value in worst.items()})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--float32", action="store_true")
    args = parser.parse_args()
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    if args.check:
        sys.exit(0 if check() else 1)
    elif args.float32:
        float32_discrepancy()
    else:
        make_all(FIXTURES)
