/**
 * The page docs/results/tasks.md from the tables that `task-table.ts` has made: methods by tasks, what D-Pruner is beside each rival, and
 * where a task says nothing of so small a model.
 *
 *     node bench/study/task-page.ts TABLE.json … > docs/results/tasks.md
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { comparisonTable, leadingFigure } from '../../src/cli/compare/comparison-rows.ts';
import { markdownTable } from '../../src/cli/markdown-table.ts';
import {
  differenceText,
  figureText,
  headedFigure,
  intervalText,
  taskFacts,
} from '../../src/cli/task-figures.ts';
import type { CompareReport, MethodPair } from '../../src/engine/comparison/comparison.ts';

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('name the tables, such as healthcare.json legal.json');

const INTRODUCTION = `# What methods keep on tasks

SmolLM2-135M-Instruct (its 4-bit release dequantised to float32), 50 % of each matrix. All methods see the same 32 samples of the domain and 32 sequences
of C4, of at most 512 tokens each. One seed, one model of 135 million parameters: what holds here need not hold for a larger one.

\`\`\`
node bench/study/task-table.ts --model smollm2 --data DATA --out OUT ${files.map(domainOf).join(' ')}
node bench/study/task-page.ts ${files.map((file) => `OUT/${basename(file)}`).join(' ')}
\`\`\`

In brackets: 95 % intervals over the items. *Not distinguishable*: from the original on the same items. *At chance level*: the interval holds what is reached
without reading.`;

console.log([INTRODUCTION, ...files.map(sectionOf)].join('\n\n'));

function domainOf(file: string): string {
  return basename(file, '.json');
}

function sectionOf(file: string): string {
  const report = JSON.parse(readFileSync(file, 'utf8')) as CompareReport;
  const { headings, rows, alignments } = comparisonTable(report);
  const domain = domainOf(file);
  return [
    `## ${domain[0].toUpperCase()}${domain.slice(1)}`,
    markdownTable(headings, rows, alignments),
    timeOf(report),
    ...chanceOf(report),
    '### D-Pruner beside each rival',
    verdictOf(report),
    'The leading figure of each task: how much higher it is than the rival’s, on the same items.',
    rivalTable(report),
    '### What the figures depend on',
    report.tasks.map((task) => `- ${task.label}: ${taskFacts(task).join('; ')}.`).join('\n'),
    calibrationOf(report),
  ].join('\n\n');
}

function timeOf({ rows, backend, peakMemoryBytes }: CompareReport): string {
  const minutes = (seconds: number) => (seconds / 60).toFixed(1);
  // Rows that share scores have the same figure, but for the microseconds in which it was found.
  const scorings = new Set(rows.map(({ seconds }) => Math.round(10 * seconds.scoring) / 10));
  const sum = (figures: Iterable<number>) => [...figures].reduce((total, figure) => total + figure, 0);
  const [scoring, pruning, measuring] = [
    sum(scorings),
    sum(rows.map(({ seconds }) => seconds.pruning)),
    sum(rows.map(({ seconds }) => seconds.measuring)),
  ];
  return `${minutes(scoring + pruning + measuring)} minutes on the backend ${backend}: scoring ${minutes(scoring)}, pruning ${minutes(pruning)}, measuring ${minutes(measuring)}. At most ${Math.round(peakMemoryBytes / 2 ** 20)} MiB of memory.`;
}

/** The tasks at which already the original is at chance level. */
function chanceOf({ rows: [dense], tasks }: CompareReport): string[] {
  return tasks.flatMap(({ label }) => {
    const { name, level, chance, value } = leadingFigure(dense, label);
    if (level === null || level === 'above chance' || chance === null) return [];
    return [
      `On ${label} the original itself is ${level} level (${headedFigure(name)} ${figureText(name, value)}, chance ${figureText(name, chance)}): these items cannot tell it from one that has not read them, and differences there say nothing of what a method keeps.`,
    ];
  });
}

/** What of the table below can be relied on, and what of it speaks against D-Pruner. */
function verdictOf(report: CompareReport): string {
  const pairs = pairsWithRivals(report);
  const told = pairs.filter(({ difference }) => difference.distinguishable);
  const worse = told.filter((pair) => !isBetter(pair));
  const listed = worse.map(({ method, rival, label }) => `${method} than ${rival} on ${label}`).join('; ');
  return [
    `Of ${pairs.length} comparisons, ${pairs.length - told.length} cannot be told apart on these items; in ${told.length - worse.length} D-Pruner is better, in ${worse.length} worse`,
    worse.length > 0 ? `: ${listed}.` : '.',
  ].join('');
}

function pairsWithRivals({ pairs }: CompareReport): MethodPair[] {
  return pairs.flatMap((pair) => {
    if (isOurs(pair.method) && isRival(pair.rival)) return [pair];
    return isOurs(pair.rival) && isRival(pair.method) ? [turned(pair)] : [];
  });
}

function isBetter({ better, difference }: MethodPair): boolean {
  return difference.difference > 0 === (better === 'higher');
}

function rivalTable(report: CompareReport): string {
  const { tasks } = report;
  const between = pairsWithRivals(report);
  const ours = [...new Set(between.map(({ method }) => method))];
  const rivals = [...new Set(between.map(({ rival }) => rival))];
  const lines = ours.flatMap((method) =>
    rivals.map((rival) => [
      method,
      rival,
      ...tasks.map(({ label }) => {
        const pair = between.find(
          (one) => one.method === method && one.rival === rival && one.label === label,
        );
        return pair ? cellOf(pair) : '';
      }),
    ]),
  );
  return markdownTable(['Method', 'Rival', ...tasks.map(({ label }) => label)], lines, [
    'left',
    'left',
    ...tasks.map(() => 'right' as const),
  ]);
}

function isOurs(method: string): boolean {
  return method.startsWith('d-pruner:criterion=balanced');
}

function isRival(method: string): boolean {
  return !method.startsWith('d-pruner');
}

function turned({ method, rival, difference, ...pair }: MethodPair): MethodPair {
  const { low, high } = difference;
  const negative = { ...difference, difference: -difference.difference, low: -high, high: -low };
  return { ...pair, method: rival, rival: method, difference: negative };
}

function cellOf(pair: MethodPair): string {
  const { name, difference } = pair;
  const verdict = difference.distinguishable
    ? `**${isBetter(pair) ? 'better' : 'worse'}**`
    : 'not distinguishable';
  return `${differenceText(name, difference.difference)} (${intervalText({ name }, difference, differenceText)}), ${verdict}`;
}

function calibrationOf({
  domainTokens,
  openTokens,
  settings,
  modelFingerprint,
  appVersion,
}: CompareReport): string {
  const of = (name: string, tokens: CompareReport['domainTokens']) =>
    tokens
      ? [`${name}: ${tokens.samples} samples, ${tokens.tokens} tokens, SHA-256 \`${tokens.sha256}\``]
      : [];
  const texts = [...of('Calibration, domain', domainTokens), ...of('open', openTokens)].join('; ');
  return `${texts}; seed ${settings.seed}. dpruner ${appVersion}, model fingerprint \`${modelFingerprint}\`.`;
}
