"""Figures of rouge-score and scikit-learn for random words and labels, to which the engine's are held.

    pip install rouge-score==0.1.2 scikit-learn==1.9.1
    python test/oracle/make_task_fixtures.py
"""

import json
import random
from pathlib import Path

from rouge_score import rouge_scorer
from sklearn.metrics import accuracy_score, f1_score

OUT = Path(__file__).parent / "fixtures" / "tasks"
WORDS = ["ruling", "Courts", "dose", "doses", "2nd", "na\u00efve", "x-ray", "It's", "\u00dcber", "3.5", "and", "\u2014", "K\u212a"]


def text(rng: random.Random, longest: int) -> str:
    return rng.choice([" ", ", ", "\n"]).join(rng.choices(WORDS, k=rng.randint(0, longest)))


def rouge_pairs(rng: random.Random) -> list[dict]:
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
    pairs = []
    for _ in range(100):
        reference, prediction = text(rng, 40), text(rng, 30)
        scores = scorer.score(reference, prediction)
        named = {k: {"precision": s.precision, "recall": s.recall, "f1": s.fmeasure} for k, s in scores.items()}
        pairs.append({"reference": reference, "prediction": prediction, "scores": named})
    return pairs


def classifications(rng: random.Random) -> list[dict]:
    cases = []
    for _ in range(30):
        count = rng.randint(1, 40)
        truths = rng.choices(["yes", "no", "maybe"], [6, 3, 1], k=count)
        predictions = rng.choices(["yes", "no", "maybe", "other"], k=count)
        figures = {
            "accuracy": float(accuracy_score(truths, predictions)),
            "macroF1": float(f1_score(truths, predictions, average="macro")),
        }
        cases.append({"truths": truths, "predictions": predictions, "figures": figures})
    return cases


if __name__ == "__main__":
    rng = random.Random(6)
    OUT.mkdir(parents=True, exist_ok=True)
    for name, cases in (("rouge", rouge_pairs(rng)), ("classification", classifications(rng))):
        (OUT / f"{name}.json").write_text(json.dumps(cases, indent=1) + "\n")
