import { MODULES } from '../../src/contract/result.ts';
import type { History } from '../../src/history/open-history.ts';
import { NO_OUTCOME, type RunOutcome } from '../../src/history/run-outcome.ts';
import { RunStore } from '../../src/history/run-store.ts';
import { newRun } from './new-run.ts';

const MODELS = ['Llama 3', 'Mistral', 'SmolLM2'];
const LAYERS = 32;
const DENSE_PERPLEXITY = 30;

/** What pruning a model of 7 billion parameters leaves in the history: kilobytes that no list shows. */
const outcome = (perplexity: number): RunOutcome => ({
  ...NO_OUTCOME,
  texts: [
    {
      name: 'General',
      role: 'general',
      file: '/texts/general.txt',
      sha256: '0'.repeat(64),
      window: 2048,
      stride: 512,
      maxTokens: null,
      backend: 'tensorflow',
      dense: {
        perplexity: DENSE_PERPLEXITY,
        meanNll: Math.log(DENSE_PERPLEXITY),
        scoredTokens: 1,
        windows: 1,
      },
      pruned: {
        ...{ perplexity, meanNll: Math.log(perplexity), scoredTokens: 1, windows: 1 },
        change: null,
      },
    },
  ],
  report: {
    matrices: Array.from({ length: LAYERS }, (_, layer) =>
      MODULES.map((module) => ({ layer, module, size: 4096 * 4096, kept: 2048 * 4096 })),
    ).flat(),
    size: 1,
    kept: 1,
    calibration: null,
    loss: null,
    regularizer: null,
    backend: 'tensorflow',
    stages: [],
    peakMemoryBytes: 0,
    notes: [],
    modelFingerprint: null,
    weightFiles: [],
    appVersion: '0',
  },
});

/**
 * Fills an empty history: run `i` is “Ward i”, a minute after the one before, of one of three models; every second one
 * has ended, the later the better.
 */
export async function addManyRuns(history: History, count: number): Promise<void> {
  const store = new RunStore(history.query);
  history.database.exec('BEGIN');
  for (let i = 0; i < count; i++) {
    const at = new Date(Date.UTC(2025, 0, 1) + i * 60_000).toISOString();
    const run = newRun(
      {
        name: `Ward ${i}`,
        settings: { sparsity: 0.1 + (i % 7) / 10, mu: (i % 11) / 10 },
        outDir: `/out/${i}`,
      },
      { modelName: MODELS[i % MODELS.length] ?? '', at },
    );
    const { summary } = await store.add(run);
    const isFinished = summary.id % 2 === 0;
    await store.end(summary.id, isFinished ? 'finished' : 'cancelled', {
      at,
      workedMs: 60_000,
      problem: null,
    });
    if (isFinished) await store.setOutcome(summary.id, outcome(1000 - summary.id / 20));
  }
  history.database.exec('COMMIT');
}
