"""The scoring of D-Pruner in PyTorch, for comparison with the engine: the same work in the usual way.

The whole model is in memory in float32 (transformers, sdpa attention), and all layers' accumulators with it.

General pass   open sequences in batches, without the head; hooks add up each distinct linear input's x xT;
               then Cholesky, diag(H^-1) and G = W^2 / (2 [H^-1]_mm) for every prunable matrix.
Gradient pass  one domain sample at a time: mean next-token cross-entropy over the whole sequence, backward,
               and as soon as a weight's gradient is ready its square is added up and the gradient freed.
               Only the prunable weights ask for a gradient. With --full sums of g and of |g| are kept too.
Final          S = G^(1 - mu) (mean g^2 * W^2)^mu.

With --balanced the criterion of that name: the general pass over both texts, the gradient pass over each, and
log S = (log G + log((1 - mu) F_open + mu F_domain)) / 2, F the mean g^2 * W^2 over its own mean in the matrix.
With --together as well, x xT is added up in the gradient passes' forward, so that no text goes through the model twice.

    python pytorch_score.py --model DIR --tokens FILE --open-tokens FILE [--threads 2] [--full] [--dump DIR]
                            [--balanced [--together]]

Token files are JSONL of {"input_ids": [...]}, one sample a line. Prints one JSON object: seconds and tokens/s of each
stage and the peak resident memory so far at its end. --dump writes float32 safetensors, a file a layer, of
`<weight name>.general`, `.fisher`, `.final`, and with --full `.gradient` and `.gradient_abs`.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import torch
import transformers.utils.logging
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

# Linears that share an input, first the one whose hook sees it.
SHARED_INPUTS = [
    ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
    ["self_attn.o_proj"],
    ["mlp.gate_proj", "mlp.up_proj"],
    ["mlp.down_proj"],
]


def peak_rss_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def read_tokens(path):
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["input_ids"] for line in lines if line.strip()]


def batches(sequences, size):
    """Consecutive sequences of one length, at most `size` together, as [B, T]: no padding."""
    batch = []
    for sequence in sequences:
        if batch and (len(batch) == size or len(sequence) != len(batch[0])):
            yield torch.tensor(batch)
            batch = []
        batch.append(sequence)
    if batch:
        yield torch.tensor(batch)


def prunable_weights(model):
    """{name: parameter}"""
    return {
        f"model.layers.{index}.{name}.weight": layer.get_submodule(name).weight
        for index, layer in enumerate(model.model.layers)
        for names in SHARED_INPUTS
        for name in names
    }


def distinct_inputs(model):
    """(layer's index, layer, names of the linears that share an input)"""
    return [(index, layer, names) for index, layer in enumerate(model.model.layers) for names in SHARED_INPUTS]


def sum_inputs(model):
    """({(layer's index, first linear's name): sum of x xT}, hooks): the sums grow with every forward pass."""
    sums, hooks = {}, []
    for index, layer, names in distinct_inputs(model):
        linear = layer.get_submodule(names[0])
        h = sums[index, names[0]] = torch.zeros(linear.in_features, linear.in_features)

        def accumulate(_, args, h=h):
            x = args[0].detach().flatten(0, 1)  # [B * T, columns]
            h.addmm_(x.T, x)

        hooks.append(linear.register_forward_pre_hook(accumulate))
    return sums, hooks


@torch.inference_mode()
def general_importance(model, sequences, batch_size, damping):
    """{weight name: G}, Eq. 2."""
    sums, hooks = sum_inputs(model)
    for batch in batches(sequences, batch_size):
        model.model(input_ids=batch, use_cache=False)
    for hook in hooks:
        hook.remove()
    return importance_of_sums(model, sums, sum(map(len, sequences)), damping)


@torch.inference_mode()
def importance_of_sums(model, sums, tokens, damping):
    """{weight name: G}, Eq. 2, of the sums of x xT, which are used up."""
    general = {}
    for index, layer, names in distinct_inputs(model):
        h = sums.pop((index, names[0])).mul_(2 / tokens)
        diagonal = h.diagonal()
        dead = diagonal == 0
        diagonal.add_(damping * diagonal.mean())
        inverse_diagonal = torch.cholesky_inverse(torch.linalg.cholesky(h)).diagonal()
        for name in names:
            g = layer.get_submodule(name).weight.square().div_(2 * inverse_diagonal)
            general[f"model.layers.{index}.{name}.weight"] = g.masked_fill_(dead, 0.0)
    return general


def accumulate_gradients(model, samples, full):
    """{weight name: sum of g^2} and, with `full`, of g and |g|; and the samples' mean loss."""
    model.requires_grad_(False)
    weights = prunable_weights(model)
    kinds = ("fisher", "gradient", "gradient_abs") if full else ("fisher",)
    sums = {kind: {name: torch.zeros_like(weight) for name, weight in weights.items()} for kind in kinds}
    hooks = []
    for name, weight in weights.items():
        weight.requires_grad_(True)

        def accumulate(weight, name=name):
            g = weight.grad
            sums["fisher"][name].addcmul_(g, g)
            if full:
                sums["gradient"][name].add_(g)
                sums["gradient_abs"][name].add_(g.abs_())
            weight.grad = None

        hooks.append(weight.register_post_accumulate_grad_hook(accumulate))
    total_loss = 0.0
    for sample in samples:
        ids = torch.tensor([sample])
        loss = model(input_ids=ids, labels=ids, use_cache=False).loss
        loss.backward()
        total_loss += float(loss.detach())
    for hook in hooks:
        hook.remove()
    model.requires_grad_(False)
    return sums, total_loss / len(samples)


@torch.inference_mode()
def final_importance(weights, general, fisher, mu):
    return {
        name: general[name].pow(1 - mu).mul_((fisher[name] * weight.square()).pow_(mu))
        for name, weight in weights.items()
    }


@torch.inference_mode()
def balanced_importance(weights, general, fisher_open, fisher_domain, mu):
    """{weight name: log S}"""

    def relative(fisher, weight):
        f = fisher * weight.square()
        return f.div_(f.mean())

    return {
        name: relative(fisher_open[name], weight)
        .mul_(1 - mu)
        .add_(relative(fisher_domain[name], weight), alpha=mu)
        .log_()
        .add_(general[name].log())
        .div_(2)
        for name, weight in weights.items()
    }


def dump(folder, layers, importances):
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(layers):
        prefix = f"model.layers.{index}."
        tensors = {
            f"{name}.{kind}": value
            for kind, values in importances.items()
            for name, value in values.items()
            if name.startswith(prefix)
        }
        save_file(tensors, folder / f"layer-{index:03d}.safetensors")


def means_of(sums, samples):
    return {name: s.div_(len(samples)) for name, s in sums.items()}


def score_balanced(model, samples, sequences, args, watch):
    """G of both texts, {"fisher": the domain's, "fisher_open": the open text's}, and the domain's mean loss."""
    tokens = sum(map(len, sequences)) + sum(map(len, samples))
    if args.together:
        inputs, hooks = sum_inputs(model)
    else:
        general = general_importance(model, sequences + samples, args.batch, args.damping)
        watch.lap("general", tokens)
    fisher_open = means_of(accumulate_gradients(model, sequences, False)[0]["fisher"], sequences)
    sums, loss = accumulate_gradients(model, samples, False)
    watch.lap("gradients", tokens)
    if args.together:
        for hook in hooks:
            hook.remove()
        general = importance_of_sums(model, inputs, tokens, args.damping)
        watch.lap("general")
    return general, {"fisher": means_of(sums["fisher"], samples), "fisher_open": fisher_open}, loss


class Stopwatch:
    """Seconds, tokens/s and the peak memory so far, stage by stage."""

    def __init__(self):
        self.stages = {}
        self.start = time.perf_counter()

    def lap(self, stage, tokens=None):
        seconds = time.perf_counter() - self.start
        self.stages[stage] = {"seconds": round(seconds, 3), "peakRssBytesSoFar": peak_rss_bytes()}
        if tokens is not None:
            self.stages[stage] |= {"tokens": tokens, "tokensPerSecond": round(tokens / seconds, 2)}
        self.start = time.perf_counter()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--tokens", type=Path, required=True)
    parser.add_argument("--open-tokens", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=4, help="sequences at a time in the general pass")
    parser.add_argument("--damping", type=float, default=0.01)
    parser.add_argument("--mu", type=float, default=0.5)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--balanced", action="store_true")
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--dump", type=Path)
    return parser.parse_args()


def main():
    args = parse_arguments()
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(args.threads)
    watch = Stopwatch()
    imported = peak_rss_bytes()
    samples, sequences = read_tokens(args.tokens), read_tokens(args.open_tokens)
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32, attn_implementation="sdpa").eval()
    watch.lap("load")
    if args.balanced:
        general, means, loss = score_balanced(model, samples, sequences, args, watch)
        weights = prunable_weights(model)
        final = balanced_importance(weights, general, means.pop("fisher_open"), means["fisher"], args.mu)
    else:
        general = general_importance(model, sequences, args.batch, args.damping)
        watch.lap("general", sum(map(len, sequences)))
        sums, loss = accumulate_gradients(model, samples, args.full)
        watch.lap("gradients", sum(map(len, samples)))
        means = {kind: means_of(named, samples) for kind, named in sums.items()}
        final = final_importance(prunable_weights(model), general, means["fisher"], args.mu)
    watch.lap("final")
    peak = peak_rss_bytes()
    if args.dump:
        dump(args.dump, len(model.model.layers), {"general": general, "final": final} | means)
    result = {"stages": watch.stages, "peakRssBytes": peak, "rssAfterImportBytes": imported, "meanLoss": loss}
    result |= {"samples": len(samples), "openSequences": len(sequences), "batch": args.batch}
    result |= {"threads": args.threads, "full": args.full}
    print(json.dumps(result | {"torch": torch.__version__, "transformers": transformers.__version__}))


if __name__ == "__main__":
    main()
