"""Wanda, SparseGPT and compensation on a Hugging Face folder, layer by layer, as their released programs do it.

The steps of one layer (SparseGPT's `llama.py`, Wanda's `prune.py`): all its linears' inputs are collected from one pass
with the layer still dense, then every linear is pruned, then the texts pass through the pruned layer on to the next. Where
those programs prune one weight more than a fraction says (`<=` the k-th lowest), exactly the floor is taken here.

`bench/pytorch_methods.py` times them.
"""

import math

import torch

LINEARS = [
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
]
BLOCK = 128
DAMPING = 0.01


class Inputs:
    """What a method gathers of a linear's inputs."""

    def __init__(self, linear, moments):
        columns, dtype = linear.in_features, linear.weight.dtype
        self.squares = None if moments else torch.zeros(columns, dtype=dtype)
        self.hessian = torch.zeros(columns, columns, dtype=dtype) if moments else None
        self.sequences = 0

    def add(self, x):
        """x: [1, T, columns]"""
        x = x.reshape(-1, x.shape[-1])
        n = self.sequences
        self.sequences += 1
        if self.squares is not None:
            self.squares *= n / self.sequences
            self.squares += torch.linalg.vector_norm(x, dim=0) ** 2 / self.sequences
        else:
            self.hessian *= n / self.sequences
            x = math.sqrt(2 / self.sequences) * x.t()
            self.hessian += x @ x.t()


def lowest(scores, count):
    """Flags of the `count` lowest of each row; of equals, the first."""
    order = torch.sort(scores, dim=-1, stable=True).indices[..., :count]
    return torch.zeros_like(scores, dtype=torch.bool).scatter_(-1, order, True)


def wanda_mask(weight, inputs, sparsity, pattern=None):
    scores = weight.abs() * inputs.squares.sqrt()[None]
    if pattern:
        kept, group = pattern
        return lowest(scores.reshape(-1, group), group - kept).reshape(weight.shape)
    return lowest(scores, int(weight.shape[1] * sparsity))


def magnitude_masks(model, sparsity=0.5):
    """{weight name: mask}, True for each weight that goes."""
    masks = {}
    for index, layer in enumerate(model.model.layers):
        for name in LINEARS:
            weight = layer.get_submodule(name).weight
            scores = weight.abs().reshape(1, -1)
            mask = lowest(scores, int(scores.numel() * sparsity)).reshape(weight.shape)
            masks[f"model.layers.{index}.{name}.weight"] = mask
    return masks


def sparsegpt(weight, inputs, sparsity, pattern=None, fixed=None, block=BLOCK, scores_out=None):
    """(updated weight, mask), as `SparseGPT.fasterprune`; `fixed`: a mask to be taken as it is.
    `scores_out` is filled with what each weight was chosen by."""
    w = weight.clone()
    hessian = inputs.hessian.clone()
    rows, columns = w.shape
    dead = hessian.diag() == 0
    hessian[dead, dead] = 1
    w[:, dead] = 0
    hessian.diagonal().add_(DAMPING * hessian.diag().mean())
    inverse = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(hessian)), upper=True)
    mask = torch.zeros_like(w, dtype=torch.bool)
    for i1 in range(0, columns, block):
        i2 = min(i1 + block, columns)
        w1, inverse1 = w[:, i1:i2].clone(), inverse[i1:i2, i1:i2]
        errors = torch.zeros_like(w1)
        if fixed is not None:
            mask1 = fixed[:, i1:i2].clone()
        elif pattern:
            mask1 = torch.zeros_like(w1, dtype=torch.bool)
        else:
            scores = w1**2 / inverse1.diag().reshape(1, -1) ** 2
            mask1 = lowest(scores.reshape(1, -1), int(scores.numel() * sparsity)).reshape(w1.shape)
            if scores_out is not None:
                scores_out[:, i1:i2] = scores
        for i in range(i2 - i1):
            if pattern and fixed is None and i % pattern[1] == 0:
                group = slice(i, i + pattern[1])
                scores = w1[:, group] ** 2 / inverse1.diag()[group].reshape(1, -1) ** 2
                mask1[:, group] = lowest(scores, pattern[1] - pattern[0])
                if scores_out is not None:
                    scores_out[:, i1 + i : i1 + i + pattern[1]] = scores
            column = w1[:, i].clone()
            kept = column.masked_fill(mask1[:, i], 0.0)
            error = (column - kept) / inverse1[i, i]
            w1[:, i:] -= error[:, None] @ inverse1[i, i:][None]
            w1[:, i] = kept
            errors[:, i] = error
        w[:, i1:i2] = w1
        mask[:, i1:i2] = mask1
        w[:, i2:] -= errors @ inverse[i1:i2, i2:]
    return w, mask


