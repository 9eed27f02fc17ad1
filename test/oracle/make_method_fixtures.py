"""Makes test/oracle/fixtures/toy-llama/methods.safetensors: what `methods.py` makes of the toy, in float64.

    python make_method_fixtures.py          writes it
    python make_method_fixtures.py --check  makes it anew and compares the bytes
"""

import json
from pathlib import Path

import torch
import transformers.utils.logging
from safetensors.torch import save

import methods
from made_file import write_or_check
from reference import load, prunable

TOY = Path(__file__).parent / "fixtures" / "toy-llama"
CASES = {
    "wanda": {"method": "wanda"},
    "wanda.2:4": {"method": "wanda", "pattern": (2, 4)},
    "sparsegpt": {"method": "sparsegpt"},
    "sparsegpt.blocks": {"method": "sparsegpt", "block": 16},
    "sparsegpt.2:4": {"method": "sparsegpt", "pattern": (2, 4)},
    "sparsegpt.4:8": {"method": "sparsegpt", "pattern": (4, 8)},
}
# The case whose masks they take, and how the weights that stay make up for them; None: by SparseGPT's sweep.
COMPENSATED = [
    ("wanda", "compensated", None),
    ("sparsegpt.blocks", "compensated", None),
    ("wanda", "exact", methods.solved),
    ("sparsegpt.2:4", "exact", methods.solved),
]


def half_and_half(tokens):
    """The first half of the smaller number of sequences, rounded up, of each text, by turns."""
    half = -(-min(len(tokens["domain"]), len(tokens["open"])) // 2)
    return [sequence for pair in zip(tokens["domain"][:half], tokens["open"][:half]) for sequence in pair]


def tensors_of(case, model, masks):
    """The pruned weights and their masks, by the names they are filed under."""
    tensors = {}
    for prefix, linear in prunable(model).items():
        name = f"{prefix}.weight"
        tensors[f"{name}.{case}.mask"] = masks[name].to(torch.uint8)
        tensors[f"{name}.{case}"] = linear.weight.detach().float().contiguous()
    return tensors


def make():
    sequences = half_and_half(json.loads((TOY / "tokens.json").read_text()))
    tensors = {}
    for case, settings in CASES.items():
        model = load(TOY)
        tensors |= tensors_of(case, model, methods.run(model, sequences, **settings))
    for case, made, update in COMPENSATED:
        fixed = {
            name: tensors[f"{name}.{case}.mask"].bool() for name in (f"{p}.weight" for p in prunable(load(TOY)))
        }
        model = load(TOY)
        masks = methods.run(model, sequences, None, fixed=fixed, update=update)
        tensors |= tensors_of(f"{case}.{made}", model, masks)
    return save(tensors)


if __name__ == "__main__":
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    write_or_check(TOY / "methods.safetensors", make, __doc__)
