"""Makes test/oracle/fixtures/tokenizers: tiny tokenizers and what Python's `tokenizers` makes of some texts.

    python make_tokenizer_fixtures.py [NAME...]    all of them, or the given ones

Every text here was invented for it. The expected ids are those of tokenizer.json as it is written; `transformers` in
expected.json lists the texts (by index) for which transformers' AutoTokenizer gives something else, and what.
"""

import argparse
import json
from pathlib import Path

import tokenizers
import transformers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

FIXTURES = Path(__file__).parent / "fixtures" / "tokenizers"

CORPUS = [
    "The harbour master counted seventeen boats before the fog came in, and then he stopped counting.",
    "A tenant shall give notice in writing; the landlord shall answer within 30 days, or the notice stands.",
    "The patient's temperature was 38.5 degrees at 7:45, 37.9 at 12:30 and normal the next morning.",
    "Nobody remembers who planted the walnut tree, but everybody's grandmother has eaten from it.",
    "def area(width, height):\n    return width * height\n\n\nprint(area(3, 4))",
    "Übermäßig große Äpfel fielen über Nacht; l'été, où êtes-vous? El niño comió una piña.",
    "今日はとても良い天気です。我们明天去海边散步。오늘은 비가 옵니다.",
    "Погода сегодня хорошая, а завтра будет дождь. Ο καιρός είναι καλός σήμερα.",
    "We'll see what they've done; I'm sure she'd say it's fine, they're late, and that isn't new.",
]

TEXTS = [
    *CORPUS,
    "",
    " ",
    "a",
    " leading blank",
    "  two leading blanks",
    "trailing blanks   ",
    "tabs\tand\t\ttabs, four    blanks inside",
    "\nnew line first",
    "line one\nline two\r\nline three\n\n\n\nline four\n",
    "0123456789 007 3.14159 1,000,000 2025-11-23",
    "½ cup, x² + y³, Ⅳ, ① and ٣٤٥, १२३",
    "emoji 😀 👩‍⚕️ 🏳️‍🌈 🇫🇷 end",
    "combining e\u0301 versus \u00e9, and a\u030a",
    "zero\u200bwidth, no\u00a0break, thin\u2009space, ideographic\u3000space, next\u0085line, bom\ufefffinal",
    "\ufeffbyte order mark first",
    "quotes “curly” ‘single’ — dash – dash … dots",
    "I'LL, WE'VE, don't, o'clock, 'tis, ''double''",
    "snake_case camelCase kebab-case C++ a/b\\c <tag> {brace} [x] #1 @you $5 100%",
    "control \x00 \x07 \x7f characters",
    "private \ue000 use, unassigned \u0378, rare 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈",
    "▁ is SentencePiece's blank ▁▁x",
    "special <s> inside </s> the <unk> text <|end|> and <|begin|>after",
    "مرحبا بالعالم שלום עולם नमस्ते दुनिया สวัสดีชาวโลก",
    "word" * 60,
    " ".join(["notice"] * 40) + " " * 20 + "\n" * 9 + "x",
]

LLAMA3_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)


QWEN_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)
BLOOM_WORDS = r" ?[^(\s|[.,!?…。，、।۔،])]+"


def byte_level(pre_tokenizer):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=420,
        special_tokens=[AddedToken("<|begin|>", special=True), AddedToken("<|end|>", special=True)],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def digits_and_words():
    """As SmolLM2's: single digits, GPT-2's words, nothing added."""
    words = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    return byte_level(pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), words]))


def begin_and_words():
    """As LLaMA 3's: a Split of its own, and a token before the text."""
    split = pre_tokenizers.Split(Regex(LLAMA3_WORDS), behavior="isolated")
    words = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer = byte_level(pre_tokenizers.Sequence([split, words]))
    begin = ("<|begin|>", tokenizer.token_to_id("<|begin|>"))
    template = processors.TemplateProcessing(single="<|begin|> $A", pair="<|begin|> $A $B", special_tokens=[begin])
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template])
    return tokenizer


