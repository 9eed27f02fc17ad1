import { UserError } from '../../contract/error.ts';
import type { Keeper } from '../keeper.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { Handlers } from './handlers.ts';

export function dataHandlers(
  { policy, audit, folders, runs }: Keeper,
  tasks: TaskRunner,
): Handlers<'data.inspect' | 'data.preview' | 'data.used' | 'hardware.check'> {
  return {
    'data.inspect': (question) => {
      policy.assertAllowed(question.modelDir, ...question.files, ...question.evaluationFiles);
      return tasks.run('inspect-data', question);
    },
    'data.preview': async ({ file, part, count, reveal }) => {
      policy.assertAllowed(file);
      if (reveal && !policy.allowsUnmaskedPreview) throw maskedOnly();
      const preview = await tasks.run('preview-data', { file, part, count, isMasked: !reveal });
      if (reveal) {
        const sha256 = await tasks.run('hash-file', { file });
        await audit.append('data.revealed', file, { sha256, records: preview.records.length });
      }
      return preview;
    },
    'data.used': () => runs.usedDatasets(),
    'hardware.check': ({ request }) => {
      policy.assertAllowed(request.modelDir, request.outDir);
      return tasks.run('check-hardware', { request, scratchFolder: folders.data });
    },
  };
}

const maskedOnly = () =>
  new UserError(
    'POLICY_MASKED',
    "Your administrators' policy lets records be shown masked only.",
    'Open the file in a program of your own if you may.',
  );
