import { existsSync } from 'node:fs';
import { UserError } from '../../contract/error.ts';
import type { Keeper } from '../keeper.ts';
import { runReport } from '../report/run-report.ts';
import type { ExportDesk } from '../runs/export-desk.ts';
import { writeNewFile } from '../write-new-file.ts';
import type { Handlers, HandlersOf } from './handlers.ts';
import { readDistributions, resultOf } from './result-handlers.ts';

type ReportHandlers = HandlersOf<'reports'>;

export function exportHandlers(
  keeper: Keeper,
  desk: ExportDesk,
  detailOf: Handlers<'runs.get'>['runs.get'],
): HandlersOf<'exports'> & ReportHandlers {
  const { runs, exports, folders, policy } = keeper;
  const report = async (runId: number): Promise<string> => {
    const run = await runs.get(runId);
    return runReport({
      detail: await detailOf({ runId }),
      result: resultOf(run, folders.engineRun(runId)),
      distributions: await readDistributions(folders.distributions(runId)).catch(() => null),
      exports: await exports.ofRun(runId),
      datasets: await runs.datasetsOf(runId),
    });
  };
  return {
    'exports.start': (request) => {
      policy.assertAllowed(request.outDir);
      if (existsSync(request.outDir)) throw outputExists(request.outDir);
      return desk.start(request);
    },
    'exports.list': async ({ runId }) => (await exports.ofRun(runId)).map((known) => desk.live(known)),
    'exports.cancel': ({ exportId }) => desk.cancel(exportId),
    'reports.html': async ({ runId }) => ({ html: await report(runId) }),
    'reports.save': async ({ runId, file }) => {
      policy.assertAllowed(file);
      await writeNewFile(file, await report(runId));
      return {};
    },
  };
}

const outputExists = (outDir: string) =>
  new UserError(
    'OUTPUT_EXISTS',
    `${outDir} is there already.`,
    'Choose another output folder; nothing is overwritten.',
  );
