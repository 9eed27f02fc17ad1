"""The toy checkpoints: two decoder layers each, one per feature of the LLaMA family that the engine supports."""

import json

import torch
from safetensors.torch import save_file

LLAMA = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_act": "silu",
    "hidden_size": 32,
    "intermediate_size": 88,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 96,
    "max_position_embeddings": 64,
    "rms_norm_eps": 1e-05,
    "rope_theta": 10000.0,
    "rope_scaling": None,
    "tie_word_embeddings": False,
    "attention_bias": False,
    "mlp_bias": False,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "torch_dtype": "float32",
}

# With heads of 8 the wavelengths are 6.3, 63, 628 and 6283 tokens: 128 / 4 = 32 keeps the first, 128 / 1 = 128
# divides the last two, and the second is in between, so each branch of the rule is taken.
LLAMA3_ROPE = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 128,
}


def without(config, *keys):
    return {key: value for key, value in config.items() if key not in keys}


CONFIGS = {
    "toy-llama": LLAMA,
    "toy-llama3-rope": LLAMA
    | {"rope_scaling": LLAMA3_ROPE, "head_dim": 8, "max_position_embeddings": 1024},
    # As transformers 5 writes it: `rope_parameters` holds the base, `dtype` replaces `torch_dtype`.
    "toy-linear-rope": without(LLAMA, "rope_theta", "rope_scaling", "torch_dtype")
    | {"rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 10000.0}, "dtype": "float32"},
    "toy-tied": LLAMA | {"tie_word_embeddings": True},
    "toy-qwen2": without(LLAMA, "attention_bias", "mlp_bias")
    | {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "rms_norm_eps": 1e-06,
        "rope_theta": 1000000.0,
        # Qwen2 releases name a window that is switched off.
        "use_sliding_window": False,
        "sliding_window": 8,
        "max_window_layers": 2,
    },
    # A token sees itself and the 7 before it.
    "toy-mistral": without(LLAMA, "attention_bias", "mlp_bias")
    | {"architectures": ["MistralForCausalLM"], "model_type": "mistral", "sliding_window": 8},
    "toy-attention-bias": LLAMA | {"attention_bias": True, "mlp_bias": True},
}


def weights(config, seed):
    """Random float32 tensors by Hugging Face's names, of a size that keeps every activation near 1."""
    generator = torch.Generator().manual_seed(seed)
    hidden, intermediate = config["hidden_size"], config["intermediate_size"]
    key_value = hidden // config["num_attention_heads"] * config["num_key_value_heads"]
    shapes = {
        "self_attn.q_proj": (hidden, hidden),
        "self_attn.k_proj": (key_value, hidden),
        "self_attn.v_proj": (key_value, hidden),
        "self_attn.o_proj": (hidden, hidden),
        "mlp.gate_proj": (intermediate, hidden),
        "mlp.up_proj": (intermediate, hidden),
        "mlp.down_proj": (hidden, intermediate),
    }
    qkv_bias = config.get("attention_bias", False) or config["model_type"] == "qwen2"

    def normal(*shape):
        return torch.randn(*shape, generator=generator)

    def has_bias(name):
        if name.startswith("mlp."):
            return config.get("mlp_bias", False)
        return config.get("attention_bias", False) if name.endswith("o_proj") else qkv_bias

    tensors = {"model.embed_tokens.weight": normal(config["vocab_size"], hidden)}
    for layer in range(config["num_hidden_layers"]):
        prefix = f"model.layers.{layer}"
        for norm in ("input_layernorm", "post_attention_layernorm"):
            tensors[f"{prefix}.{norm}.weight"] = 1 + 0.2 * normal(hidden)
        for name, (rows, columns) in shapes.items():
            tensors[f"{prefix}.{name}.weight"] = normal(rows, columns) / columns**0.5
            if has_bias(name):
                tensors[f"{prefix}.{name}.bias"] = 0.3 * normal(rows)
    tensors["model.norm.weight"] = 1 + 0.2 * normal(hidden)
    if not config["tie_word_embeddings"]:
        tensors["lm_head.weight"] = normal(config["vocab_size"], hidden) / hidden**0.5
    return tensors


def write(folder, config, tensors):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
