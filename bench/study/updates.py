"""How much error do the updates of kept weights leave? On some matrices of the dense model, for SparseGPT's mask and for the joint
choice by the balanced importance: squared error of the outputs over the calibration texts (damped), over what SparseGPT leaves.

    python updates.py --model DIR --tokens DIR [--pattern 2:4] [--matrices 3.self_attn.q_proj,…]
"""

import argparse
import sys
from pathlib import Path
from types import SimpleNamespace

import torch
import transformers.utils.logging
from transformers import AutoModelForCausalLM

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "test" / "oracle"), str(ROOT / "bench")]
import methods
from exploration import (
    candidates,
    correlation,
    general_importance,
    gradient_statistics,
    jointly,
    leader,
    lowest,
    prunable,
    read_tokens,
    second_moments,
)
from pytorch_methods import conjugate_gradients

MATRICES = "3.self_attn.q_proj,15.mlp.gate_proj,15.mlp.down_proj,25.self_attn.o_proj"


def start_mask(log_score, pattern, sparsity):
    if not pattern:
        return lowest(log_score, sparsity, "matrix")
    kept, group = pattern
    return methods.lowest(log_score.reshape(-1, group), group - kept).reshape(log_score.shape)


@torch.no_grad()
def errors(weight, moment, log_score, pattern, sparsity):
    """{what: error over SparseGPT's}"""
    inputs = SimpleNamespace(hessian=moment)
    damped = moment + methods.DAMPING * moment.diag().mean() * torch.eye(len(moment))
    error = lambda updated: (((weight - updated) @ damped) * (weight - updated)).sum().item()
    swept, theirs = methods.sparsegpt(weight, inputs, sparsity, pattern)
    start, rho = start_mask(log_score, pattern, sparsity), correlation(moment)
    ours = jointly(start, log_score, weight, rho, pattern[1] if pattern else None)
    found = {
        "SparseGPT's mask, exact": error(conjugate_gradients(weight, inputs, theirs)[0]),
        "joint choice, no update": error(weight.masked_fill(ours, 0.0)),
        "joint choice, sweep": error(methods.sparsegpt(weight, inputs, sparsity, fixed=ours)[0]),
        "joint choice, exact": error(conjugate_gradients(weight, inputs, ours)[0]),
    }
    return {what: value / error(swept) for what, value in found.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--tokens", required=True, help="folder with domain.jsonl and open.jsonl")
    parser.add_argument("--pattern", help="N:M; without it a fraction of each matrix")
    parser.add_argument("--sparsity", type=float, default=0.5)
    parser.add_argument("--matrices", default=MATRICES)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(args.threads)
    pattern = tuple(map(int, args.pattern.split(":"))) if args.pattern else None

    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32).eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    wanted = args.matrices.split(",")
    linears = {name: linear for name, linear in prunable(model).items() if name in wanted or name in map(leader, wanted)}
    parts = {name: read_tokens(Path(args.tokens) / f"{name}.jsonl") for name in ("domain", "open")}
    moments = second_moments(model, linears, parts["domain"] + parts["open"])
    for linear in linears.values():
        linear.weight.requires_grad_(True)
    found = {
        "weight": {name: linear.weight.detach() for name, linear in linears.items()},
        "general_mix": general_importance(linears, moments),
        **{part: gradient_statistics(model, linears, sequences) for part, sequences in parts.items()},
    }
    balanced, _ = candidates(found)["balanced, mu 0.5"]
    for name in wanted:
        weight = found["weight"][name]
        left = errors(weight, moments[leader(name)][0], balanced(name), pattern, args.sparsity)
        print(name, {what: round(value, 3) for what, value in left.items()}, flush=True)


if __name__ == "__main__":
    main()
