import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Step, stepName } from './steps.ts';

/** What is read of a comparison's JSON. */
interface Row {
  readonly method: string;
  readonly perplexities: Readonly<Record<string, { readonly perplexity: number }>>;
}

/** Writes DIR/tables.md: for each domain and sparsity, means over the seeds and the spread between the least and the most. */
export function writeStudyTables(dir: string, steps: readonly Step[]): void {
  const kinds = new Map<string, Step[]>();
  for (const step of steps) {
    if (!existsSync(join(dir, `${stepName(step)}.json`))) continue;
    const kind = `${step.domain}, ${step.pattern === 'unstructured' ? `${100 * step.sparsity} %` : step.pattern}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), step]);
  }
  const tables = [...kinds].map(([kind, found]) =>
    tableOf(
      kind,
      found.map((step) => rowsOf(dir, step)),
      found,
    ),
  );
  writeFileSync(join(dir, 'tables.md'), `${tables.join('\n')}\n`);
}

const rowsOf = (dir: string, step: Step): Row[] =>
  JSON.parse(readFileSync(join(dir, `${stepName(step)}.json`), 'utf8')).rows;

function tableOf(kind: string, bySeed: readonly Row[][], steps: readonly Step[]): string {
  const texts = Object.keys(bySeed[0][0].perplexities);
  const lines = bySeed[0].map(({ method }) => {
    const found = bySeed.flatMap((rows) => rows.filter((row) => row.method === method));
    const cells = texts.map((text) => spreadOf(found.map((row) => row.perplexities[text].perplexity)));
    return `| ${method} | ${cells.join(' | ')} |`;
  });
  const seeds = steps.map(({ seed }) => seed).join(', ');
  return [
    `### ${kind} (seeds ${seeds})`,
    '',
    `| | ${texts.join(' | ')} |`,
    `|---|${texts.map(() => '---|').join('')}`,
    ...lines,
    '',
  ].join('\n');
}

/** `21.8 (21.5–22.1)`, or one figure alone. */
function spreadOf(figures: readonly number[]): string {
  const mean = figures.reduce((total, figure) => total + figure, 0) / figures.length;
  const [least, most] = [Math.min(...figures), Math.max(...figures)].map((figure) => figure.toPrecision(4));
  return figures.length === 1 || least === most
    ? mean.toPrecision(4)
    : `${mean.toPrecision(4)} (${least}–${most})`;
}
