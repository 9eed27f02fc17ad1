import { describe, expect, it } from 'vitest';
import { runDemo } from '../../src/cli/demo.ts';
import { formatDemoReport } from '../../src/cli/format-demo-report.ts';
import { pruneSettings } from '../../src/contract/settings.ts';

describe('the demo', () => {
  it('prunes the demo model for real: D-Pruner keeps more of its domain than magnitude', async () => {
    const stages = new Set<string>();
    const report = await runDemo({
      outDir: null,
      backend: null,
      onProgress: ({ stage }) => stages.add(stage),
    });
    const [dense, half, most, halfByMagnitude, mostByMagnitude] = report.rows;
    expect(report.rows.map(({ method }) => method)).toEqual([
      'dense',
      'd-pruner',
      'd-pruner',
      'magnitude',
      'magnitude',
    ]);
    expect(half.sparsity).toBe(0.5);
    expect(halfByMagnitude.sparsity).toBe(0.5);
    expect(most.sparsity).toBeCloseTo(0.7, 3);
    for (const { perplexity } of report.rows.slice(1)) {
      expect(perplexity.legal).toBeGreaterThan(dense.perplexity.legal);
      expect(perplexity.general).toBeGreaterThan(dense.perplexity.general);
    }
    expect(half.perplexity.legal).toBeLessThan(halfByMagnitude.perplexity.legal);
    expect(most.perplexity.legal).toBeLessThan(mostByMagnitude.perplexity.legal);
    expect([...stages]).toEqual(
      expect.arrayContaining(['general', 'open-backward', 'backward', 'export', 'evaluate']),
    );
  }, 300_000);

  it('prints a row a model, and how it was measured', () => {
    const row = { sparsity: 0.5, seconds: 3, outDir: null };
    const text = formatDemoReport({
      modelDir: '/demo/model',
      rows: [
        { ...row, method: 'dense', sparsity: 0, perplexity: { general: 50.123, legal: 9.8765 } },
        { ...row, method: 'd-pruner', perplexity: { general: 55.5, legal: 11.25 } },
        { ...row, method: 'magnitude', perplexity: { general: 1234.5, legal: 321 } },
      ],
      settings: pruneSettings.parse({ samples: 12, openSamples: 34, sequenceLength: 56, seed: 7 }),
      backend: 'wasm',
      evaluation: { window: 256, stride: 128, scoredTokens: { general: 20000, legal: 30000 } },
      seconds: 61,
    });
    expect(text.split('\n').slice(0, 5)).toEqual([
      'Model               Zeros  Legal perplexity  General perplexity  Time',
      '──────────────────  ─────  ────────────────  ──────────────────  ────',
      'Dense (not pruned)    0 %             9.877               50.12',
      'D-Pruner             50 %             11.25               55.50   3 s',
      'Magnitude            50 %             321.0               1,235   3 s',
    ]);
    for (const fact of ['30,000 legal', '20,000 general', 'window 256', 'stride 128', 'seed 7', 'wasm']) {
      expect(text).toContain(fact);
    }
  });
});
