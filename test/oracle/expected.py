"""Everything that the engine's tests compare with, computed from a folder and its tokens; see fixtures/README.md."""

import numpy as np

import formulas
from reference import input_of, linear_inputs, load, prunable, run_sample

SPARSITY = 0.5
LAMBDA, ALPHA, RHO, MU = 0.1, 0.03, 1.0, 0.5


def compute(folder, tokens, detail, block_size):
    """Returns (tensors, facts). `detail` is a set of:
    "samples"   each sample's gradients, boundaries and their gradients
    "scores"    the criteria and their masks
    """
    model = load(folder)
    weight = {name: linear.weight.detach().numpy() for name, linear in prunable(model).items()}
    tensors, facts = {}, {"parameters": {"lambda": LAMBDA, "alpha": ALPHA, "rho": RHO, "mu": MU}}
    facts["parameters"] |= {"damping": formulas.DAMPING, "sparsity": SPARSITY, "blockSize": block_size}

    samples = [run_sample(model, sample) for sample in tokens["domain"]]
    facts["losses"] = [float(sample.loss) for sample in samples]
    for j, sample in enumerate(samples):
        tensors[f"sample.{j}.logits"] = sample.logits
        if "samples" in detail:
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

    product = np.concatenate([(general[name] * fisher[name]).reshape(-1) for name in weight])
    median = float(np.median(product))
    printed = 2 * LAMBDA * ALPHA**2
    strengths = {"printed": printed, "rho": RHO / median, "none": 0.0}
    facts["regularizer"] = {
        "medianGeneralTimesFisher": median,
        "strengths": strengths,
        "rhoOfPrinted": printed * median,
    }

    if "scores" in detail:
        for name, w in weight.items():
            scores = {
                "general": general[name],
                "domain": fisher[name] * w**2,
                "dual": formulas.dual_importance(general[name], fisher[name], w, MU),
            }
            gradients = [sample.gradient[name] for sample in samples]
            scores |= paper_scores(w, gradients, general[name] * fisher[name], strengths)
            tensors |= score_tensors(f"{name}.weight", scores, block_size)
    return tensors, facts


def paper_scores(w, gradients, general_times_fisher, strengths):
    """Eq. 7 as printed on the mean gradient, and aggregated per sample, for each strength c of the regulariser."""
    scores = {}
    for label, c in strengths.items():
        regularizer = c * general_times_fisher
        each = [formulas.final_importance(w, g, regularizer) for g in gradients]
        scores[f"paper.per-sample.{label}"] = np.mean(each, axis=0)
        mean = np.mean(gradients, axis=0)
        scores[f"paper.mean-gradient.{label}"] = formulas.final_importance(w, mean, regularizer)
    return scores


def score_tensors(name, scores, block_size):
    tensors = {}
    for criterion, score in scores.items():
        score = score.astype(np.float32)  # masks are of the scores as stored
        tensors[f"{name}.final.{criterion}"] = score
        tensors[f"{name}.mask.{criterion}"] = formulas.lowest(score, SPARSITY)
        if criterion in ("dual", "paper.per-sample.rho"):
            tensors[f"{name}.mask.{criterion}.blocked"] = formulas.lowest_by_block(score, SPARSITY, block_size)
    return tensors


def sample_tensors(j, sample):
    tensors = {f"sample.{j}.{name}.weight.gradient": g for name, g in sample.gradient.items()}
    for index, (value, gradient) in enumerate(zip(sample.boundary, sample.boundary_gradient)):
        tensors[f"sample.{j}.boundary.{index}"] = value
        tensors[f"sample.{j}.boundary_gradient.{index}"] = gradient
    return tensors
