import { describe, expect, it } from 'vitest';
import { fitLine, formatProgress } from '../../src/cli/progress-line.ts';

describe('formatProgress', () => {
  it('says stage, the layer at work, tokens/s and time left', () => {
    const progress = { stage: 'general', done: 11.4, total: 30, tokensPerSecond: 1234.4 } as const;
    expect(formatProgress({ ...progress, remainingMs: 200_000 })).toBe(
      'General importance: layer 12/30, 1,234 tokens/s, 3 min 20 s left',
    );
  });

  it('leaves out what is not known', () => {
    expect(formatProgress({ stage: 'score', done: 0, total: 2 })).toBe('Scores: layer 1/2');
    expect(formatProgress({ stage: 'calibration', done: 0, total: 0 })).toBe('Calibration data');
    expect(
      formatProgress({
        stage: 'evaluate',
        done: 0,
        total: 2,
        tokensPerSecond: Number.NaN,
        remainingMs: Infinity,
      }),
    ).toBe('Evaluation: layer 1/2');
  });

  it('does not say that no time is left', () => {
    expect(formatProgress({ stage: 'verify', done: 1, total: 1, remainingMs: 0 })).toBe(
      'Verifying it: file 1/1',
    );
  });

  it('stays at the last layer when all are done', () => {
    expect(formatProgress({ stage: 'backward', done: 30, total: 30 })).toBe('Domain, backward: layer 30/30');
  });

  it('counts files in the export, and names the one it is at', () => {
    expect(formatProgress({ stage: 'export', done: 0, total: 2, message: 'model.safetensors' })).toBe(
      'Writing the pruned model: file 1/2, model.safetensors',
    );
  });
});

describe('fitLine', () => {
  it('cuts a line that would wrap', () => {
    expect(fitLine('abcdef', 7)).toBe('abcdef');
    expect(fitLine('abcdef', 6)).toBe('abcd…');
  });
});
