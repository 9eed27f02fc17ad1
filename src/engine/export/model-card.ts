import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { describeMethod } from '../../contract/titles.ts';
import type { ExportReport } from './export-pruned.ts';

export const CARD_FILE = 'README.md';
/** The source's card, which speaks of another model than this one. */
export const SOURCE_CARD_FILE = 'README.original.md';

/** What a card says of a record, where the record has it. */
const told = z.object({
  appVersion: z.string().optional(),
  modelFingerprint: z.string().optional(),
  settings: z
    .object({
      method: z.string(),
      criterion: z.string(),
      mu: z.number(),
      compensate: z.boolean(),
      seed: z.number(),
    })
    .optional(),
});

type Written = Pick<ExportReport, 'size' | 'zeros'>;

/** The pruned model's card, the same for the same model: what it is and is not. The metadata at the head of the source's card, its licence among them, stay. */
export function modelCard(
  sourceDir: string,
  sourceCard: string | null,
  record: Record<string, unknown>,
  { size, zeros }: Written,
): string {
  const { appVersion, modelFingerprint, settings } = told.safeParse(record).data ?? {};
  const head = sourceCard === null ? '' : (/^---\r?\n[\s\S]*?\r?\n---\r?\n/.exec(sourceCard)?.[0] ?? '');
  const share = Number(((100 * zeros) / size).toFixed(2));
  const rows = [
    ['Original', `\`${basename(sourceDir)}\``],
    ...(modelFingerprint ? [['SHA-256 over the original’s files', `\`${modelFingerprint}\``]] : []),
    ['Made by', `D-Pruner Desktop ${appVersion ?? ''}`.trim()],
    ...(settings
      ? [
          ['Method', describeMethod(settings)],
          ['Seed', String(settings.seed)],
        ]
      : []),
    ['Zeros', `${zeros.toLocaleString('en')} of ${size.toLocaleString('en')} prunable weights (${share} %)`],
  ];
  const kept =
    settings?.compensate || settings?.method === 'sparsegpt' ? 'were updated' : 'are the original’s';
  return `${head}${head === '' ? '' : '\n'}# ${basename(sourceDir)}, pruned

A pruned language model. Weights of the attention and feed-forward matrices that mattered least were set to zero; the
others ${kept}. Embeddings, norms and the output head were left as they were.

| | |
|---|---|
${rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

## What to expect
- It is neither smaller nor faster by itself: a zero takes as much room as any number, and runtimes that do not know sparse
  weights run it at the original’s speed and memory.
- It answers worse than the original, most of all outside of the domain that it was pruned for. Measure it on texts and
  tasks of your own before you rely on it.
- Fine-tuning it changes zeros back into numbers unless the mask is held.
- What the original must not be used for, this one must not be used for either${sourceCard === null ? '' : `: see \`${SOURCE_CARD_FILE}\``}.

\`dpruner.json\` has all settings, versions, and the hashes of weights and calibration data. No text that the model was pruned on
is in this folder.
`;
}

/** null where the source has none. */
export const readSourceCard = (sourceDir: string): Promise<string | null> =>
  readFile(join(sourceDir, CARD_FILE), 'utf8').catch(() => null);
