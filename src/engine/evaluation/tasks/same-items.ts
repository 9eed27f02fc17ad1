import type { TaskContent } from './prepared-task.ts';

/** Whether two models' items are the same ones; those of a text are not if it is cut into other tokens. */
export function areSameItems(first: TaskContent, second: TaskContent): boolean {
  if (first.kind !== 'perplexity' || second.kind !== 'perplexity') return first.kind === second.kind;
  return (
    first.windows.length === second.windows.length &&
    first.windows.every(({ inputIds, scored }, i) => {
      const other = second.windows[i];
      return (
        scored === other.scored &&
        inputIds.length === other.inputIds.length &&
        inputIds.every((id, t) => id === other.inputIds[t])
      );
    })
  );
}
