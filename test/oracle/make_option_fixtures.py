"""Makes test/oracle/fixtures/options: log-probabilities of options that may follow a text, by PyTorch in float64.

    python make_option_fixtures.py [SMOLLM2_FOLDER]

For some toy checkpoints items of random tokens; with a folder of SmolLM2 also invented texts: short ones run through its first
two decoder layers, and court's opinions with five holdings each (in the manner of CaseHOLD) through all of them. An item is the tokens of a text (`stem`), those of each option, and the sum of log p(token | what is before
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

OPINIONS = [
    (
        "The landlord says that the notice was in time since it was posted on the last day of the month, whatever the day on "
        "which it came. That is not what the lease has: it lets the tenant stay another year unless notice is 'given' before "
        "the month is out. Courts elsewhere have met these words before. See Harrow Mills v. Aldous, 212 P.2d 41 (<HOLDING>). "
        "We read them in the same way. Holding statement: '",
        [
            "holding that notice by post is given when it reaches the tenant and not when it is sent",
            "holding that a tenant who pays the rent late cannot renew a lease",
            "holding that a letter which was never opened is still evidence of what it says",
            "recognizing that a landlord must keep the stairs of a house in repair",
            "holding that a court of appeal does not weigh the witnesses anew",
        ],
    ),
    (
        "Doe was stopped for a broken lamp. The officer then kept him at the roadside for forty minutes until a dog had been "
        "brought, although the warning had been written after ten. The State answers that the wait was short. But how long a "
        "stop may last is measured by what it was for. State v. Ferrier, 88 A.3d 903, 911 (<HOLDING>); see also In re Luca, "
        "17 A.3d 220. Nothing that the officer saw in those ten minutes gave him another reason. Holding statement: '",
        [
            "holding that a stop becomes unlawful once it lasts longer than writing the ticket takes, unless there is a new suspicion",
            "holding that a dog which has not been trained gives no probable cause",
            "holding that the owner of a car may agree to its search",
            "holding that the length of a sentence lies with the trial court",
            "holding that an officer need not know the law that he enforces in every detail",
        ],
    ),
    (
        "The insurer paid for the roof and now asks the builder to make its loss good. The builder points to a clause in which "
        "the owner gave up all claims 'so far as insurance covers them'. An insurer who steps into the owner's place has no "
        "more rights than the owner had. Brandt Casualty Co. v. Osei, 540 F.2d 77, 80 (1st Cir. 1976) (<HOLDING>). So the claim "
        "fails. Holding statement: '",
        [
            "holding that an insurer takes over the claim with every defence that could be raised against the insured",
            "holding that a builder warrants that the work is fit to live in",
            "holding that a policy is read against the one who wrote it",
            "holding that interest runs from the day of the judgment",
            "holding that a clause in small print may bind a merchant",
        ],
    ),
]


def toy_items(vocab_size):
    random = np.random.default_rng(11)
    ids = lambda least, most: random.integers(3, vocab_size, int(random.integers(least, most + 1))).tolist()
    return [(ids(1, LONGEST), [ids(1, 6) for _ in range(int(random.integers(2, 6)))]) for _ in range(ITEMS)]


def text_items(tokenizer, texts):
    def ids_after(text, option):
        prompt, whole = tokenizer(text)["input_ids"], tokenizer(text + option)["input_ids"]
        assert whole[: len(prompt)] == prompt
        return whole[len(prompt) :]

    return [(tokenizer(text)["input_ids"], [ids_after(text, option) for option in options]) for text, options in texts]


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
        model, tokenizer = load(smollm2), transformers.AutoTokenizer.from_pretrained(smollm2)
        write("smollm2", model, text_items(tokenizer, OPINIONS))
        model.model.layers = model.model.layers[:LAYERS]
        write("smollm2-2-layers", model, text_items(tokenizer, TEXTS))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
