"""Magnitude, Wanda, SparseGPT and compensation in PyTorch, for comparison with the engine: `test/oracle/methods.py`, timed.

As the research programs do it: the whole model and all sequences' activations in memory, one layer after the other, a
sequence at a time, float32 (or float64, to see how much of a difference is rounding).

    python pytorch_methods.py --model DIR --tokens FILE --method METHOD[+compensate] [--dtype float64] [--threads 2] --out DIR

The token file is JSONL of {"input_ids": [...]}, a sequence a line. Writes the pruned model to --out and prints one JSON
object: seconds of loading, pruning and saving, and the peak resident memory until the model was pruned.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import torch
import transformers.utils.logging

sys.path.insert(0, str(Path(__file__).parent.parent / "test" / "oracle"))
import methods
from reference import load

METHODS = ["magnitude", "wanda", "sparsegpt", "magnitude+compensate", "wanda+compensate"]


def conjugate_gradients(weight, inputs, mask, tolerance=1e-8, most=100):
    """What `methods.solved` gives, for all rows at once, as the engine does it: (weight, mask)."""
    hessian = inputs.hessian / inputs.hessian.diag().mean()
    hessian.diagonal().add_(methods.DAMPING)
    kept, scale = ~mask, 1 / hessian.diag()
    w = weight * kept
    residual = ((weight - w) @ hessian) * kept
    direction = residual * scale
    length = (residual * direction).sum(1, keepdim=True)
    first = length.sum()
    for _ in range(most):
        if length.sum() <= tolerance * first:
            break
        product = (direction @ hessian) * kept
        step = length / ((direction * product).sum(1, keepdim=True) + 1e-30)
        w.addcmul_(step, direction)
        residual.addcmul_(step, product, value=-1)
        scaled = residual * scale
        next_length = (residual * scaled).sum(1, keepdim=True)
        direction = scaled.addcmul_(next_length / (length + 1e-30), direction)
        length = next_length
    return w.masked_fill(mask, 0.0), mask


@torch.no_grad()
def prune(model, sequences, method, sparsity):
    """Prunes the model in place; returns its masks."""
    chosen, _, compensate = method.partition("+")
    if method == "sparsegpt":
        return methods.run(model, sequences, method, sparsity)
    dense = {name: weight.clone() for name, weight in model.named_parameters()} if method == "wanda+compensate" else None
    masks = methods.magnitude_masks(model, sparsity) if chosen == "magnitude" else methods.run(model, sequences, chosen, sparsity)
    if compensate:
        if dense:
            for name, weight in model.named_parameters():
                weight.copy_(dense.pop(name))
        return methods.run(model, sequences, None, sparsity, fixed=masks, update=conjugate_gradients)
    for name, mask in masks.items():
        model.get_parameter(name).masked_fill_(mask, 0.0)
    return masks


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--tokens", type=Path, required=True)
    parser.add_argument("--method", choices=METHODS, required=True)
    parser.add_argument("--sparsity", type=float, default=0.5)
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(args.threads)
    lines = args.tokens.read_text(encoding="utf-8").splitlines()
    sequences = [json.loads(line)["input_ids"] for line in lines if line.strip()]

    times = [time.perf_counter()]
    model = load(args.model, getattr(torch, args.dtype))
    times.append(time.perf_counter())
    masks = prune(model, sequences, args.method, args.sparsity)
    times.append(time.perf_counter())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    model.save_pretrained(args.out)
    times.append(time.perf_counter())
    seconds = dict(zip(["load", "prune", "save"], [after - before for before, after in zip(times, times[1:])]))
    facts = {"method": args.method, "seconds": seconds, "peakRssBytes": peak}
    facts |= {"zeros": sum(int(mask.sum()) for mask in masks.values()), "threads": args.threads}
    facts |= {"sequences": len(sequences), "tokens": sum(map(len, sequences))}
    print(json.dumps(facts | {"torch": torch.__version__, "transformers": transformers.__version__}))


if __name__ == "__main__":
    main()
