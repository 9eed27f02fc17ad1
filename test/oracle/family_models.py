"""Toy checkpoints of the families beyond LLaMA's own form: a config.json as on the Hub, and random weights by the names that
transformers gives them."""

import torch
from transformers import AutoConfig, AutoModelForCausalLM

SIZES = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 64,
    "max_position_embeddings": 64,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
    "torch_dtype": "float32",
}

CONFIGS = {
    # Heads wider than the hidden size over their number, and a norm of each head's queries and keys.
    "toy-qwen3": SIZES
    | {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "hidden_act": "silu",
        "head_dim": 12,
        "rms_norm_eps": 1e-06,
        "rope_theta": 1000000.0,
        "rope_scaling": None,
        "attention_bias": False,
        "use_sliding_window": False,
        "sliding_window": None,
        "max_window_layers": 2,
        "tie_word_embeddings": True,
    },
    # Attention slides from the second layer on.
    "toy-qwen2-window": SIZES
    | {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "hidden_act": "silu",
        "rms_norm_eps": 1e-06,
        "rope_theta": 1000000.0,
        "use_sliding_window": True,
        "sliding_window": 6,
        "max_window_layers": 1,
        "tie_word_embeddings": False,
    },
    # The first layer's queries and keys are rotated, the second's are not.
    "toy-smollm3": SIZES
    | {
        "architectures": ["SmolLM3ForCausalLM"],
        "model_type": "smollm3",
        "hidden_act": "silu",
        "rms_norm_eps": 1e-06,
        "rope_theta": 5000000.0,
        "no_rope_layers": [1, 0],
        "no_rope_layer_interval": 2,
        "attention_bias": False,
        "mlp_bias": False,
        "use_sliding_window": False,
        "sliding_window": None,
        "tie_word_embeddings": True,
    },
    # q, k and v are one matrix, gate and up another; LongRoPE with the second list of factors for texts of more than 16 tokens.
    "toy-phi3": SIZES
    | {
        "architectures": ["Phi3ForCausalLM"],
        "model_type": "phi3",
        "hidden_act": "silu",
        "rms_norm_eps": 1e-05,
        "rope_theta": 10000.0,
        "original_max_position_embeddings": 16,
        "rope_scaling": {
            "type": "longrope",
            "short_factor": [1.0, 1.1, 1.3, 1.6],
            "long_factor": [1.2, 2.0, 4.5, 9.0],
        },
        "sliding_window": 12,
        "tie_word_embeddings": False,
    },
    # Six heads: the slopes of four and, between them, of two.
    "toy-bloom": {
        "architectures": ["BloomForCausalLM"],
        "model_type": "bloom",
        "n_embed": 24,
        "n_layer": 2,
        "num_attention_heads": 6,
        "vocab_size": 64,
        "seq_length": 64,
        "layer_norm_epsilon": 1e-05,
        "apply_residual_connection_post_layernorm": False,
        "attention_dropout": 0.0,
        "hidden_dropout": 0.0,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "pad_token_id": 3,
        "torch_dtype": "float32",
    },
    # Caps low enough to bend scores and logits; attention slides in the first layer.
    "toy-gemma2": SIZES
    | {
        "architectures": ["Gemma2ForCausalLM"],
        "model_type": "gemma2",
        "hidden_act": "gelu_pytorch_tanh",
        "hidden_activation": "gelu_pytorch_tanh",
        "head_dim": 12,
        "query_pre_attn_scalar": 20,
        "rms_norm_eps": 1e-06,
        "rope_theta": 10000.0,
        "sliding_window": 7,
        "attn_logit_softcapping": 2.0,
        "final_logit_softcapping": 8.0,
        "attention_bias": False,
    },
    # The first layer slides and has a rotary embedding of its own, the second sees everything through a scaled one.
    "toy-gemma3": SIZES
    | {
        "architectures": ["Gemma3ForCausalLM"],
        "model_type": "gemma3_text",
        "hidden_activation": "gelu_pytorch_tanh",
        "head_dim": 12,
        "query_pre_attn_scalar": 16,
        "rms_norm_eps": 1e-06,
        "rope_theta": 1000000.0,
        "rope_local_base_freq": 10000.0,
        "rope_scaling": {"rope_type": "linear", "factor": 8.0},
        "sliding_window": 7,
        "sliding_window_pattern": 2,
        "attention_bias": False,
    },
    # Four of a head's eight dimensions are rotated.
    "toy-phi4": SIZES
    | {
        "architectures": ["Phi3ForCausalLM"],
        "model_type": "phi3",
        "hidden_act": "silu",
        "rms_norm_eps": 1e-05,
        "rope_theta": 10000.0,
        "partial_rotary_factor": 0.5,
        "original_max_position_embeddings": 16,
        "rope_scaling": {"type": "longrope", "short_factor": [1.0, 1.3], "long_factor": [1.2, 4.5]},
        "sliding_window": None,
        "tie_word_embeddings": True,
    },
}


def weights(config, seed):
    """Random float32 tensors of a size that keeps every activation near 1, in the order of their names."""
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**config))
    generator = torch.Generator().manual_seed(seed)
    head = model.get_output_embeddings().weight
    tied = head is model.get_input_embeddings().weight
    tensors = {}
    for name, parameter in sorted(model.named_parameters()):
        if tied and name == "lm_head.weight":
            continue
        tensors[name] = value(name, parameter, model, generator)
    return tensors


def value(name, parameter, model, generator):
    random = torch.randn(*parameter.shape, generator=generator)
    module = model.get_submodule(name.rsplit(".", 1)[0])
    if name.endswith(".bias"):
        return 0.3 * random
    if parameter.dim() == 1:
        # A norm that starts from weights of 0 multiplies by 1 + weight.
        starts_at_zero = "(1.0 + self.weight" in source_of(module)
        return 0.2 * random + (0.0 if starts_at_zero else 1.0)
    if isinstance(module, torch.nn.Embedding):
        return random
    return random / parameter.shape[1] ** 0.5


def source_of(module):
    import inspect

    return inspect.getsource(type(module).forward)
