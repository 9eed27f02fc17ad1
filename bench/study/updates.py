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
    correlation,
    general_importance,
    gradient_statistics,
    jointly,
    leader,
    log,
    lowest,
    prunable,
    read_tokens,
    relative,
    second_moments,
)
from pytorch_methods import conjugate_gradients

MATRICES = "3.self_attn.q_proj,15.mlp.gate_proj,15.mlp.down_proj,25.self_attn.o_proj"


def start_mask(log_score, pattern, sparsity):
    if not pattern:
        return lowest(log_score, sparsity, "matrix")
    kept, group = pattern
    return methods.lowest(log_score.reshape(-1, group), group - kept).reshape(log_score.shape)


def jointly_in_groups(gone, log_score, weight, rho, group):
    """Swaps within each group of columns, group after group, until a round makes none."""
    sizes = ((log_score - log_score.max()) / 2).exp() * weight.sign()
    effects = torch.where(gone, sizes, 0.0) @ rho
    gone, rows = gone.clone(), torch.arange(len(gone))
    for _ in range(50):
        swapped = 0
        for begin in range(0, gone.shape[1], group):
            part = slice(begin, begin + group)
            size, effect, removed = sizes[:, part], effects[:, part], gone[:, part]
            gain, back = torch.where(removed, size * (size - 2 * effect), torch.inf).min(1)
            returned = size.gather(1, back[:, None]) * rho[begin + back]
            cost, out = torch.where(removed, torch.inf, size * (size + 2 * (effect - returned[:, part]))).min(1)
            worth = gain + cost < -1e-6 * gain.abs()
            r, b, o = rows[worth], begin + back[worth], begin + out[worth]
            effects[r] += sizes[r, o, None] * rho[o] - sizes[r, b, None] * rho[b]
            gone[r, b], gone[r, o] = False, True
            swapped += len(r)
        if swapped == 0:
            break
    return gone


@torch.no_grad()
def errors(weight, moment, log_score, pattern, sparsity):
    """{what: error over SparseGPT's}"""
    inputs = SimpleNamespace(hessian=moment)
    damped = moment + methods.DAMPING * moment.diag().mean() * torch.eye(len(moment))
    error = lambda updated: (((weight - updated) @ damped) * (weight - updated)).sum().item()
    swept, theirs = methods.sparsegpt(weight, inputs, sparsity, pattern)
    start, rho = start_mask(log_score, pattern, sparsity), correlation(moment)
    ours = (
        jointly_in_groups(start, log_score, weight, rho, pattern[1])
        if pattern
        else jointly(start, log_score, weight, rho)
    )
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
    general = general_importance(linears, moments)
    for linear in linears.values():
        linear.weight.requires_grad_(True)
    fisher = {part: gradient_statistics(model, linears, sequences)[0] for part, sequences in parts.items()}
    for name in wanted:
        weight = linears[name].weight.detach()
        blend = sum(0.5 * relative(fisher[part][name] * weight**2) for part in parts)
        score = 0.5 * log(general[name]) + 0.5 * log(blend)
        found = errors(weight, moments[leader(name)][0], score, pattern, args.sparsity)
        print(name, {what: round(value, 3) for what, value in found.items()}, flush=True)


if __name__ == "__main__":
    main()
