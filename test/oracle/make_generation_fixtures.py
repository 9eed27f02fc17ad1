"""Makes test/oracle/fixtures/generation: what transformers continues prompts with, greedily, token by token.

    python make_generation_fixtures.py [--smollm2 FOLDER] [TOY...]

For each toy checkpoint, or the given ones, 20 prompts of random tokens; with a folder of SmolLM2 also 20 prompts of its own tokens. Each
new token comes with its lead: how far its logit lies above the next one's. Where the lead is within 1e-5, rounding
decides, and another order of additions may choose the other token.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import transformers
import transformers.utils.logging

from make_fixtures import CONFIGS

FIXTURES = Path(__file__).parent / "fixtures"
PROMPTS = 20
TOY_NEW, REAL_NEW = 24, 40

OPENINGS = [
    "The court held that the contract",
    "Q: What is the capital of France?\nA:",
    "The patient was admitted with chest pain and",
    "def fibonacci(n):\n",
    "In the year 1848, the",
    "Water boils at a temperature of",
    "Dear Sir or Madam,\n\nI am writing to",
    "The three branches of government are",
    "Once upon a time there was a",
    "To make bread, first mix",
    "The defendant moved to dismiss the complaint because",
    "A clinical trial of the vaccine showed that",
    "Section 1. Short title.\nThis Act may be cited as",
    "1, 2, 3, 4, 5,",
    "The mitochondrion is",
    "Summary: The bill would require every agency",
    "My favourite book is about",
    "Insulin lowers blood sugar by",
    "The plaintiff appeals from a judgment",
    "Light travels faster than sound, which is why",
]


def toy_prompts(vocab_size, most):
    random = np.random.default_rng(7)
    return [random.integers(3, vocab_size, int(random.integers(1, most))).tolist() for _ in range(PROMPTS)]


def greedy(model, prompt, new_tokens):
    """The new tokens, the one that ends the text included, and the lead of each."""
    with torch.no_grad():
        made = model.generate(
            torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            max_new_tokens=new_tokens,
            do_sample=False,
            return_dict_in_generate=True,
            output_logits=True,
        )
    leads = [logits[0].topk(2).values for logits in made.logits]
    return {
        "prompt": prompt,
        "tokens": made.sequences[0, len(prompt) :].tolist(),
        "leads": [float(f"{float(first - second):.3g}") for first, second in leads],
    }


def load(folder):
    return transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()


def write(name, rows):
    folder = FIXTURES / "generation"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


def main(smollm2, toys):
    transformers.utils.logging.set_verbosity_error()
    for name in toys or CONFIGS:
        folder, config = FIXTURES / name, CONFIGS[name]
        most = config.get("max_position_embeddings", 64) // 2
        model = load(folder)
        model.generation_config.eos_token_id = None  # all texts of the same length
        prompts = toy_prompts(config["vocab_size"], min(most, 40))
        write(name, [greedy(model, prompt, TOY_NEW) for prompt in prompts])
    if smollm2:
        tokenizer = transformers.AutoTokenizer.from_pretrained(smollm2)
        model = load(smollm2)
        write("smollm2", [greedy(model, tokenizer(text)["input_ids"], REAL_NEW) for text in OPENINGS])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smollm2", metavar="FOLDER")
    parser.add_argument("toys", nargs="*", metavar="TOY")
    args = parser.parse_args()
    main(args.smollm2, args.toys)
