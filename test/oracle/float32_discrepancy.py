"""Prints how far transformers in float32 is from the float64 values: max |difference| / max |float64|, the worst
tensor of each kind. What the engine, which is float32 too, can at best be held to.

    python float32_discrepancy.py FOLDER...    folders made by make_fixtures.py or smollm2_layers.py
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import transformers.utils.logging
from safetensors import safe_open

import formulas
from reference import input_of, linear_inputs, load, prunable, run_sample


def float32_values(folder):
    tokens = json.loads((folder / "tokens.json").read_text())
    model = load(folder, torch.float32)
    samples = [run_sample(model, sample) for sample in tokens["domain"]]
    values = {f"sample.{j}.logits": sample.logits for j, sample in enumerate(samples)}
    for prefix, x in linear_inputs(model, tokens["open"]).items():
        values[f"{prefix}.hessian"] = formulas.hessian(x)
    for prefix, linear in prunable(model).items():
        w = linear.weight.detach().double().numpy()
        gradients = [sample.gradient[prefix] for sample in samples]
        values[f"{prefix}.weight.gradient"] = np.mean(gradients, axis=0)
        values[f"{prefix}.weight.fisher"] = np.mean(np.square(gradients), axis=0)
        values[f"{prefix}.weight.general"] = formulas.general_importance(w, values[f"{input_of(prefix)}.hessian"])
    return values


def worst_by_kind(folder):
    worst = {}
    with safe_open(folder / "expected.safetensors", "np") as truth:
        for key, value in float32_values(folder).items():
            expected = truth.get_tensor(key)
            kind = key.rsplit(".", 1)[1]
            difference = np.abs(value - expected).max() / np.abs(expected).max()
            worst[kind] = max(worst.get(kind, 0.0), float(difference))
    return worst


if __name__ == "__main__":
    transformers.utils.logging.disable_progress_bar()
    for name in sys.argv[1:]:
        print(name, {kind: f"{value:.1e}" for kind, value in worst_by_kind(Path(name)).items()})
