import { pairedBootstrap } from '../evaluation/paired-bootstrap.ts';
import type { PreparedTask } from '../evaluation/tasks/prepared-task.ts';
import { figuresOf } from '../evaluation/tasks/task-figures.ts';
import type { MeasuredModel, MethodPair } from './comparison.ts';

/** Every two methods at one sparsity beside each other on the same items, by the leading figure of each task. */
export function methodPairs(
  tasks: readonly PreparedTask[],
  models: readonly MeasuredModel[],
): readonly MethodPair[] {
  const pruned = models.flatMap(({ method, settings, tasks: outcomes }) =>
    settings ? [{ method, sparsity: settings.sparsity, outcomes }] : [],
  );
  return tasks.flatMap(({ facts: { label, definition, seed } }, task) => {
    const leading = pruned.map(({ outcomes }) => figuresOf(definition, outcomes[task])[0]);
    return pruned.flatMap(({ method, sparsity }, i) =>
      pruned.slice(0, i).flatMap((rival, j): MethodPair[] => {
        if (rival.sparsity !== sparsity) return [];
        const { name, better, items, of } = leading[i];
        const difference = pairedBootstrap(items, leading[j].of, of, seed);
        return [{ label, name, better, sparsity, method, rival: rival.method, difference }];
      }),
    );
  });
}
