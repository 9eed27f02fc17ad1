import { open } from 'node:fs/promises';
import { UserError } from '../../contract/error.ts';
import { type ExperimentReport, experimentReport } from '../../contract/experiment.ts';

/** Far above any real report. */
const MAX_BYTES = 64 * 2 ** 20;

/** What an experiment wrote. @throws UserError EXPERIMENT_INVALID */
export async function readExperiment(path: string): Promise<ExperimentReport> {
  const parsed = experimentReport.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(path, `${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
}

async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(path, 'it is not JSON');
  }
}

async function readText(path: string): Promise<string> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw invalid(path, `it cannot be read (${error.code})`);
  });
  try {
    const { size } = await file.stat();
    if (size > MAX_BYTES) throw invalid(path, `it has ${size} bytes`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

const invalid = (path: string, reason: string) =>
  new UserError(
    'EXPERIMENT_INVALID',
    `${path} is not the report of an experiment: ${reason}.`,
    'Choose the .json file that `dpruner experiment` wrote.',
  );
