import { expect, it } from 'vitest';
import { stepsOf } from '../../../renderer/run/steps-of-run.ts';
import { runRequest } from '../../../src/contract/run-request.ts';

const request = (settings: object, isMeasured = true, hasTexts = true) =>
  runRequest.parse({
    name: 'run',
    modelDir: '/model',
    outDir: '/out',
    settings,
    calibration: hasTexts
      ? {
          preset: {
            name: 'p',
            title: 'P',
            description: '',
            parts: [{ name: 'texts', title: 'Texts', share: 1 }],
          },
          data: { texts: ['/texts.txt'] },
          openFiles: ['/open.txt'],
        }
      : null,
    evaluation: { texts: isMeasured ? [{ name: 'T', role: 'domain', file: '/t.txt' }] : [] },
  });

it('the dual importance sees general text, then the domain', () => {
  expect(stepsOf(request({}))).toEqual([
    { step: 'measure-dense', stages: [] },
    { step: 'prune', stages: ['calibration', 'general', 'forward', 'backward', 'export', 'verify'] },
    { step: 'measure-pruned', stages: [] },
  ]);
});

it('the balanced one learns from the open text, too', () => {
  const [prune] = stepsOf(request({ criterion: 'balanced' }, false));
  expect(prune?.stages).toEqual([
    ...['calibration', 'general', 'open-forward', 'open-backward'],
    ...['forward', 'backward', 'export', 'verify'],
  ]);
});

it('SparseGPT prunes layer by layer', () => {
  const [prune] = stepsOf(request({ method: 'sparsegpt' }, false));
  expect(prune?.stages).toEqual(['calibration', 'prune', 'export', 'verify']);
});

it('magnitude needs no texts', () => {
  expect(stepsOf(request({ method: 'magnitude' }, false, false))).toEqual([
    { step: 'prune', stages: ['export', 'verify'] },
  ]);
});
