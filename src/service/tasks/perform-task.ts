import { type TaskInput, type TaskName, type TaskOutput, taskDefinitions } from './task-definitions.ts';

type Performers = { [Name in TaskName]: (input: TaskInput<Name>) => Promise<TaskOutput<Name>> };

/** Each loads what it needs, and no more: most do without the tensor engine. */
const performers: Performers = {
  'inspect-model': async ({ dir }) => (await import('../models/inspect-model.ts')).inspectModel(dir),
  'inspect-data': async (question) => (await import('../data/inspect-data.ts')).inspectData(question),
  'preview-data': async (question) => (await import('../data/preview-data.ts')).previewData(question),
  'hash-inputs': async (request) => (await import('../runs/run-inputs.ts')).hashInputs(request),
  'hash-file': async ({ file }) => (await import('../../engine/calibration/hash-file.ts')).hashFile(file),
  'check-hardware': async (question) =>
    (await import('../hardware/check-hardware.ts')).checkHardware(question),
  answer: async (question) => (await import('../results/answer.ts')).answer(question),
  'compare-masks': async (runs) => (await import('../results/compare-masks.ts')).compareMasks(runs),
};

export async function performTask(name: TaskName, input: unknown): Promise<unknown> {
  const perform = performers[name] as (input: unknown) => Promise<unknown>;
  return perform(taskDefinitions[name].input.parse(input));
}
