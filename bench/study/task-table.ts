/**
 * The tables of docs/results/tasks.md: six methods beside the dense model on a domain's tasks, a `compare` for each domain.
 * What is finished stays in --out, so that a table that was stopped goes on.
 *
 *     node bench/study/task-table.ts --model DIR --data DIR --out DIR [--items 200] [healthcare] [legal]
 *
 * The data folder holds the files named below: ready prompts in JSONL, and plain texts for perplexity.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { engineEnvironment } from '../../scripts/engine-environment.mjs';
import { engineNodeOptions } from '../../src/engine/node-options.mjs';

const DOMAINS = {
  healthcare: {
    data: ['mednli=none', 'pubmedqa=medical/pubmedqa_train.jsonl', 'hqs=medical/hqs_train.jsonl'],
    tasks: ['pubmedqa=medical/pubmedqa_test.jsonl', 'hqs=medical/hqs_test.jsonl'],
    text: 'perplexity:healthcare=medical/perplexity.txt',
  },
  legal: {
    data: ['casehold=legal/casehold_train.jsonl', 'billsum=legal/billsum_train.jsonl'],
    tasks: ['casehold=legal/casehold_test.jsonl', 'billsum=legal/billsum_test.jsonl'],
    text: 'perplexity:legal=legal/multilegalpile.txt',
  },
} as const;
type Domain = keyof typeof DOMAINS;

const OPEN_CALIBRATION = 'open/calibration.jsonl';
const OPEN_TEXT = 'perplexity:open=open/heldout_test.txt';
/** In the order of the table's rows. */
const METHODS = [
  'magnitude',
  'wanda',
  'sparsegpt',
  'd-pruner:criterion=balanced',
  'd-pruner:criterion=balanced+compensate',
  'd-pruner:criterion=paper',
];

const { values, positionals } = parseArgs({
  options: {
    model: { type: 'string' },
    data: { type: 'string' },
    out: { type: 'string' },
    items: { type: 'string', default: '200' },
  },
  allowPositionals: true,
});
const { model, data, out } = values;
if (!model || !data || !out) throw new Error('--model, --data and --out are needed');
mkdirSync(out, { recursive: true });

for (const domain of positionals.length > 0 ? positionals : Object.keys(DOMAINS)) {
  if (!(domain in DOMAINS))
    throw new Error(`no domain ${domain}; there are ${Object.keys(DOMAINS).join(', ')}`);
  const startedAtMs = performance.now();
  makeTable(domain as Domain, model, data, join(out, domain));
  const minutes = (performance.now() - startedAtMs) / 60_000;
  console.log(`${domain}: ${join(out, domain)}.md after ${minutes.toFixed(1)} minutes`);
}

function makeTable(domain: Domain, modelDir: string, dataDir: string, base: string): void {
  const { data: parts, tasks, text } = DOMAINS[domain];
  const inFolder = (source: string) => {
    const [name, file] = source.split('=');
    return file === 'none' ? source : `${name}=${join(dataDir, file)}`;
  };
  const options = [
    ...['--model', modelDir, '--methods', METHODS.join(','), '--sparsity', '0.5'],
    ...['--preset', domain, ...parts.flatMap((part) => ['--data', inFolder(part)])],
    ...['--open', join(dataDir, OPEN_CALIBRATION), '--calibrate-on', 'both'],
    ...[
      '--samples',
      '32',
      '--sequence-length',
      '512',
      '--open-samples',
      '32',
      '--open-sequence-length',
      '512',
    ],
    ...['--tasks', ...[...tasks, text, OPEN_TEXT].map(inFolder), '--items', values.items],
    ...['--window', '2048', '--stride', '2048', '--max-tokens', '12288', '--out', base, '--force'],
  ];
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, [...engineNodeOptions, main, 'compare', ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...engineEnvironment, ...process.env },
  });
  if (status !== 0) throw new Error(`${domain} ended with exit code ${status}`);
}
