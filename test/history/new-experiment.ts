import { experimentRequest } from '../../src/contract/experiment-request.ts';

/** An experiment as the service puts it into the list. */
export const newExperiment = (name: string) => ({
  request: experimentRequest.parse({ experiment: 'distributions', name, runIds: [1] }),
  modelName: 'Small',
  modelDir: '/models/small',
  at: '2026-01-01T10:00:00.000Z',
});
