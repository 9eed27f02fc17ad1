"""Compares two folders of importances, float32 safetensors with one file a layer.

    python compare_importance.py DIR_A DIR_B [--tolerance 1e-4] [--all]

Prints max |a - b| / max |b| for the worst tensor of each kind (`general`, `gradient`, `gradient_abs`, `fisher`,
`final`), or with --all for every tensor. Tensors are matched by name, however the files are called. Exits with 1 if
a name is on one side only, a shape differs, a value is not a number, or the tolerance is exceeded.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from safetensors import safe_open


def tensor_files(folder):
    """{tensor name: file}"""
    files = sorted(Path(folder).glob("*.safetensors"))
    if not files:
        sys.exit(f"{folder}: no .safetensors files")
    found = {}
    for file in files:
        with safe_open(file, "np") as tensors:
            found |= {name: file for name in tensors.keys()}
    return found


def read(file, name):
    with safe_open(file, "np") as tensors:
        return tensors.get_tensor(name).astype(np.float64)


def difference(a, b):
    """max |a - b| / max |b|; infinite where shapes differ or only one side is a number. Equal infinities (the
    logarithm of a dead weight's importance) count as equal."""
    if a.shape != b.shape or np.isnan(a).any() or np.isnan(b).any():
        return np.inf
    finite = np.isfinite(b)
    if not np.array_equal(a[~finite], b[~finite]) or not np.isfinite(a[finite]).all():
        return np.inf
    largest = np.abs(b[finite]).max(initial=0.0)
    apart = np.abs(a[finite] - b[finite]).max(initial=0.0)
    return apart / largest if largest > 0 else (0.0 if apart == 0 else np.inf)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--tolerance", type=float)
    parser.add_argument("--all", action="store_true")
    args = parser.parse_args()
    a, b = tensor_files(args.a), tensor_files(args.b)
    ok = True
    for folder, names in ((args.a, sorted(a.keys() - b.keys())), (args.b, sorted(b.keys() - a.keys()))):
        if names:
            ok = False
            print(f"only in {folder}: {len(names)} tensors, the first {names[0]}")
    worst = {}
    for name in sorted(a.keys() & b.keys()):
        apart = difference(read(a[name], name), read(b[name], name))
        if args.all:
            print(f"{apart:.2e}  {name}")
        kind = name.rsplit(".", 1)[1]
        worst[kind] = max(worst.get(kind, (-1.0, "")), (apart, name))
    for kind, (apart, name) in worst.items():
        print(f"{kind:14} {apart:.2e}  {name}")
        ok = ok and np.isfinite(apart) and (args.tolerance is None or apart <= args.tolerance)
    sys.exit(0 if ok and worst else 1)


if __name__ == "__main__":
    main()
