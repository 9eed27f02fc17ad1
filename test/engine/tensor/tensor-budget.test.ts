import { afterEach, beforeAll, expect, it } from 'vitest';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { add, memory, ones, tidy } from '../../../src/engine/tensor/ops.ts';
import { enterStage, leaveStage, setTensorBudgets } from '../../../src/engine/tensor/tensor-budget.ts';

beforeAll(async () => void (await openBackend('cpu')));
afterEach(() => {
  setTensorBudgets(new Map());
  leaveStage();
});

it('counts the most bytes of tensors that a stage held', () => {
  setTensorBudgets(new Map());
  enterStage('forward');
  tidy(() => add(ones([256, 256]), 1));
  expect(leaveStage()).toBe(2 * 4 * 256 ** 2 + 4);
});

it('stops a stage that wants more tensors than its budget, and says what to do', () => {
  const before = memory().numBytes;
  setTensorBudgets(new Map([['forward', 2 ** 20]]));
  enterStage('forward');
  const work = () => tidy(() => [1, 2, 3].map(() => ones([512, 256])));
  expect(work).toThrow(/“forward” may hold .* MiB of tensors by the run’s plan, and wanted 1\.5 MiB/);
  expect(work).toThrow(
    expect.objectContaining({ code: 'MEMORY_BUDGET', fix: expect.stringContaining('shorter') }),
  );
  expect(memory().numBytes).toBe(before);
});

it('leaves other stages alone', () => {
  setTensorBudgets(new Map([['forward', 1]]));
  enterStage('backward');
  expect(() => tidy(() => ones([64, 64]))).not.toThrow();
});
