"""Greedy generation by transformers, for comparison with the engine: prompts one at a time, with its own cache.

    python pytorch_generation.py --model DIR --prompts FILE --new-tokens N [--threads 2]

The prompts are JSONL of {"input_ids": [...]}. Prints one JSON object: seconds until each prompt's first token together,
seconds for the tokens after it, and all new tokens.
"""

import argparse
import json
import time
from pathlib import Path

import torch
import transformers.utils.logging
from transformers import AutoModelForCausalLM


def measure(model, prompt, new_tokens):
    ids = torch.tensor([prompt])
    with torch.inference_mode():
        started = time.perf_counter()
        made = model(ids, use_cache=True, logits_to_keep=1)
        tokens = [int(made.logits[0, -1].argmax())]
        first = time.perf_counter()
        while len(tokens) < new_tokens:
            made = model(torch.tensor([tokens[-1:]]), past_key_values=made.past_key_values, use_cache=True)
            tokens.append(int(made.logits[0, -1].argmax()))
        return tokens, first - started, time.perf_counter() - first


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--prompts", required=True)
    parser.add_argument("--new-tokens", type=int, required=True)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    transformers.utils.logging.disable_progress_bar()
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32).eval()
    prompts = [json.loads(line)["input_ids"] for line in Path(args.prompts).read_text().splitlines()]
    measure(model, prompts[0], 4)  # warm
    results = [measure(model, prompt, args.new_tokens) for prompt in prompts]
    print(
        json.dumps(
            {
                "tokens": [tokens for tokens, _, _ in results],
                "firstSeconds": sum(first for _, first, _ in results),
                "nextSeconds": sum(rest for _, _, rest in results),
            }
        )
    )


if __name__ == "__main__":
    main()
