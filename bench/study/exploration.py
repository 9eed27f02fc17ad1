"""Which importance keeps the most? Many candidates on one model, in PyTorch, whole model in memory: quick to write, and
independent of the engine. What did well here is in the engine; what did not stands in docs/results with its figures.

Every candidate sees the same sequences (those of make-tokens.ts) and takes the same fraction of each matrix; no weight is
updated. Perplexity: windows of 1024 tokens without overlap over the first tokens of each text.

    python exploration.py --model DIR --tokens DIR --text NAME=FILE … [--sparsity 0.5] [--max-tokens 4096] --out FILE.json
"""

import argparse
import json
import math
from pathlib import Path

import torch
import transformers.utils.logging
from transformers import AutoModelForCausalLM, AutoTokenizer

WINDOW = 1024
DAMPING = 0.01


def prunable(model):
    """{name: linear layer}"""
    return {
        f"{index}.{name}": module
        for index, layer in enumerate(model.model.layers)
        for name, module in layer.named_modules()
        if isinstance(module, torch.nn.Linear)
    }


def read_tokens(path):
    return [torch.tensor(json.loads(line)["input_ids"]) for line in Path(path).read_text().splitlines()]


def leader(name):
    """The linear layer whose input this one shares."""
    for follower, first in (("k_proj", "q_proj"), ("v_proj", "q_proj"), ("up_proj", "gate_proj")):
        name = name.replace(follower, first)
    return name


@torch.no_grad()
def second_moments(model, linears, sequences):
    """{name: (sum x xT, tokens)} of each distinct input of linear layers, by its leader."""
    sums = {name: torch.zeros(linear.in_features, linear.in_features) for name, linear in linears.items() if name == leader(name)}

    def add_to(total):
        def hook(_, inputs):
            total.addmm_(inputs[0][0].T, inputs[0][0])

        return hook

    hooks = [linears[name].register_forward_pre_hook(add_to(total)) for name, total in sums.items()]
    for ids in sequences:
        model.model(ids[None])
    for hook in hooks:
        hook.remove()
    return {name: (total, sum(len(ids) for ids in sequences)) for name, total in sums.items()}


def general_importance(linears, moments):
    """Eq. 2: G = W^2 / (2 diag(H^-1)), H = (2/N) sum x xT."""
    importance, inverses = {}, {}
    for name, (total, tokens) in moments.items():
        h = (2.0 / tokens * total).double()
        h += DAMPING * h.diag().mean() * torch.eye(len(h), dtype=torch.float64)
        inverses[name] = torch.cholesky_inverse(torch.linalg.cholesky(h)).diag().float()
    for name, linear in linears.items():
        importance[name] = linear.weight.detach() ** 2 / (2 * inverses[leader(name)])
    return importance


def gradient_statistics(model, linears, sequences):
    """Means over the sequences of g^2 and |g|, and of the squared output gradient of each row over all tokens."""
    squares = {name: torch.zeros_like(linear.weight) for name, linear in linears.items()}
    absolutes = {name: torch.zeros_like(linear.weight) for name, linear in linears.items()}
    energy = {name: torch.zeros(linear.out_features) for name, linear in linears.items()}

    def add_energy(total):
        def hook(_, __, outputs):
            total.add_((outputs[0][0] ** 2).sum(0).detach())

        return hook

    hooks = [linear.register_full_backward_hook(add_energy(energy[name])) for name, linear in linears.items()]
    for ids in sequences:
        model.zero_grad(set_to_none=True)
        logits = model(ids[None]).logits[0, :-1]
        torch.nn.functional.cross_entropy(logits, ids[1:]).backward()
        for name, linear in linears.items():
            g = linear.weight.grad
            squares[name].addcmul_(g, g, value=1 / len(sequences))
            absolutes[name].add_(g.abs_(), alpha=1 / len(sequences))
    for hook in hooks:
        hook.remove()
    model.zero_grad(set_to_none=True)
    return squares, absolutes, energy


@torch.no_grad()
def perplexity(model, ids):
    total, count = 0.0, 0
    for start in range(0, len(ids), WINDOW):
        window = ids[start : start + WINDOW]
        if len(window) < 2:
            break
        logits = model(window[None]).logits[0, :-1]
        total += torch.nn.functional.cross_entropy(logits, window[1:], reduction="sum").item()
        count += len(window) - 1
    return math.exp(total / count)