def solved(weight, inputs, mask):
    """The kept weights with the least squared error of the layer's outputs, row by row: w_K = A_KK^-1 A_K. w, A damped."""
    hessian = inputs.hessian.clone()
    hessian.diagonal().add_(DAMPING * hessian.diag().mean())
    w = torch.zeros_like(weight)
    for row, gone in enumerate(mask):
        kept = (~gone).nonzero()[:, 0]
        w[row, kept] = torch.linalg.solve(hessian[kept][:, kept], hessian[kept] @ weight[row])
    return w, mask


@torch.no_grad()
def prune_layers(model, sequences, needs_moments, prune):
    """Prunes the model in place. `prune(name, weight, inputs)` gives (weight, mask); returns {weight name: mask}."""
    hidden, kwargs = first_inputs(model, sequences)
    masks = {}
    for index, layer in enumerate(model.model.layers):
        linears = {name: layer.get_submodule(name) for name in LINEARS}
        inputs = {name: Inputs(linear, needs_moments) for name, linear in linears.items()}
        hooks = [
            linear.register_forward_pre_hook(lambda _, args, n=name: inputs[n].add(args[0]))
            for name, linear in linears.items()
        ]
        for x, more in zip(hidden, kwargs):
            layer(x, **more)
        for hook in hooks:
            hook.remove()
        for name, linear in linears.items():
            weight_name = f"model.layers.{index}.{name}.weight"
            linear.weight.data, masks[weight_name] = prune(weight_name, linear.weight.data, inputs[name])
        for j, (x, more) in enumerate(zip(hidden, kwargs)):
            output = layer(x, **more)
            hidden[j] = output[0] if isinstance(output, tuple) else output
    return masks


class Caught(Exception):
    pass


def first_inputs(model, sequences):
    """The first layer's inputs, and what else it is called with, of each sequence."""
    hidden, kwargs = [], []

    def catch(_, args, more):
        hidden.append(args[0])
        kwargs.append(dict(more))
        raise Caught

    hook = model.model.layers[0].register_forward_pre_hook(catch, with_kwargs=True)
    for sequence in sequences:
        try:
            model.model(input_ids=torch.tensor([sequence]), use_cache=False)
        except Caught:
            pass
    hook.remove()
    return hidden, kwargs


def run(model, sequences, method, sparsity=0.5, pattern=None, fixed=None, block=BLOCK, scores=None, update=None):
    """Prunes the model in place by a method, or compensates for the masks `fixed`; returns its masks. What SparseGPT chose
    by is put into the dictionary `scores`, if there is one. `update`: what compensates in place of SparseGPT's sweep, such as `solved`."""
    if update is not None:
        return prune_layers(model, sequences, True, lambda n, w, x: update(w, x, fixed[n]))
    if fixed is not None:
        return prune_layers(
            model, sequences, True, lambda n, w, x: sparsegpt(w, x, sparsity, fixed=fixed[n])
        )
    if method == "sparsegpt":

        def prune_sparsegpt(name, weight, inputs):
            seen = None if scores is None else scores.setdefault(name, torch.zeros_like(weight))
            return sparsegpt(weight, inputs, sparsity, pattern, None, block, seen)

        return prune_layers(model, sequences, True, prune_sparsegpt)

    def prune_wanda(_, weight, inputs):
        mask = wanda_mask(weight, inputs, sparsity, pattern)
        return weight.masked_fill(mask, 0.0), mask

    return prune_layers(model, sequences, False, prune_wanda)
