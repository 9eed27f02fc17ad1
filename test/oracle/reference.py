"""Runs a folder of any supported family in transformers and collects what the formulas need, in float64 throughout."""

import functools
from types import SimpleNamespace

import numpy as np
import torch
from transformers import AutoConfig, AutoModelForCausalLM

# Linears that share an input share its Hessian, which is filed under the first of them.
FIRST_WITH_INPUT = {"k_proj": "q_proj", "v_proj": "q_proj", "up_proj": "gate_proj"}

softmax = torch.nn.functional.softmax


def softmax_in_own_dtype(x, dim=None, dtype=None, **kwargs):
    """transformers casts to float32 here, whatever the model's dtype."""
    return softmax(x, dim=dim, dtype=torch.float64 if x.dtype == torch.float64 else dtype, **kwargs)


torch.nn.functional.softmax = softmax_in_own_dtype


def load(folder, dtype=torch.float64):
    """The model of a folder, from its float32 weights, computing in `dtype` in every operation."""
    config = AutoConfig.from_pretrained(folder)
    # Soft caps and ALiBi are in the eager attention alone.
    eager = config.model_type == "bloom" or getattr(config, "attn_logit_softcapping", None)
    model = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager" if eager else "sdpa"
    )
    model = model.to(dtype).eval()
    if dtype == torch.float64:
        for module in model.modules():
            kind = type(module).__name__
            if kind.endswith("RMSNorm"):
                module.forward = lambda x, m=module: rms_norm(x, m)
            elif kind.endswith("RotaryEmbedding"):
                module.forward = functools.partial(rotary, module, module.forward)
    return model


def rms_norm(x, module):
    """transformers' own casts to float32 inside, whatever the model's dtype."""
    gemma = hasattr(module, "eps")
    eps = module.eps if gemma else module.variance_epsilon
    weight = 1.0 + module.weight if gemma else module.weight
    return weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps))


def rotary(module, forward, x, position_ids, layer_type=None):
    """Frequencies as transformers defines them (float32, with the scaling of the config), angles in float64."""
    layer = () if layer_type is None else (layer_type,)
    forward(x, position_ids, *layer)  # some frequencies depend on the length and are chosen in there
    prefix = "" if layer_type is None else f"{layer_type}_"
    scaling = getattr(module, f"{prefix}attention_scaling")
    angles = position_ids[..., None].double() * getattr(module, f"{prefix}inv_freq").double()
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos() * scaling, angles.sin() * scaling


def decoder(model):
    return model.get_submodule(model.base_model_prefix)


def layers_of(model):
    """{"model.layers.0": the first decoder layer, ...}"""
    name = "layers" if hasattr(decoder(model), "layers") else "h"
    prefix = f"{model.base_model_prefix}.{name}"
    return {f"{prefix}.{index}": layer for index, layer in enumerate(decoder(model).get_submodule(name))}


def final_norm(model):
    return decoder(model).norm if hasattr(decoder(model), "norm") else decoder(model).ln_f


def prunable(model):
    """{"model.layers.0.self_attn.q_proj": nn.Linear, ...}"""
    return {
        f"{prefix}.{name}": module
        for prefix, layer in layers_of(model).items()
        for name, module in layer.named_modules()
        if isinstance(module, torch.nn.Linear)
    }


def input_of(prefix):
    """The prefix under which the Hessian of a linear's input is filed."""
    module, linear = prefix.rsplit(".", 1)
    return f"{module}.{FIRST_WITH_INPUT.get(linear, linear)}"


def run_sample(model, tokens):
    """One sample: logits [T, V], loss (mean cross-entropy of the T - 1 next tokens), the gradient of every
    prunable weight, and value and gradient of each boundary: inputs of layers 0..L-1, output of layer L-1."""
    boundaries = []

    def keep(_, args, kwargs=None):
        hidden = args[0]
        hidden.retain_grad()
        boundaries.append(hidden)

    hooks = [layer.register_forward_pre_hook(keep) for layer in layers_of(model).values()]
    hooks.append(final_norm(model).register_forward_pre_hook(keep))
    ids = torch.tensor([tokens])
    model.zero_grad(set_to_none=True)
    logits = model(input_ids=ids, use_cache=False).logits[0]
    loss = torch.nn.functional.cross_entropy(logits[:-1], ids[0, 1:])
    loss.backward()
    for hook in hooks:
        hook.remove()
    return SimpleNamespace(
        logits=to_numpy(logits),
        loss=to_numpy(loss),
        gradient={name: to_numpy(linear.weight.grad) for name, linear in prunable(model).items()},
        boundary=[to_numpy(hidden[0]) for hidden in boundaries],
        boundary_gradient=[to_numpy(hidden.grad[0]) for hidden in boundaries],
    )


@torch.no_grad()
def linear_inputs(model, sequences):
    """{prefix: x [N, columns]} for each distinct input of a linear, over all tokens of all sequences."""
    seen = {}
    hooks = [
        linear.register_forward_pre_hook(
            lambda _, args, p=prefix: seen.setdefault(p, []).append(to_numpy(args[0][0]))
        )
        for prefix, linear in prunable(model).items()
        if input_of(prefix) == prefix
    ]
    for tokens in sequences:
        model(input_ids=torch.tensor([tokens]), use_cache=False)
    for hook in hooks:
        hook.remove()
    return {prefix: np.concatenate(parts) for prefix, parts in seen.items()}


def to_numpy(tensor):
    return tensor.detach().double().numpy().copy()
