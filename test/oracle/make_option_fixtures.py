"""Makes test/oracle/fixtures/options: log-probabilities of options that may follow a text, by PyTorch in float64.

    python make_option_fixtures.py [SMOLLM2_FOLDER]

For some toy checkpoints items of random tokens; with a folder of SmolLM2 also texts of its own, run through its first two
decoder layers. An item is the tokens of a text (`stem`), those of each option, and the sum of log p(token | what is before
it) over each option's tokens.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import transformers
import transformers.utils.logging

FIXTURES = Path(__file__).parent / "fixtures"
TOYS = ["toy-llama", "toy-llama3-rope", "toy-mistral", "toy-qwen2"]
LONGEST = 30  # tokens of a toy's text; its context is 64
ITEMS = 12
LAYERS = 2

TEXTS = [
    ("The tide comes in twice a day because the moon", [" pulls at the water.", " is made of cheese.", " sleeps"]),
    ("Question: What do bees make?\nAnswer:", [" Honey", " Bricks of clay", " They make a great deal of noise."]),
    ("A tenant who leaves before the term ends", [" owes the rent that is left.", " owes nothing", " wins"]),
    ("The letter is about a delivery. Its tone is '", ["friendly", "angry", "neither"]),
]


def toy_items(vocab_size):
    random = np.random.default_rng(11)
    ids = lambda least, most: random.integers(3, vocab_size, int(random.integers(least, most + 1))).tolist()
    return [(ids(1, LONGEST), [ids(1, 6) for _ in range(int(random.integers(2, 6)))]) for _ in range(ITEMS)]


def text_items(tokenizer):
    def ids_after(text, option):
        prompt, whole = tokenizer(text)["input_ids"], tokenizer(text + option)["input_ids"]
        assert whole[: len(prompt)] == prompt
        return whole[len(prompt) :]

    return [(tokenizer(text)["input_ids"], [ids_after(text, option) for option in options]) for text, options in TEXTS]


def load(folder):
    return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).double().eval()


def log_probability(model, stem, option):
    with torch.no_grad():
        logits = model(torch.tensor([stem + option])).logits[0]
    predicted = logits.log_softmax(-1)[len(stem) - 1 : -1]
    return float(predicted.gather(1, torch.tensor(option)[:, None]).sum())


def write(name, model, items):
    rows = [
        {"stem": stem, "options": options, "logProbabilities": [log_probability(model, stem, one) for one in options]}
        for stem, options in items
    ]
    folder = FIXTURES / "options"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


def main(smollm2):
    transformers.utils.logging.set_verbosity_error()
    for name in TOYS:
        model = load(FIXTURES / name)
        write(name, model, toy_items(model.config.vocab_size))
    if smollm2:
        model = load(smollm2)
        model.model.layers = model.model.layers[:LAYERS]
        write("smollm2-2-layers", model, text_items(transformers.AutoTokenizer.from_pretrained(smollm2)))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
