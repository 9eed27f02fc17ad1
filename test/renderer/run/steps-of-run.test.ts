import { describe, expect, it } from 'vitest';
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

describe('the balanced one', () => {
  const balanced = request({ criterion: 'balanced' }, false);

  it('learns from the open text, too, and takes both texts up through the layers at once', () => {
    const [prune] = stepsOf(balanced, 'open-backward');
    expect(prune?.stages).toEqual([
      ...['calibration', 'general', 'open-backward', 'backward', 'export', 'verify'],
    ]);
  });

  it('takes a text up through them again where it is resumed after that', () => {
    const stagesAt = (here: 'open-forward' | 'forward') => stepsOf(balanced, here)[0]?.stages.slice(1, -2);
    expect(stagesAt('open-forward')).toEqual(['general', 'open-forward', 'open-backward', 'backward']);
    expect(stagesAt('forward')).toEqual(['general', 'open-backward', 'forward', 'backward']);
  });
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
