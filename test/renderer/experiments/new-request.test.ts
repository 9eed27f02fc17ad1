import { describe, expect, it } from 'vitest';
import type { Base } from '../../../renderer/experiments/experiment-base.ts';
import { type NewExperiment, newRequest } from '../../../renderer/experiments/new-request.ts';
import { experimentRequest } from '../../../src/contract/experiment-request.ts';
import { pruneSettings } from '../../../src/contract/settings.ts';

const part = { name: 'notes', title: 'Notes', share: 1, reader: 'auto' as const, template: null };
const base: Base = {
  name: 'Notes at 50 %',
  modelName: 'Small',
  runId: 7,
  request: {
    modelDir: '/models/small',
    settings: pruneSettings.parse({ criterion: 'paper' }),
    calibration: {
      preset: { name: 'notes', title: 'Notes', description: '', parts: [part], settings: {} },
      data: { notes: ['/data/notes.jsonl'] },
      openFiles: ['/data/open.jsonl'],
      onShortfall: 'proportion',
    },
    evaluation: {
      texts: [{ name: 'Ward', role: 'domain', file: '/data/ward.txt' }],
      ...{ window: null, stride: null, maxTokens: null, tasks: [], taskItems: 200 },
    },
    backend: null,
  },
};
const draft = (changes: Partial<NewExperiment>): NewExperiment => ({
  ...{ experiment: 'sparsity', base, points: '', runIds: [], name: '', ...changes },
});
const requestOf = (changes: Partial<NewExperiment>) => {
  const { request, missing } = newRequest(draft(changes));
  expect(missing).toBeNull();
  return experimentRequest.parse(request);
};
const missingOf = (changes: Partial<NewExperiment>) => newRequest(draft(changes)).missing;

describe('a new experiment', () => {
  it('takes over model, texts and settings, and borrows the run’s scores', () => {
    const { modelDir, settings, calibration, evaluation } = base.request;
    expect(requestOf({ points: '30' })).toEqual({
      ...{
        experiment: 'sparsity',
        name: 'Sparsity: Notes at 50 %',
        values: ['0.3'],
        lender: 7,
        backend: null,
      },
      ...{ modelDir, settings, calibration, evaluation },
    });
    expect(requestOf({ name: ' Mine ' }).name).toBe('Mine');
  });

  it('has a criterion with a μ where μ is what changes', () => {
    expect(requestOf({ experiment: 'mu' })).toMatchObject({ settings: { criterion: 'dual' } });
    const balanced = {
      ...base,
      request: { ...base.request, settings: pruneSettings.parse({ criterion: 'balanced' }) },
    };
    expect(requestOf({ experiment: 'mu', base: balanced })).toMatchObject({
      settings: { criterion: 'balanced' },
    });
  });

  it('looks into runs, or into a model with a text', () => {
    expect(requestOf({ experiment: 'similarity', runIds: [1, 2] })).toEqual({
      ...{ experiment: 'similarity', name: 'Similarity of masks', runIds: [1, 2] },
    });
    expect(requestOf({ experiment: 'fisher' })).toMatchObject({
      ...{ modelDir: '/models/small', text: '/data/ward.txt', samples: 16 },
    });
  });

  it('says what stands in its way', () => {
    const without = (changes: Partial<Base['request']>): Base => ({
      ...base,
      request: { ...base.request, ...changes },
    });
    const evaluation = { ...base.request.evaluation, texts: [] };
    expect(missingOf({ base: null })).toBe('Choose what it starts from.');
    expect(missingOf({ points: 'much' })).toBe('Correct the points.');
    expect(missingOf({ experiment: 'mix' })).toBe('This domain has one part only, so there is no mix.');
    expect(missingOf({ experiment: 'similarity', runIds: [1] })).toBe(
      'Choose two runs or more over one model.',
    );
    expect(missingOf({ experiment: 'distributions' })).toBe('Choose a run.');
    expect(missingOf({ base: without({ calibration: null }) })).toBe(
      'Choose something with calibration texts.',
    );
    expect(missingOf({ base: without({ evaluation }) })).toBe(
      'Choose something with texts or tasks that models are measured on.',
    );
    expect(missingOf({ experiment: 'fisher', base: without({ evaluation }) })).toBe(
      'Choose something with a text that models are measured on.',
    );
  });
});
