/**
 * Greedy generation by this engine and by transformers (`pytorch_generation.py`) on the same prompts, one prompt at a
 * time and no stop, one program after the other on an otherwise idle machine: time to the first token, tokens/s after it.
 *
 *   node bench/generation.ts --model DIR [--new-tokens 100] [--prompt-tokens 64] [--prompts 3] [--python PYTHON] [--threads 2]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCheckpoint } from '../src/engine/checkpoint/open-checkpoint.ts';
import { openGenerator } from '../src/engine/generation/open-generator.ts';
import { openBackend } from '../src/engine/tensor/backend.ts';
import { figures, runForJson } from './side-by-side.ts';

interface Measured {
  readonly tokens: number[][];
  readonly firstSeconds: number;
  readonly nextSeconds: number;
}

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    'new-tokens': { type: 'string', default: '100' },
    'prompt-tokens': { type: 'string', default: '64' },
    prompts: { type: 'string', default: '3' },
    python: { type: 'string', default: process.env.DPRUNER_ORACLE_PYTHON ?? '.venv/bin/python' },
    threads: { type: 'string', default: '2' },
  },
});
const { model } = values;
if (!model) throw new Error('--model is needed');
const newTokens = Number(values['new-tokens']);

const checkpoint = await openCheckpoint(model);
const prompts = randomPrompts(
  Number(values.prompts),
  Number(values['prompt-tokens']),
  checkpoint.config.vocabSize,
);
const ours = await measureEngine();
await checkpoint.close();
const { length } = prompts;
const rate = ({ nextSeconds }: Measured) => (length * (newTokens - 1)) / nextSeconds;
console.log(`engine alone: ${rate(ours).toFixed(1)} tokens/s`); // the other program may take minutes to start
const theirs = measurePyTorch();
report(
  'first token, ms',
  (1000 * ours.firstSeconds) / length,
  (1000 * theirs.firstSeconds) / length,
  'transformers / engine',
);
report('next tokens, a second', rate(ours), rate(theirs), 'engine / transformers', true);
const equal = ours.tokens.filter((tokens, i) => tokens.join() === theirs.tokens[i].join()).length;
console.log(`${equal} of ${length} continuations are the same, token for token`);

function report(what: string, engine: number, pytorch: number, ratio: string, more = false): void {
  const quotient = more ? engine / pytorch : pytorch / engine;
  console.log(`${figures(what, engine, pytorch)}   ${ratio} = ${quotient.toFixed(2)}`);
}

/** Of a fixed seed; ids below 3 are special in most vocabularies. */
function randomPrompts(count: number, tokens: number, vocabSize: number): number[][] {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 3 + (state % (vocabSize - 3));
  };
  return Array.from({ length: count }, () => Array.from({ length: tokens }, next));
}

async function measureEngine(): Promise<Measured> {
  await openBackend(null);
  const generator = await openGenerator(checkpoint);
  await generator.generate([prompts[0]], { maxNewTokens: 4, stopIds: [] }); // warm
  const measured = { tokens: [] as number[][], firstSeconds: 0, nextSeconds: 0 };
  for (const prompt of prompts) {
    const startedAtMs = performance.now();
    let firstAtMs = 0;
    const onToken = () => {
      firstAtMs ||= performance.now();
    };
    const [found] = await generator.generate([prompt], { maxNewTokens: newTokens, stopIds: [], onToken });
    measured.tokens.push(found);
    measured.firstSeconds += (firstAtMs - startedAtMs) / 1000;
    measured.nextSeconds += (performance.now() - firstAtMs) / 1000;
  }
  await generator.close();
  return measured;
}

function measurePyTorch(): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'dpruner-bench-'));
  try {
    const file = join(folder, 'prompts.jsonl');
    writeFileSync(file, prompts.map((ids) => `${JSON.stringify({ input_ids: ids })}\n`).join(''));
    const options = ['--model', model as string, '--prompts', file, '--new-tokens', `${newTokens}`];
    const threads = ['--threads', values.threads];
    return runForJson(values.python, ['bench/pytorch_generation.py', ...options, ...threads]) as Measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
