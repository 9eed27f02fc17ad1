"""Makes test/oracle/fixtures/toy-llama/hessian.json: second derivatives of the toy's loss, exact, by autograd in float64.

For some weights of every matrix, drawn by a seed: `hessian`, the second derivative of the mean over the domain samples
of their mean next-token cross-entropies, and `fisher`, the mean of the samples' squared gradients.

    python make_hessian_fixtures.py
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import transformers.utils.logging
from transformers import AutoModelForCausalLM

TOY = Path(__file__).parent / "fixtures" / "toy-llama"
MODULES = [f"self_attn.{name}_proj" for name in "qkvo"] + [f"mlp.{name}_proj" for name in ("gate", "up", "down")]
WEIGHTS = 8


def loss_of(model, sample):
    ids = torch.tensor([sample])
    logits = model(ids).logits[0]
    return F.cross_entropy(logits[:-1].double(), ids[0, 1:])


def main():
    transformers.utils.logging.disable_progress_bar()
    model = AutoModelForCausalLM.from_pretrained(TOY, dtype=torch.float64, attn_implementation="eager").eval()
    samples = json.loads((TOY / "tokens.json").read_text())["domain"]
    random = np.random.default_rng(5)
    rows = []
    for layer in range(model.config.num_hidden_layers):
        for module in MODULES:
            weight = model.get_parameter(f"model.layers.{layer}.{module}.weight")
            losses = [loss_of(model, sample) for sample in samples]
            by_sample = [torch.autograd.grad(loss, weight, retain_graph=True)[0] for loss in losses]
            mean = torch.stack(losses).mean()
            gradient = torch.autograd.grad(mean, weight, create_graph=True)[0]
            for _ in range(WEIGHTS):
                row, column = (int(random.integers(0, size)) for size in weight.shape)
                second = torch.autograd.grad(gradient[row, column], weight, retain_graph=True)[0][row, column]
                fisher = torch.stack([each[row, column] for each in by_sample]).square().mean()
                rows.append(
                    {
                        "layer": layer,
                        "module": module.split(".")[1].replace("_p", "P"),
                        "row": row,
                        "column": column,
                        "hessian": float(second),
                        "fisher": float(fisher.detach()),
                    }
                )
    (TOY / "hessian.json").write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


if __name__ == "__main__":
    main()