def composed_words():
    """As Qwen's: characters composed first, then a Split of its own, single digits."""
    split = pre_tokenizers.Split(Regex(QWEN_WORDS), behavior="isolated")
    words = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer = byte_level(pre_tokenizers.Sequence([split, words]))
    tokenizer.normalizer = normalizers.NFC()
    return tokenizer


def words_and_marks():
    """As BLOOM's: words are what holds neither blanks nor punctuation."""
    split = pre_tokenizers.Split(Regex(BLOOM_WORDS), behavior="isolated")
    words = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True, use_regex=False)
    return byte_level(pre_tokenizers.Sequence([split, words]))


def merged_blanks():
    """As Gemma's: blanks become ▁ within the text; what is left of them would end a piece."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    special = ["<pad>", "<eos>", "<bos>", "<unk>"]
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("▁+[^▁]*"), behavior="isolated")  # to train only
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        limit_alphabet=90,
        special_tokens=special + [f"<0x{byte:02X}>" for byte in range(256)],
        show_progress=False,
    )
    tokenizer.train_from_iterator([*CORPUS, "a  b   c    d     e      f" * 3], trainer)
    written = json.loads(tokenizer.to_str())
    written["added_tokens"] = [t for t in written["added_tokens"] if t["content"] in special]
    tokenizer = Tokenizer.from_str(json.dumps(written))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", behavior="merged_with_previous")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<bos> $A", pair="<bos> $A <bos> $B", special_tokens=[("<bos>", 2)]
    )
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    return tokenizer


def byte_fallback():
    """As LLaMA 2's: blanks become ▁, no pre-tokenizer, bytes for unknown characters, <s> before the text."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    special = ["<unk>", "<s>", "</s>"]
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("▁+[^▁]*"), behavior="isolated")  # to train only
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        limit_alphabet=90,
        special_tokens=special + [f"<0x{byte:02X}>" for byte in range(256)],
        show_progress=False,
    )
    tokenizer.train_from_iterator([*CORPUS, "a  b   c    d     e      f" * 3], trainer)
    written = json.loads(tokenizer.to_str())
    written["pre_tokenizer"] = None
    written["added_tokens"] = [t for t in written["added_tokens"] if t["content"] in special]
    tokenizer = Tokenizer.from_str(json.dumps(written))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)]
    )
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return tokenizer


def make(name, tokenizer, config):
    folder = FIXTURES / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.json").write_text(tokenizer.to_str() + "\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(config) + "\n", encoding="utf-8")
    auto = transformers.AutoTokenizer.from_pretrained(folder)
    cases, others = [], {}
    for index, text in enumerate(TEXTS):
        ids = tokenizer.encode(text).ids
        plain = tokenizer.encode(text, add_special_tokens=False).ids
        cases.append({"text": text, "ids": ids, "plain": plain, "decoded": tokenizer.decode(ids, False)})
        if auto(text)["input_ids"] != ids:
            others[index] = auto(text)["input_ids"]
    expected = {
        "madeWith": {"tokenizers": tokenizers.__version__, "transformers": transformers.__version__},
        "vocabSize": tokenizer.get_vocab_size(),
        "cases": cases,
        "transformers": others,
    }
    (folder / "expected.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")
    print(name, tokenizer.get_vocab_size(), "transformers differs on", sorted(others))


def main(names):
    fast = {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False}
    ends = {"bos_token": "<|begin|>", "eos_token": "<|end|>"}
    llama = {"tokenizer_class": "LlamaTokenizer", "clean_up_tokenization_spaces": False, "legacy": False}
    tokens = {"bos_token": {"__type": "AddedToken", "content": "<s>"}, "eos_token": "</s>", "unk_token": "<unk>"}
    gemma = {"bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>", "pad_token": "<pad>"}
    makers = {
        "digits-and-words": (digits_and_words, fast | ends),
        "begin-and-words": (begin_and_words, fast | ends),
        "byte-fallback": (byte_fallback, llama | tokens | {"add_bos_token": True, "add_eos_token": False}),
        "composed-words": (composed_words, fast | ends),
        "words-and-marks": (words_and_marks, fast | ends),
        "merged-blanks": (merged_blanks, fast | gemma),
    }
    for name in names or makers:
        maker, config = makers[name]
        make(name, maker(), config)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    main(parser.parse_args().names)