def lowest(score, sparsity, group):
    """Which weights go: the lowest of each matrix, of each row, or of each block of 128 columns."""
    if group == "matrix":
        order = score.flatten().argsort(stable=True)
        gone = torch.zeros(score.numel(), dtype=torch.bool)
        gone[order[: int(sparsity * score.numel())]] = True
        return gone.view_as(score)
    if group == "row":
        order = score.argsort(dim=1, stable=True)[:, : int(sparsity * score.shape[1])]
        return torch.zeros_like(score, dtype=torch.bool).scatter_(1, order, True)
    blocks = [lowest(block, sparsity, "matrix") for block in score.split(128, dim=1)]
    return torch.cat(blocks, dim=1)


def correlation(moment):
    scale = moment.diag().clamp_min(1e-30).rsqrt()
    return moment * scale[:, None] * scale[None]


def jointly(gone, log_score, weight, rho, span=None):
    """Swaps of a removed and a kept weight of a row while they lower the row's sum of s_i s_j rho_ij, s = sign(W) sqrt(S).
    All rows at once, each until none of its swaps is worth it; with `span`, within so many columns, one part after the other."""
    gone = gone.clone()
    columns = gone.shape[1]
    sizes = ((log_score - log_score.max()) / 2).exp() * weight.sign()
    sizes /= sizes.abs().mean()
    effects = torch.where(gone, sizes, 0.0) @ rho
    swapped = True
    while swapped:
        swapped = False
        for begin in range(0, columns, span or columns):
            part = slice(begin, begin + (span or columns))
            rows = torch.arange(len(gone))
            while len(rows):
                size, effect, removed = sizes[rows, part], effects[rows, part], gone[rows, part]
                gain, back = torch.where(removed, size * (size - 2 * effect), math.inf).min(1)
                returned = size.gather(1, back[:, None]) * rho[begin + back]
                cost, out = torch.where(removed, math.inf, size * (size + 2 * (effect - returned[:, part]))).min(1)
                worth = gain + cost < -1e-6 * gain.abs()
                rows, back, out = rows[worth], begin + back[worth], begin + out[worth]
                effects[rows] = effects[rows] - returned[worth] + sizes[rows, out, None] * rho[out]
                gone[rows, back], gone[rows, out] = False, True
                swapped |= len(rows) > 0
        if span is None:
            break
    return gone


def ranks(score):
    flat = score.flatten()
    places = torch.empty(flat.numel())
    places[flat.argsort()] = torch.arange(flat.numel(), dtype=torch.float32)
    return places.view_as(score)


def log(x):
    return x.clamp_min(1e-38).log()


def relative(x):
    return x / x.mean()


