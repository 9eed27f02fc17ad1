import type { Keeper } from '../keeper.ts';
import { runReport } from '../report/run-report.ts';
import type { ExportDesk } from '../runs/export-desk.ts';
import type { OutputFolders } from '../runs/output-folders.ts';
import { writeNewFile } from '../write-new-file.ts';
import type { Handlers, HandlersOf } from './handlers.ts';
import { readDistributions, resultOf } from './result-handlers.ts';

type ReportHandlers = HandlersOf<'reports'>;

export function exportHandlers(
  keeper: Keeper,
  desk: ExportDesk,
  outputs: OutputFolders,
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
      return outputs.claim(request.outDir, () => desk.start(request));
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
