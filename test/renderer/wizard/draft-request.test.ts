import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../renderer/wizard/draft.ts';
import {
  missingFrom,
  needsOf,
  presetOf,
  requestOf,
  suggestedName,
  suggestedOutDir,
} from '../../../renderer/wizard/draft-request.ts';
import { runRequest } from '../../../src/contract/run-request.ts';
import { aDraft } from './a-draft.ts';

const withSettings = (changes: Partial<Draft['settings']>): Draft => {
  const draft = aDraft();
  return { ...draft, settings: { ...draft.settings, ...changes } };
};

describe('what a run looks at', () => {
  it.each([
    ['the dual criterion at both texts', { criterion: 'dual' }, { domain: true, open: true }],
    ['general ability alone at general text', { criterion: 'general' }, { domain: false, open: true }],
    ['the domain alone at its samples', { criterion: 'domain' }, { domain: true, open: false }],
    [
      'the paper without its regulariser at its samples',
      { criterion: 'paper', regularizer: false },
      { domain: true, open: false },
    ],
    ['magnitude at nothing', { method: 'magnitude' }, { domain: false, open: false }],
    [
      'Wanda at what it is calibrated on',
      { method: 'wanda', calibrateOn: 'open' },
      { domain: false, open: true },
    ],
    [
      'compensation at the mix, too',
      { criterion: 'domain', compensate: true, calibrateOn: 'mix' },
      { domain: true, open: true },
    ],
  ] as const)('%s', (_, settings, needs) => {
    expect(needsOf(withSettings(settings))).toEqual(needs);
  });
});

describe('what is missing', () => {
  it('is nothing from a whole draft', () => {
    expect(missingFrom(aDraft())).toEqual([]);
  });

  it('is said by step, for each part of the mix with a share', () => {
    const bare: Draft = { ...aDraft(), model: null, data: {}, openFiles: [] };
    expect(missingFrom(bare)).toEqual([
      { step: 'model', message: 'Choose a model.' },
      { step: 'data', message: 'Choose files for Cases.' },
      { step: 'data', message: 'Choose files for Bills.' },
      { step: 'data', message: 'Choose general text.' },
    ]);
    const onlyCases = { ...bare, mix: { cases: 100, bills: 0 } };
    expect(missingFrom(onlyCases).map(({ message }) => message)).not.toContain('Choose files for Bills.');
  });

  it('is not what the method does not look at', () => {
    const draft = { ...withSettings({ method: 'magnitude' }), parts: [], mix: {}, data: {}, openFiles: [] };
    expect(missingFrom(draft)).toEqual([]);
  });
});

describe('the request', () => {
  it('is one that the service takes, with the mix as shares', () => {
    const request = runRequest.parse(requestOf(aDraft()));
    expect(request).toMatchObject({
      name: 'small · Legal · 50 %'.replace(' %', '\u00a0%'),
      modelDir: '/models/small',
      outDir: '/out',
    });
    expect(request.calibration?.preset.parts.map(({ name, share }) => [name, share])).toEqual([
      ['cases', 0.75],
      ['bills', 0.25],
    ]);
    expect(request.calibration?.data).toEqual({ cases: ['/data/cases.jsonl'], bills: ['/data/bills.csv'] });
  });

  it('leaves out parts without a share, and texts that are not looked at', () => {
    const onlyCases = requestOf({ ...aDraft(), mix: { cases: 100, bills: 0 } });
    expect(onlyCases?.calibration?.data).toEqual({ cases: ['/data/cases.jsonl'] });
    const general = requestOf(withSettings({ criterion: 'general' }));
    expect(general?.calibration).toMatchObject({
      data: { cases: [], bills: [] },
      openFiles: ['/data/open.txt'],
    });
    const domain = requestOf(withSettings({ criterion: 'domain' }));
    expect(domain?.calibration?.openFiles).toEqual([]);
  });

  it('is null while something is missing', () => {
    expect(requestOf({ ...aDraft(), openFiles: [] })).toBeNull();
    expect(requestOf({ ...aDraft(), outDir: null })).toBeNull();
  });
});

describe('what is suggested', () => {
  it('is a name of the model, the domain and the sparsity', () => {
    expect(suggestedName(aDraft())).toBe('small · Legal · 50\u00a0%');
    expect(suggestedName({ ...aDraft(), title: '' })).toBe('small · 50\u00a0%');
  });

  it('is a folder beside the model or where the person wants it, new by its time', () => {
    const now = new Date('2026-03-04T05:06:07Z');
    expect(suggestedOutDir(aDraft(), null, now)).toBe('/models/small-legal-50-20260304-050607');
    expect(suggestedOutDir(aDraft(), '/out', now)).toBe('/out/small-legal-50-20260304-050607');
    const onWindows = { ...aDraft(), model: { id: '1', name: 'My model', dir: 'D:\\models\\small\\' } };
    expect(suggestedOutDir(onWindows, null, now)).toBe('D:\\models\\My-model-legal-50-20260304-050607');
  });
});

it('the preset holds the mix as it stands on the sliders', () => {
  const preset = presetOf(aDraft());
  expect(preset.parts.map(({ title, share }) => [title, share])).toEqual([
    ['Cases', 0.75],
    ['Bills', 0.25],
  ]);
  expect(preset.settings).toMatchObject({ sparsity: 0.5, mu: 0.5 });
});
