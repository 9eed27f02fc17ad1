"""Runs a LLaMA-family folder in transformers and collects what the formulas need, in float64 throughout."""

from types import SimpleNamespace

import numpy as np
import torch
from transformers import AutoModelForCausalLM

LINEARS = [
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
]

# Linears that share an input share its Hessian, which is filed under the first of them.
INPUT_OF = {
    "self_attn.q_proj": "self_attn.q_proj",
    "self_attn.k_proj": "self_attn.q_proj",
    "self_attn.v_proj": "self_attn.q_proj",
    "self_attn.o_proj": "self_attn.o_proj",
    "mlp.gate_proj": "mlp.gate_proj",
    "mlp.up_proj": "mlp.gate_proj",
    "mlp.down_proj": "mlp.down_proj",
}


def load(folder, dtype=torch.float64):
    """The model of a folder, from its float32 weights, computing in `dtype` in every operation."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa")
    model = model.to(dtype).eval()
    if dtype == torch.float64:
        for module in model.modules():
            kind = type(module).__name__
            if kind.endswith("RMSNorm"):
                module.forward = lambda x, m=module: rms_norm(x, m.weight, m.variance_epsilon)
            elif kind.endswith("RotaryEmbedding"):
                module.forward = lambda x, position_ids, m=module: rotary(m, position_ids)
    return model


def rms_norm(x, weight, eps):
    """transformers' own casts to float32 inside, whatever the model's dtype."""
    return weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps))


def rotary(module, position_ids):
    """Frequencies as transformers defines them (float32, with the scaling of the config), angles in float64."""
    angles = position_ids[..., None].double() * module.inv_freq.double()
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos() * module.attention_scaling, angles.sin() * module.attention_scaling


def layers_of(model):
    return model.model.layers


def prunable(model):
    """{"model.layers.0.self_attn.q_proj": nn.Linear, ...}, in the order in which they act."""
    return {
        f"model.layers.{index}.{name}": layer.get_submodule(name)
        for index, layer in enumerate(layers_of(model))
        for name in LINEARS
    }


def input_of(prefix):
    """The prefix under which the Hessian of a linear's input is filed."""
    layer, linear = prefix.split(".", 3)[2], prefix.split(".", 3)[3]
    return f"model.layers.{layer}.{INPUT_OF[linear]}"


def run_sample(model, tokens):
    """One sample: logits [T, V], loss (mean cross-entropy of the T - 1 next tokens), the gradient of every
    prunable weight, and value and gradient of each boundary: inputs of layers 0..L-1, output of layer L-1."""
    boundaries = []

    def keep(_, args, kwargs=None):
        hidden = args[0]
        hidden.retain_grad()
        boundaries.append(hidden)

    hooks = [layer.register_forward_pre_hook(keep) for layer in layers_of(model)]
    hooks.append(model.model.norm.register_forward_pre_hook(keep))
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