def candidates(p):
    """{name: (score of a matrix by its name, comparison group)}; p has the parts by name."""
    w2 = lambda n: p["weight"][n] ** 2
    fisher_domain = lambda n: p["domain"][0][n] * w2(n)
    fisher_open = lambda n: p["open"][0][n] * w2(n)
    first_order = lambda n: p["domain"][1][n] * p["weight"][n].abs()
    g_open, g_mix = (lambda n: p["general_open"][n]), (lambda n: p["general_mix"][n])
    row_energy = lambda n: relative(p["domain"][2][n] / p["domain"][2][n].mean() + p["open"][2][n] / p["open"][2][n].mean())
    loss_units = lambda n: g_mix(n) * row_energy(n)[:, None]
    blend = lambda n, mu: (1 - mu) * relative(fisher_open(n)) + mu * relative(fisher_domain(n))

    def pool(*parts):  # weighted sums of logarithms
        return lambda n: sum(weight * log(part(n)) for weight, part in parts)

    found = {
        "magnitude": (lambda n: p["weight"][n].abs(), "matrix"),
        "Wanda, dense activations": (lambda n: w2(n) * p["moments"][leader(n)][0].diag(), "row"),
        "general G, open text": (g_open, "matrix"),
        "general G, both texts": (g_mix, "matrix"),
        "domain Fisher": (fisher_domain, "matrix"),
        "domain first order, mean |g W|": (first_order, "matrix"),
        "dual, |g| for the Fisher": (pool((0.5, g_open), (1.0, first_order)), "matrix"),
        "dual, G of both texts": (pool((0.5, g_mix), (0.5, fisher_domain)), "matrix"),
        "rank sum of G and domain Fisher": (lambda n: ranks(g_open(n)) + ranks(fisher_domain(n)), "matrix"),
        "rank sum of G, domain and open Fisher": (
            lambda n: ranks(g_open(n)) + ranks(fisher_domain(n)) + ranks(fisher_open(n)),
            "matrix",
        ),
        "log pool of G, domain and open Fisher": (
            pool((1, g_open), (1, fisher_domain), (1, fisher_open)),
            "matrix",
        ),
        "log pool, G of both texts": (pool((1, g_mix), (1, fisher_domain), (1, fisher_open)), "matrix"),
        "open and domain Fisher, summed": (lambda n: blend(n, 0.5), "matrix"),
        "G in loss units": (loss_units, "matrix"),
        "G in loss units and summed Fisher": (pool((0.5, loss_units), (0.5, lambda n: blend(n, 0.5))), "matrix"),
        "balanced, |g| for the Fisher": (
            pool((0.5, g_mix), (1.0, lambda n: relative(first_order(n)) + relative(p["open"][1][n] * p["weight"][n].abs()))),
            "matrix",
        ),
    }
    for mu in (0.25, 0.5, 0.75):
        found[f"dual, mu {mu}"] = (pool((1 - mu, g_open), (mu, fisher_domain)), "matrix")
        found[f"balanced, mu {mu}"] = (pool((0.5, g_mix), (0.5, lambda n, mu=mu: blend(n, mu))), "matrix")
    for share in (0.25, 0.75):
        found[f"balanced, G with weight {share}"] = (
            pool((share, g_mix), (1 - share, lambda n: blend(n, 0.5))),
            "matrix",
        )
    summed = lambda n: log(blend(n, 0.5))
    activations = lambda n: log(w2(n) * p["moments"][leader(n)][0].diag())
    half = pool((0.5, g_mix), (0.5, lambda n: blend(n, 0.5)))
    found["balanced, jointly"] = (half, "jointly")
    found["open and domain Fisher, summed, jointly"] = (summed, "jointly")
    found["Wanda, dense activations, jointly"] = (activations, "row, jointly")
    found["Wanda for G, pooled with the summed Fisher, jointly"] = (
        lambda n: 0.5 * activations(n) + 0.5 * summed(n),
        "jointly",
    )
    for group in ("row", "block"):
        found[f"balanced, by {group}"] = (half, group)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--tokens", required=True, help="folder with domain.jsonl and open.jsonl")
    parser.add_argument("--text", action="append", required=True, metavar="NAME=FILE")
    parser.add_argument("--sparsity", type=float, default=0.5)
    parser.add_argument("--only", help="candidates whose names have this in them")
    parser.add_argument("--max-tokens", type=int, default=4096)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(args.threads)

    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32).eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    linears = prunable(model)
    for linear in linears.values():
        linear.weight.requires_grad_(True)
    domain, open_text = (read_tokens(Path(args.tokens) / f"{name}.jsonl") for name in ("domain", "open"))
    texts = dict(text.split("=", 1) for text in args.text)
    texts = {
        name: tokenizer(Path(file).read_text(encoding="utf-8"), return_tensors="pt").input_ids[0][: args.max_tokens]
        for name, file in texts.items()
    }
    moments = second_moments(model, linears, domain + open_text)
    parts = {
        "weight": {name: linear.weight.detach().clone() for name, linear in linears.items()},
        "moments": moments,
        "general_mix": general_importance(linears, moments),
        "general_open": general_importance(linears, second_moments(model, linears, open_text)),
        "domain": gradient_statistics(model, linears, domain),
        "open": gradient_statistics(model, linears, open_text),
    }
    rows = [{"criterion": "dense", **{name: perplexity(model, ids) for name, ids in texts.items()}}]
    print(rows[-1], flush=True)
    for criterion, (score, group) in candidates(parts).items():
        if args.only and args.only not in criterion:
            continue
        with torch.no_grad():
            for name, linear in linears.items():
                weight = parts["weight"][name]
                scores = score(name)
                gone = lowest(scores, args.sparsity, group.removesuffix("jointly").strip(", ") or "matrix")
                if group.endswith("jointly"):
                    gone = jointly(gone, scores, weight, correlation(parts["moments"][leader(name)][0]))
                linear.weight.copy_(weight.masked_fill(gone, 0.0))
        rows.append({"criterion": criterion, **{name: perplexity(model, ids) for name, ids in texts.items()}})
        print(rows[-1], flush=True)
        facts = {"sparsity": args.sparsity, "window": WINDOW, "maxTokens": args.max_tokens}
        Path(args.out).write_text(json.dumps({**facts, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
