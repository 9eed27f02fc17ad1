import { describe, expect, it } from 'vitest';
import { sharedFigures } from '../../../renderer/compare/tasks-side-by-side.ts';
import type { TaskResult } from '../../../src/contract/task.ts';

const task = (name: string, sha256: string, value: number): TaskResult => ({
  ...{ name, task: 'casehold', title: 'CaseHOLD', files: [{ path: `/${name}.csv`, sha256 }] },
  ...{ items: 10, ofItems: 20, seed: 0, contextLength: 512, stride: null, maxTokens: null, truncated: 0 },
  backend: 'tensorflow',
  figures: (['macroF1', 'accuracy'] as const).map((figure) => ({
    ...{ name: figure, better: 'higher', chance: 0.2, pruned: null },
    dense: { value, low: 0, high: 1 },
  })),
});

describe('sharedFigures', () => {
  it('puts figures of the same items into one row, whatever the runs call the task', () => {
    const rows = sharedFigures([
      { tasks: [task('Cases', 'a', 0.4), task('Own', 'b', 0.5)] },
      { tasks: [task('Holdings', 'a', 0.6)] },
    ]);
    expect(rows.map(({ task, name }) => `${task.name} ${name}`)).toEqual([
      'Cases macroF1',
      'Cases accuracy',
      'Own macroF1',
      'Own accuracy',
    ]);
    expect(rows[0]?.figures.map((figure) => figure?.dense.value ?? null)).toEqual([0.4, 0.6]);
    expect(rows[2]?.figures.map((figure) => figure?.dense.value ?? null)).toEqual([0.5, null]);
  });

  it('has no row without tasks', () => {
    expect(sharedFigures([{ tasks: [] }, { tasks: [] }])).toEqual([]);
  });
});
