import { describe, expect, it } from 'vitest';
import { promptTemplate } from '../../../src/contract/prompt-template.ts';
import { fillTemplate } from '../../../src/engine/calibration/prompt-template.ts';

const row = (fields: Record<string, unknown>) => ({
  fields: new Map(Object.entries(fields)),
  place: 'line 7',
});

function fill(template: object, fields: Record<string, unknown>): string {
  const { prompt, completion } = fillTemplate(promptTemplate.parse(template), row(fields), 'a.jsonl');
  return `${prompt}|${completion}`;
}

describe('fillTemplate', () => {
  it('puts fields in their places, without looking for names in what it puts there', () => {
    const template = { prompt: "A '{a}'", completion: '{b} {a}', fields: { a: {}, b: {} } };
    expect(fill(template, { a: 'x {b} $1 $&', b: 2 })).toBe("A 'x {b} $1 $&'|2 x {b} $1 $&");
  });

  it('joins lists, collapses white space, cuts after a whole word', () => {
    const rule = (options: object) => ({ prompt: '{a}', completion: '', fields: { a: options } });
    expect(fill(rule({ join: ' / ' }), { a: ['x', 'y'] })).toBe('x / y|');
    expect(fill(rule({ collapseWhitespace: true }), { a: ' x\n\n y\u00a0z ' })).toBe('x y z|');
    expect(fill(rule({ maxCharacters: 9 }), { a: 'one two three' })).toBe('one two|');
    expect(fill(rule({ maxCharacters: 9 }), { a: 'one two t' })).toBe('one two t|');
    expect(fill(rule({ maxCharacters: 2 }), { a: '😀😀😀' })).toBe('😀😀|');
  });

  it('finds a field under another name or at a position', () => {
    const template = { prompt: '{a}', completion: '', fields: { a: { columns: ['x', 'y', 1] } } };
    expect(fill(template, { y: 'named' })).toBe('named|');
    expect(fill(template, { p: '0', q: 'second' })).toBe('second|');
  });

  const labelled = {
    prompt: '{a}',
    completion: '{label}: {meaning}',
    fields: { a: {}, label: {} },
    lookups: { meaning: { field: 'label', values: { yes: 'agreed', no: 'denied' } } },
  };

  it('says what a label means', () => {
    expect(fill(labelled, { a: 'x', label: 'no' })).toBe('x|no: denied');
  });

  it.each([
    ['perhaps', 'label is "perhaps", which is none of yes, no'],
    ['toString', 'label is "toString", which is none of yes, no'],
    ['a whole sentence that slipped', 'label is a value of 29 characters, which is none of yes, no'],
  ])('refuses the label %s', (label, reason) => {
    expect(() => fill(labelled, { a: 'x', label })).toThrow(`a.jsonl, line 7: ${reason}.`);
  });

  it.each([[undefined], [null], [''], [[]], [{ deep: 'text' }], [['x', {}]]])(
    'refuses %j for a field',
    (a) => {
      expect(() => fill(labelled, { a, label: 'yes' })).toThrow('a.jsonl, line 7: the field "a" is missing');
    },
  );
});

describe('promptTemplate', () => {
  it.each([
    [{ prompt: '{a} {c}', completion: '', fields: { a: {} } }, '{c} is neither a field nor a lookup'],
    [
      { prompt: '{m}', completion: '', fields: {}, lookups: { m: { field: 'a', values: {} } } },
      'the lookup m uses the unknown field a',
    ],
  ])('refuses a name that stands for nothing', (template, message) => {
    expect(promptTemplate.safeParse(template).error?.issues[0]?.message).toBe(message);
  });
});
