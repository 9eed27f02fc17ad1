/**
 * The study of docs/results/criteria.md: which method keeps the most of a model, on the domain and on open text, when all are
 * calibrated on the same sequences. Each step is a `compare` of its own that leaves its table in --out; a study that was
 * stopped goes on. `--report` makes the page's tables from what is there.
 *
 *     node bench/study/study.ts --model DIR --domain legal=CALIBRATION_FOLDER_PREFIX,TEXT --domain … --open TEXT \
 *       --seeds 0,1,2 --out DIR [--max-tokens 8192] [--methods METHOD,…]
 *
 * CALIBRATION_FOLDER_PREFIX-SEED is what make-tokens.ts wrote for a seed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { METHODS, SEEDLESS, type Step, stepName } from './steps.ts';
import { writeStudyTables } from './study-tables.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    domain: { type: 'string', multiple: true, default: [] },
    open: { type: 'string' },
    seeds: { type: 'string', default: '0,1,2' },
    'max-tokens': { type: 'string', default: '8192' },
    out: { type: 'string' },
    report: { type: 'boolean', default: false },
    methods: { type: 'string' },
  },
});
const { model, open, out } = values;
if (!out) throw new Error('--out is needed');

const seeds = values.seeds.split(',').map(Number);
const domains = values.domain.map((domain) => {
  const [, name, tokens, text] = /^([^=]+)=([^,]+),(.+)$/.exec(domain) ?? [];
  if (!name || !tokens || !text) throw new Error(`--domain is NAME=CALIBRATION,TEXT, not ${domain}`);
  return { name, tokens, text };
});

/** The sparsity that matters most for every seed first, then the others seed by seed. */
const steps: Step[] = [
  ...seeds.flatMap((seed) =>
    domains.map((domain) => ({ domain: domain.name, seed, pattern: 'unstructured', sparsity: 0.5 }) as const),
  ),
  ...seeds.flatMap((seed) =>
    domains.flatMap(({ name }) => [
      { domain: name, seed, pattern: '2:4', sparsity: 0.5 } as const,
      { domain: name, seed, pattern: 'unstructured', sparsity: 0.6 } as const,
      { domain: name, seed, pattern: 'unstructured', sparsity: 0.3 } as const,
    ]),
  ),
];

if (!values.report) {
  if (!model || !open) throw new Error('--model and --open are needed');
  mkdirSync(out, { recursive: true });
  for (const step of steps) run(step, model, open, out);
}
writeStudyTables(out, steps);

function run(step: Step, modelDir: string, openText: string, folder: string): void {
  const base = join(folder, stepName(step));
  if (existsSync(`${base}.json`)) return;
  const domain = domains.find(({ name }) => name === step.domain);
  if (!domain) throw new Error(`no domain ${step.domain}`);
  const tokens = `${domain.tokens}-${step.seed}`;
  const all = values.methods?.split(',') ?? METHODS;
  const methods = all.filter((method) => step.seed === seeds[0] || !SEEDLESS.has(method));
  const options = [
    ...['--model', modelDir, '--methods', methods.join(','), '--sparsity', String(step.sparsity)],
    ...(step.pattern === 'unstructured' ? [] : ['--pattern', step.pattern]),
    ...['--tokens', join(tokens, 'domain.jsonl'), '--open-tokens', join(tokens, 'open.jsonl')],
    ...['--calibrate-on', 'both', '--seed', String(step.seed)],
    ...['--perplexity', `${domain.name}=${domain.text}`, '--perplexity', `open=${openText}`],
    ...['--window', '1024', '--stride', '1024', '--max-tokens', values['max-tokens']],
    // One work folder for a domain and seed: the scores are made once and masked many times.
    ...['--out', base, '--work', join(folder, `${domain.name}-${step.seed}-work`)],
  ];
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, [main, 'compare', ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`${stepName(step)} ended with ${status}`);
}
