import { z } from 'zod';
import { dataInspection, dataPreview, dataQuestion } from '../../contract/data-inspection.ts';
import { hardwareReport } from '../../contract/hardware.ts';
import { maskSimilarity } from '../../contract/importance.ts';
import { modelInspection } from '../../contract/model.ts';
import { problem } from '../../contract/problem.ts';
import { runRequest } from '../../contract/run-request.ts';
import { sampleAnswer } from '../../contract/sample-answers.ts';
import { maskedRun } from '../results/compare-masks.ts';
import { promptForModel } from '../results/prompt-for-model.ts';
import { datasetUse } from '../runs/worker-message.ts';

/**
 * What takes too long, or reads too untrusted a file, for the service's own process: each is done by a process of its own,
 * which ends with it.
 */
export const taskDefinitions = {
  'inspect-model': { input: z.strictObject({ dir: z.string() }), output: modelInspection },
  'inspect-data': { input: dataQuestion, output: dataInspection },
  'preview-data': {
    input: z.strictObject({
      file: z.string(),
      part: dataQuestion.shape.part,
      count: z.int(),
      isMasked: z.boolean(),
    }),
    output: dataPreview,
  },
  'hash-inputs': { input: runRequest, output: z.array(datasetUse) },
  'hash-file': { input: z.strictObject({ file: z.string() }), output: z.string() },
  'check-hardware': {
    input: z.strictObject({ request: runRequest, scratchFolder: z.string() }),
    output: hardwareReport,
  },
  answer: { input: promptForModel, output: sampleAnswer },
  'compare-masks': { input: z.array(maskedRun), output: maskSimilarity },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type TaskName = keyof typeof taskDefinitions;
export type TaskInput<Name extends TaskName> = z.output<(typeof taskDefinitions)[Name]['input']>;
export type TaskOutput<Name extends TaskName> = z.output<(typeof taskDefinitions)[Name]['output']>;

export const taskOrder = z.strictObject({
  name: z.enum(Object.keys(taskDefinitions) as [TaskName, ...TaskName[]]),
  input: z.unknown(),
});

export const taskReply = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), output: z.unknown() }),
  z.strictObject({ kind: z.literal('refused'), problem, where: z.string() }),
]);
