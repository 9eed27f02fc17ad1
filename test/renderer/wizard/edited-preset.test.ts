import { describe, expect, it } from 'vitest';
import { type EditedPart, editedParts, editedPreset } from '../../../renderer/wizard/edited-preset.ts';
import { preset } from '../../../src/contract/preset.ts';
import { aDraft } from './a-draft.ts';

const draft = aDraft();
const added = (key: number, title: string): EditedPart => ({ key, title, original: null });
const edit = (parts: readonly EditedPart[], title = 'Our cases') =>
  preset.parse(editedPreset(draft, title, ' What we do ', parts));
const shares = (parts: readonly EditedPart[]) =>
  Object.fromEntries(edit(parts).parts.map(({ name, share }) => [name, Math.round(100 * share)]));

describe('an edited preset', () => {
  it('whose parts stay keeps their names, shares and readers', () => {
    const edited = edit(editedParts(draft));
    expect(edited).toMatchObject({ name: 'our-cases', title: 'Our cases', description: 'What we do' });
    expect(edited.parts.map(({ name, title, share }) => [name, title, share])).toEqual([
      ['cases', 'Cases', 0.75],
      ['bills', 'Bills', 0.25],
    ]);
  });

  it('gives a part that is renamed its new title, but not another name: its files are kept by it', () => {
    const [cases, bills] = editedParts(draft);
    const edited = edit([{ ...(cases as EditedPart), title: 'Holdings' }, bills as EditedPart]);
    expect(edited.parts.map(({ name, title }) => [name, title])).toEqual([
      ['cases', 'Holdings'],
      ['bills', 'Bills'],
    ]);
  });

  it('gives a new part an even share, and the others the rest in their proportion', () => {
    const found = shares([...editedParts(draft), added(9, 'Contracts')]);
    expect(found).toEqual({ cases: 50, bills: 17, contracts: 33 });
  });

  it('gives what a removed part had to those that stay', () => {
    expect(shares(editedParts(draft).slice(0, 1))).toEqual({ cases: 100 });
  });

  it('of new parts alone shares evenly, with a name for each', () => {
    expect(shares([added(1, 'Cases'), added(2, 'Cases')])).toEqual({ cases: 50, 'cases-2': 50 });
    expect(shares([...editedParts(draft), added(3, 'Cases')])).toHaveProperty('cases-2');
  });

  it('has a name of plain letters whatever its title', () => {
    expect(edit(editedParts(draft), 'Kinderheilkunde & Ähnliches').name).toMatch(/^[a-z0-9-]+$/);
    expect(edit([added(1, '契約')], '法律').name).toBe('custom');
    expect(edit([added(1, '契約')], '法律').parts[0]?.name).toBe('part');
  });
});
