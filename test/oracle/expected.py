"""Everything that the engine's tests compare with, computed from a folder and its tokens; see fixtures/README.md."""

import json

import numpy as np
import safetensors
import torch
import transformers
from safetensors.numpy import save_file

import formulas
from reference import input_of, linear_inputs, load, prunable, run_sample

SPARSITY = 0.5
CRITERIA = [
    "general",
    "domain",
    "dual",
    "balanced",
    *(f"paper.{how}.{strength}" for how in ("per-sample", "mean-gradient") for strength in ("printed", "rho", "none")),
]
BLOCKED_CRITERIA = ["dual", "paper.per-sample.rho"]
LAMBDA, ALPHA, RHO, MU = 0.1, 0.03, 1.0, 0.5


def compute(folder, tokens, block_size, criteria=(), keep_samples=False):
    """Returns (tensors, facts): scores and masks of `criteria`; with `keep_samples` each sample's gradients,
    boundaries and their gradients too."""
    model = load(folder)
    weight = {name: linear.weight.detach().numpy() for name, linear in prunable(model).items()}
    tensors, facts = {}, {"parameters": {"lambda": LAMBDA, "alpha": ALPHA, "rho": RHO, "mu": MU}}
    facts["parameters"] |= {"damping": formulas.DAMPING, "sparsity": SPARSITY, "blockSize": block_size}

    samples = [run_sample(model, sample) for sample in tokens["domain"]]
    facts["losses"] = [float(sample.loss) for sample in samples]
    for j, sample in enumerate(samples):
        tensors[f"sample.{j}.logits"] = sample.logits
        if keep_samples:
            tensors |= sample_tensors(j, sample)

    inputs = linear_inputs(model, tokens["open"])
    hessian = {prefix: formulas.hessian(x) for prefix, x in inputs.items()}
    for prefix, h in hessian.items():
        tensors[f"{prefix}.hessian"] = h
        tensors[f"{prefix}.inverse_hessian_diagonal"] = formulas.inverse_hessian_diagonal(h)

    general, gradient, fisher = {}, {}, {}
    for name, w in weight.items():
        stack = [sample.gradient[name] for sample in samples]
        general[name] = formulas.general_importance(w, hessian[input_of(name)])
        gradient[name] = np.mean(stack, axis=0)
        fisher[name] = np.mean(np.square(stack), axis=0)
        tensors[f"{name}.weight.general"] = general[name]
        tensors[f"{name}.weight.gradient"] = gradient[name]
        tensors[f"{name}.weight.gradient_abs"] = np.mean(np.abs(stack), axis=0)
        tensors[f"{name}.weight.fisher"] = fisher[name]

    mixed, fisher_open = {}, {}
    if "balanced" in criteria:
        inputs = linear_inputs(model, tokens["open"] + tokens["domain"])
        open_samples = [run_sample(model, sample) for sample in tokens["open"]]
        for name, w in weight.items():
            mixed[name] = formulas.general_importance(w, formulas.hessian(inputs[input_of(name)]))
            fisher_open[name] = np.mean(np.square([sample.gradient[name] for sample in open_samples]), axis=0)
            tensors[f"{name}.weight.general_mixed"] = mixed[name]
            tensors[f"{name}.weight.fisher_open"] = fisher_open[name]

    product = np.concatenate([(general[name] * fisher[name]).reshape(-1) for name in weight])
    median = float(np.median(product))
    printed = 2 * LAMBDA * ALPHA**2
    strengths = {"printed": printed, "rho": RHO / median, "none": 0.0}
    facts["regularizer"] = {
        "medianGeneralTimesFisher": median,
        "strengths": strengths,
        "rhoOfPrinted": printed * median,
    }

    for name, w in weight.items():
        gradients = [sample.gradient[name] for sample in samples]
        for criterion in criteria:
            if criterion == "balanced":
                score = formulas.balanced_importance(mixed[name], fisher_open[name], fisher[name], w, MU)
            else:
                score = final_score(criterion, w, general[name], fisher[name], gradients, strengths)
            tensors |= score_tensors(f"{name}.weight", criterion, score, block_size)
    return tensors, facts


def final_score(criterion, w, general, fisher, gradients, strengths):
    if criterion == "general":
        return general
    if criterion == "domain":
        return fisher * w**2
    if criterion == "dual":
        return formulas.dual_importance(general, fisher, w, MU)
    _, aggregation, strength = criterion.split(".")
    regularizer = strengths[strength] * general * fisher
    if aggregation == "mean-gradient":
        return formulas.final_importance(w, np.mean(gradients, axis=0), regularizer)
    return np.mean([formulas.final_importance(w, g, regularizer) for g in gradients], axis=0)


def score_tensors(name, criterion, score, block_size):
    score = score.astype(np.float32)  # masks are of the scores as stored
    tensors = {f"{name}.final.{criterion}": score, f"{name}.mask.{criterion}": formulas.lowest(score, SPARSITY)}
    if criterion in BLOCKED_CRITERIA:
        tensors[f"{name}.mask.{criterion}.blocked"] = formulas.lowest_by_block(score, SPARSITY, block_size)
    return tensors


def sample_tensors(j, sample):
    tensors = {f"sample.{j}.{name}.weight.gradient": g for name, g in sample.gradient.items()}
    for index, (value, gradient) in enumerate(zip(sample.boundary, sample.boundary_gradient)):
        tensors[f"sample.{j}.boundary.{index}"] = value
        tensors[f"sample.{j}.boundary_gradient.{index}"] = gradient
    return tensors


def save(folder, tensors, facts):
    """expected.safetensors (float32, masks uint8) and expected.json, with the versions that made them."""
    as_stored = {
        key: np.ascontiguousarray(value if value.dtype == np.uint8 else value.astype(np.float32))
        for key, value in tensors.items()
    }
    save_file(as_stored, folder / "expected.safetensors")
    (folder / "expected.safetensors").chmod(0o644)
    versions = {module.__name__: module.__version__ for module in (torch, transformers, np, safetensors)}
    (folder / "expected.json").write_text(json.dumps(facts | {"versions": versions}, indent=2) + "\n")
