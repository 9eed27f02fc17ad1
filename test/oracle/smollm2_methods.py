"""Cuts SmolLM2 to its first decoder layers and prunes them with `methods.py` in float64, on a text: the same checks as on
the toy, at the shapes and with the weights and inputs of a real model. The output (about 310 MB) is not committed.

    python smollm2_methods.py SMOLLM2_FOLDER TEXT OUT_FOLDER [--layers 2] [--sequences 4] [--length 512]

OUT_FOLDER gets config.json, model.safetensors and the tokenizer's files, tokens.jsonl (the text's first tokens), and
methods.safetensors as fixtures/README.md describes it, with the cases of CASES below and magnitude's masks, and of SparseGPT
`W.C.scores`: log (w / U_jj)^2 of each weight when it was chosen or not.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers.utils.logging
from safetensors.torch import save_file
from transformers import AutoTokenizer

import methods
from make_method_fixtures import tensors_of
from reference import load
from smollm2_layers import truncate

CASES = {
    "wanda": {"method": "wanda"},
    "sparsegpt": {"method": "sparsegpt"},
    "sparsegpt.2:4": {"method": "sparsegpt", "pattern": (2, 4)},
}


def cut(ids, sequences, length):
    return [ids[i * length : (i + 1) * length] for i in range(sequences)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--sequences", type=int, default=4)
    parser.add_argument("--length", type=int, default=512)
    args = parser.parse_args()
    transformers.utils.logging.disable_progress_bar()
    truncate(args.source, args.out, args.layers)
    tokenizer = AutoTokenizer.from_pretrained(args.source)
    beginning = args.text.read_text(encoding="utf-8")[: 8 * args.sequences * args.length]  # 8 characters a token are enough
    sequences = cut(tokenizer(beginning)["input_ids"], args.sequences, args.length)
    (args.out / "tokens.jsonl").write_text("".join(json.dumps({"input_ids": ids}) + "\n" for ids in sequences))
    by_magnitude = methods.magnitude_masks(load(args.out))
    tensors = {f"{name}.magnitude.mask": mask.to(torch.uint8) for name, mask in by_magnitude.items()}
    for case, settings in CASES.items():
        model, scores = load(args.out), {}
        tensors |= tensors_of(case, model, methods.run(model, sequences, scores=scores, **settings))
        tensors |= {f"{name}.{case}.scores": seen.log().float() for name, seen in scores.items()}
    save_file(tensors, args.out / "methods.safetensors")
