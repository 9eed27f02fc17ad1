"""Says what transformers' tokenizer makes of the texts of some files, without repeating any text.

    python tokenize_texts.py MODEL_DIR FILE...

A .jsonl file holds a text a line (prompt + completion, or every string of the record, joined by a line break); any
other file is one text as a whole and then each of its blocks between blank lines. One JSON object a text on standard
output: {"file", "index", "tokens", "sha256"}, the hash of the ids as little-endian int32.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from transformers import AutoTokenizer


def texts_of(path):
    content = path.read_bytes().decode("utf-8")
    if path.suffix != ".jsonl":
        return [content, *content.split("\n\n")]
    records = [json.loads(line) for line in content.split("\n") if line.strip()]
    return [text_of(record) for record in records]


def text_of(record):
    if "completion" in record:
        return record["prompt"] + record["completion"]
    return "\n".join(value for value in record.values() if isinstance(value, str))


def main():
    tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
    for name in sys.argv[2:]:
        texts = texts_of(Path(name))
        for index, ids in enumerate(tokenizer(texts)["input_ids"]):
            digest = hashlib.sha256(np.array(ids, dtype="<i4").tobytes()).hexdigest()
            print(json.dumps({"file": name, "index": index, "tokens": len(ids), "sha256": digest}))


if __name__ == "__main__":
    main()
