"""Perplexity of a Hugging Face folder by transformers in float32, to hold the engine's against.

    python perplexity.py --model DIR --text FILE [--window 2048] [--stride 512] [--max-tokens N] [--threads 2]

The first window scores its tokens from the second on; each later one ends `stride` further and scores only the
tokens that the one before did not reach (the last window may score fewer); the first token of a window is never
scored, which matters where stride = window. The result is exp of the mean negative
log-likelihood over the scored tokens. Tokens are the tokenizer's for the whole file, special tokens as it adds them.
--tokens FILE, JSONL of {"input_ids": [...]}, takes the place of --text: its lines are joined.
Prints one JSON object.
"""

import argparse
import json
import math
from pathlib import Path

import torch
import transformers.utils.logging
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM


def windows(length, window, stride):
    """Yields (begin, end, first scored token) over `length` tokens."""
    scored = 1
    for begin in range(0, length, stride):
        end = min(begin + window, length)
        scored = max(scored, begin + 1)  # with stride = window a window's first token has nothing before it
        if end > scored:
            yield begin, end, scored
        scored = end
        if end == length:
            return


@torch.inference_mode()
def perplexity(model, tokens, window, stride):
    total, count = 0.0, 0
    for begin, end, scored in windows(len(tokens), window, stride):
        ids = torch.tensor([tokens[begin:end]])
        # logits of the tokens before the scored ones: the last `end - scored` predictions
        keep = end - scored + 1
        logits = model(input_ids=ids, use_cache=False, logits_to_keep=keep).logits[0, :-1]
        loss = torch.nn.functional.cross_entropy(logits, ids[0, scored - begin :], reduction="none")
        total += float(loss.double().sum())
        count += end - scored
    return math.exp(total / count), count


def read_tokens(args):
    if args.tokens:
        lines = args.tokens.read_text(encoding="utf-8").splitlines()
        tokens = [token for line in lines if line.strip() for token in json.loads(line)["input_ids"]]
    else:
        tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
        tokens = tokenizer.encode(args.text.read_text(encoding="utf-8")).ids
    return tokens[: args.max_tokens]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--text", type=Path)
    source.add_argument("--tokens", type=Path)
    parser.add_argument("--window", type=int, default=2048)
    parser.add_argument("--stride", type=int, default=512)
    parser.add_argument("--max-tokens", type=int)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(args.threads)
    tokens = read_tokens(args)
    if len(tokens) < 2 or not 0 < args.stride <= args.window:
        parser.error("needs at least 2 tokens and 0 < stride <= window")
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32, attn_implementation="sdpa").eval()
    value, scored = perplexity(model, tokens, args.window, args.stride)
    settings = {"window": args.window, "stride": args.stride, "tokens": len(tokens), "scoredTokens": scored}
    print(json.dumps({"perplexity": value} | settings | {"transformers": transformers.__version__}))


if __name__ == "__main__":
    main()
