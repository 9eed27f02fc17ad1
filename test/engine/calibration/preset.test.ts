import { describe, expect, it } from 'vitest';
import type { PromptTemplate } from '../../../src/contract/prompt-template.ts';
import { listPresets, loadPreset } from '../../../src/engine/calibration/preset.ts';
import { fillTemplate } from '../../../src/engine/calibration/prompt-template.ts';
import { temporaryFolder } from './temporary-folder.ts';

const write = temporaryFolder();

const OWN = {
  name: 'tax',
  title: 'Tax',
  description: '',
  parts: [
    { name: 'rulings', title: 'Rulings', share: 0.25 },
    { name: 'forms', title: 'Forms', share: 0.75, reader: 'csv' },
  ],
};

describe('loadPreset', () => {
  it('knows the mixes and the settings of the paper', async () => {
    expect(await listPresets()).toEqual(['education', 'finance', 'healthcare', 'legal']);
    const healthcare = await loadPreset('healthcare');
    expect(healthcare.parts.map(({ name, share }) => [name, share])).toEqual([
      ['mednli', 0.2],
      ['pubmedqa', 0.6],
      ['hqs', 0.2],
    ]);
    expect(healthcare.settings).toEqual({ criterion: 'balanced', lambda: 0.1, alpha: 0.03, samples: 1000 });
    const legal = await loadPreset('legal');
    expect(legal.parts.map(({ name, share }) => [name, share])).toEqual([
      ['casehold', 0.5],
      ['billsum', 0.5],
    ]);
    expect(legal.settings).toEqual({ criterion: 'balanced', lambda: 0.001, alpha: 0.03, samples: 1000 });
  });

  it('has prompts of its own for finance and education, over columns that many files have', async () => {
    const questions = (await loadPreset('finance')).parts[0]?.template as PromptTemplate;
    const asked = new Map<string, unknown>([
      ['instruction', 'What  is a bond?'],
      ['output', 'A loan.'],
    ]);
    expect(fillTemplate(questions, { place: 'line 1', fields: asked }, 'bonds.jsonl')).toEqual({
      prompt: 'A question on finance: What is a bond?\nAn analyst answers:',
      completion: ' A loan.',
    });
    const exercises = (await loadPreset('education')).parts[0]?.template as PromptTemplate;
    const set = new Map<string, unknown>([
      ['problem', '2 + 2?'],
      ['solution', 'It is 4.'],
    ]);
    expect(fillTemplate(exercises, { place: 'line 1', fields: set }, 'sums.csv').completion).toBe(
      ' It is 4.',
    );
  });

  it('takes a file of one’s own', async () => {
    const preset = await loadPreset(write('tax.json', JSON.stringify(OWN)));
    expect(preset.parts).toEqual([
      { ...OWN.parts[0], reader: 'auto', template: null },
      { ...OWN.parts[1], template: null },
    ]);
    expect(preset.settings).toEqual({});
  });

  it('names the presets there are when there is none of that name', async () => {
    await expect(loadPreset('insurance')).rejects.toMatchObject({
      code: 'PRESET_MISSING',
      fix: expect.stringContaining('education, finance, healthcare, legal'),
    });
  });

  const [rulings, forms] = OWN.parts;
  const prompt = { prompt: '{x}', completion: '', fields: {} };
  it.each([
    ['{', 'not valid JSON'],
    [JSON.stringify({ ...OWN, parts: [rulings] }), 'the shares add up to 0.25, not 1'],
    [
      JSON.stringify({ ...OWN, parts: [rulings, { ...forms, name: 'rulings' }] }),
      'two parts have the same name',
    ],
    [JSON.stringify({ ...OWN, parts: [rulings, { ...forms, name: 'a=b' }] }), 'parts.1.name'],
    [JSON.stringify({ ...OWN, parts: [rulings, { ...forms, reader: 'pdf' }] }), 'parts.1.reader'],
    [JSON.stringify({ ...OWN, parts: [rulings, { ...forms, template: prompt }] }), '{x} is neither'],
    [JSON.stringify({ ...OWN, settings: { lamda: 1 } }), 'lamda'],
    [JSON.stringify({ ...OWN, settings: { alpha: -1 } }), 'settings.alpha'],
    [JSON.stringify([OWN]), 'the whole'],
  ])('refuses %s', async (content, reason) => {
    const path = write('bad.json', content);
    const error = await loadPreset(path).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'PRESET_INVALID' });
    expect(error.message).toContain(path);
    expect(error.message).toContain(reason);
  });
});
