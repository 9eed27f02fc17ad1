/**
 * Refinements of the criterion `balanced` that docs/results/criteria.md speaks of: other masks from the same scores,
 * importance scored anew on a model that is pruned in part, and other numbers of samples. What is finished stays in --out, so that a series that was stopped goes on.
 *
 *     node bench/study/refinements.ts --model DIR --tokens PREFIX --text legal=FILE --text open=FILE --out DIR \
 *       [--samples 8,16,32] [--max-tokens 8192]
 *
 * PREFIX-N is what make-tokens.ts wrote for N samples of either text; PREFIX-32 is what all but the numbers of samples use.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { EvaluateTasksReport } from '../../src/engine/evaluate-tasks.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    tokens: { type: 'string' },
    text: { type: 'string', multiple: true, default: [] },
    out: { type: 'string' },
    samples: { type: 'string', default: '8,16,32' },
    'max-tokens': { type: 'string', default: '8192' },
  },
});
const { model, tokens, out } = values;
if (!model || !tokens || !out) throw new Error('--model, --tokens and --out are needed');
mkdirSync(out, { recursive: true });

const USUAL = '32';
const SPARSITIES = ['0.5', '0.6'] as const;
/** How sparse the model is that the importance for a sparsity is scored on. */
const HALFWAY = { '0.5': '0.3', '0.6': '0.4' } as const;

/** Other masks from the same scores. */
const VARIANTS = [
  ['mu 0.25', '--mu', '0.25'],
  ["OWL's allocation", '--allocation', 'owl'],
  ['within blocks of columns', '--blocking', 'iterative'],
] as const;

for (const sparsity of SPARSITIES) {
  measured(`balanced, ${sparsity}`, (folder) => remask(scores(model, USUAL), sparsity, folder));
  for (const [name, ...options] of VARIANTS)
    measured(`${name}, ${sparsity}`, (folder) => remask(scores(model, USUAL), sparsity, folder, ...options));
  measured(`scored anew at ${HALFWAY[sparsity]}, ${sparsity}`, (folder) => {
    const halfway = `${folder}-halfway`;
    if (!existsSync(halfway)) remask(scores(model, USUAL), HALFWAY[sparsity], halfway);
    remask(scores(halfway, USUAL), sparsity, folder);
    rmSync(halfway, { recursive: true });
  });
}
for (const samples of values.samples.split(',')) {
  measured(`balanced of ${samples} samples, 0.5`, (folder) => remask(scores(model, samples), '0.5', folder));
  measured(`wanda of ${samples} samples, 0.5`, (folder) =>
    dpruner('prune', [
      ...['--model', model, '--method', 'wanda', '--calibrate-on', 'both', '--sparsity', '0.5'],
      ...[...calibration(samples), '--out', folder, '--run', `${folder}-run`, '--force'],
    ]),
  );
}

/** The run that scored a model by so many samples; it is made where it is not there. */
function scores(modelDir: string, samples: string): string {
  const run = modelDir === model ? join(out as string, `scores-${samples}`) : `${modelDir}-scores`;
  const pruned = `${run}-model`;
  if (existsSync(pruned)) return run;
  const resume = existsSync(run) ? ['--resume'] : [];
  dpruner('prune', [
    ...['--model', modelDir, '--criterion', 'balanced', ...calibration(samples)],
    ...['--out', pruned, '--run', run, ...resume],
  ]);
  return run;
}

function calibration(samples: string): string[] {
  const folder = `${tokens}-${samples}`;
  return ['--tokens', join(folder, 'domain.jsonl'), '--open-tokens', join(folder, 'open.jsonl')];
}

function remask(run: string, sparsity: string, folder: string, ...more: string[]): void {
  dpruner('remask', ['--run', run, '--sparsity', sparsity, ...more, '--out', folder, '--force']);
}

/** Makes a model, measures it and prints its line of the table. */
function measured(name: string, make: (folder: string) => void): void {
  const file = join(out as string, `${name.replaceAll(/[^a-z0-9.]+/gi, '-')}.json`);
  if (!existsSync(file)) {
    const folder = file.replace(/\.json$/, '');
    make(folder);
    const tasks = values.text.map((text) => `perplexity:${text}`);
    const read = ['--window', '1024', '--stride', '1024', '--max-tokens', values['max-tokens']];
    writeFileSync(file, dpruner('evaluate', ['--model', folder, '--task', ...tasks, ...read]));
    rmSync(folder, { recursive: true });
  }
  const { tasks } = JSON.parse(readFileSync(file, 'utf8')) as Pick<EvaluateTasksReport, 'tasks'>;
  const figures = tasks.map((task) => task.figures[0].value.toPrecision(4)); // perplexity leads
  console.log(`| ${[name, ...figures].join(' | ')} |`);
}

function dpruner(command: string, options: readonly string[]): string {
  const script = fileURLToPath(new URL('../../scripts/dpruner.mjs', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [script, command, '--json', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`dpruner ${command} ended with exit code ${status}`);
  return stdout;
}
