import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type RunRequest, type RunRequestInput, runRequest } from '../../src/contract/run-request.ts';
import { DEMO, DEMO_MODEL } from '../../src/service/demo.ts';

export const LEGAL_TEXT = join(DEMO, 'data/legal-test.txt');
export const GENERAL_TEXT = join(DEMO, 'data/general-test.txt');
const DOMAIN_FILE = join(DEMO, 'data/legal-calibration.jsonl');
const OPEN_FILE = join(DEMO, 'data/general-calibration.jsonl');

/** The demo model with a small calibration: seconds instead of half a minute. */
export function smallRun(outDir: string, changes: Partial<RunRequestInput> = {}): RunRequest {
  return runRequest.parse({
    name: 'Small',
    modelDir: DEMO_MODEL,
    outDir,
    settings: {
      criterion: 'balanced',
      samples: 24,
      sequenceLength: 96,
      openSamples: 12,
      openSequenceLength: 96,
    },
    calibration: {
      preset: JSON.parse(readFileSync(join(DEMO, 'preset.json'), 'utf8')),
      data: { licenses: [DOMAIN_FILE] },
      openFiles: [OPEN_FILE],
    },
    evaluation: {
      texts: [
        { name: 'Legal', role: 'domain', file: LEGAL_TEXT },
        { name: 'General', role: 'general', file: GENERAL_TEXT },
      ],
      maxTokens: 1000,
    },
    ...changes,
  });
}

/** The same with enough calibration to be met while it is at work. */
export const longRun = (outDir: string, changes: Partial<RunRequestInput> = {}): RunRequest =>
  smallRun(outDir, {
    name: 'Long',
    settings: {
      criterion: 'balanced',
      samples: 64,
      sequenceLength: 256,
      openSamples: 48,
      openSequenceLength: 256,
    },
    evaluation: { texts: [] },
    ...changes,
  });

/** The command line's arguments for the same run. */
export function pruneArguments({ modelDir, outDir, settings }: RunRequest, runDir: string): string[] {
  const { samples, sequenceLength, openSamples, openSequenceLength } = settings;
  return [
    ...['prune', '--model', modelDir, '--out', outDir, '--run', runDir, '--json'],
    ...['--preset', join(DEMO, 'preset.json'), '--data', `licenses=${DOMAIN_FILE}`, '--open', OPEN_FILE],
    ...['--samples', samples, '--sequence-length', sequenceLength].map(String),
    ...['--open-samples', openSamples, '--open-sequence-length', openSequenceLength].map(String),
  ];
}

/** SHA-256 of every file of a folder, by its path there. */
export function hashesOf(folder: string): Record<string, string> {
  const files = globSync('**', { cwd: folder }).filter((name) => statSync(join(folder, name)).isFile());
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(files.sort().map((name) => [name, hash(name)]));
}
