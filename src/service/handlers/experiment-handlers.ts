import { readExperiment } from '../experiments/read-experiment.ts';
import type { Keeper } from '../keeper.ts';
import type { HandlersOf } from './handlers.ts';

export function experimentHandlers({ policy }: Keeper): HandlersOf<'experiments'> {
  return {
    'experiments.open': ({ file }) => {
      policy.assertAllowed(file);
      return readExperiment(file);
    },
  };
}
