"""Makes test/oracle/fixtures/toy-llama/joint.safetensors: which of the toy's weights go if they are chosen together.

The importance is the balanced one as it stands in expected.safetensors, the inputs are those of both texts. For each input
`<linear layer>.correlation` (float32), for each weight `<weight>.<case>`, 1 where it goes, searched for in float64.

    python make_joint_fixtures.py          writes it
    python make_joint_fixtures.py --check  makes it anew and compares the bytes
"""

import json
from pathlib import Path

import numpy as np
import transformers.utils.logging
from safetensors.numpy import load_file, save

import formulas
from made_file import write_or_check
from reference import input_of, linear_inputs, load, prunable

TOY = Path(__file__).parent / "fixtures" / "toy-llama"
SPARSITY, BLOCK = 0.5, 16


def make():
    model = load(TOY)
    tokens = json.loads((TOY / "tokens.json").read_text())
    expected = load_file(TOY / "expected.safetensors")
    inputs = linear_inputs(model, tokens["open"] + tokens["domain"])
    tensors = {
        f"{prefix}.correlation": formulas.input_correlation(formulas.hessian(x)).astype(np.float32)
        for prefix, x in inputs.items()
    }
    for prefix, linear in prunable(model).items():
        name = f"{prefix}.weight"
        score = expected[f"{name}.final.balanced"]
        columns = score.shape[1]
        correlation = tensors[f"{input_of(prefix)}.correlation"].astype(np.float64)
        starts = {
            "matrix": (formulas.lowest(score, SPARSITY), columns),
            "blocks": (formulas.lowest_by_block(score, SPARSITY, BLOCK), BLOCK),
            "2:4": (formulas.lowest_of_pattern(score, 2, 4), 4),
        }
        w = linear.weight.detach().numpy()
        for case, (start, span) in starts.items():
            tensors[f"{name}.{case}"] = formulas.select_jointly(
                start, score.astype(np.float64), w, correlation, span
            )
    return save(tensors)


if __name__ == "__main__":
    transformers.utils.logging.disable_progress_bar()
    write_or_check(TOY / "joint.safetensors", make, __doc__)
