/**
 * What the sparsity sweep's seven points cost beside the scoring of one, evaluation aside: a sweep of one point and one of seven,
 * each in a work folder of its own, so that neither borrows from the other.
 *
 *   node bench/sweep-cost.ts --model DIR --domain TOKENS.jsonl --open TOKENS.jsonl [--criterion balanced]
 *
 * The token files hold a line `{"input_ids": [...]}` a sequence (`bench/study/make-tokens.ts`). Exit code 1: more than 1.5 times.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pruneSettings } from '../src/contract/settings.ts';
import { runExperiment } from '../src/engine/experiments/run-experiment.ts';

const MOST = 1.5;

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    domain: { type: 'string' },
    open: { type: 'string' },
    criterion: { type: 'string', default: 'balanced' },
  },
});
const { model, domain, open } = values;
if (!model || !domain || !open) throw new Error('--model, --domain and --open are needed');

const folder = mkdtempSync(join(tmpdir(), 'dpruner-sweep-cost-'));
try {
  const one = await sweep(model, domain, open, ['0.5']);
  const seven = await sweep(model, domain, open, null);
  const times = (seven.scoring + seven.pruning) / one.scoring;
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  console.log(`scoring of one point: ${seconds(one.scoring)}; its mask: ${seconds(one.pruning)}`);
  console.log(`seven points: scoring ${seconds(seven.scoring)}, masks ${seconds(seven.pruning)}`);
  console.log(`seven points cost ${times.toFixed(2)} times the scoring of one (at most ${MOST})`);
  if (times > MOST) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param points null: the usual seven */
async function sweep(modelDir: string, domainFile: string, openFile: string, points: string[] | null) {
  const { seconds } = await runExperiment(
    {
      experiment: 'sparsity',
      values: points,
      modelDir,
      workDir: join(folder, points ? 'one' : 'seven'),
      settings: pruneSettings.parse({ criterion: values.criterion }),
      calibration: { kind: 'tokens', domainFile, openFile },
      texts: [{ name: 'open', kind: 'tokens', file: openFile }],
      ...{ window: 256, stride: 256, maxTokens: 256, backend: null },
    },
    ({ message }) => message && process.stderr.write(`\r${message}\u001b[K`),
  );
  process.stderr.write('\n');
  return seconds;
}
