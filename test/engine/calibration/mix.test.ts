import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCalibration, type MixOptions } from '../../../src/engine/calibration/mix.ts';
import { loadPreset, type Preset } from '../../../src/engine/calibration/preset.ts';
import { openTokenizer, type Tokenizer } from '../../../src/engine/tokenizer/open-tokenizer.ts';
import { jsonl, temporaryFolder } from './temporary-folder.ts';

const write = temporaryFolder();
const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

let tokenizer: Tokenizer;
beforeAll(async () => {
  const folder = new URL('../../oracle/fixtures/tokenizers/digits-and-words', import.meta.url);
  tokenizer = await openTokenizer(fileURLToPath(folder));
});

/** `count` different texts; the letter tells where a sample is from. */
const texts = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ text: `${letter} ${index} boats` }));

async function presetOf(shares: Record<string, number>): Promise<Preset> {
  const parts = Object.entries(shares).map(([name, share]) => ({ name, title: name, share }));
  const preset = { name: 'test', title: 'Test', description: '', parts };
  return loadPreset(write('preset.json', JSON.stringify(preset)));
}

/** A mix of parts with so many texts each. */
async function mix(
  parts: Record<string, { share: number; count: number }>,
  options: Partial<MixOptions> = {},
) {
  const shares = Object.fromEntries(Object.entries(parts).map(([name, { share }]) => [name, share]));
  const files = new Map(
    Object.entries(parts).map(([name, { count }]) => [
      name,
      [write(`${name}.jsonl`, jsonl(...texts(name, count)))],
    ]),
  );
  return buildCalibration({
    preset: await presetOf(shares),
    data: files,
    tokenizer,
    samples: 10,
    sequenceLength: 64,
    seed: 0,
    onShortfall: 'proportion',
    ...options,
  });
}

const countsOf = ({ report }: Awaited<ReturnType<typeof mix>>) =>
  Object.fromEntries(report.parts.map(({ name, used }) => [name, used]));
const textsOf = ({ samples }: Awaited<ReturnType<typeof mix>>) =>
  samples.map(({ inputIds }) => tokenizer.decode(inputIds));

describe('buildCalibration', () => {
  const plenty = { a: { share: 0.2, count: 40 }, b: { share: 0.6, count: 40 }, c: { share: 0.2, count: 40 } };

  it('takes each part’s share, each text once', async () => {
    const set = await mix(plenty, { samples: 50 });
    expect(countsOf(set)).toEqual({ a: 10, b: 30, c: 10 });
    expect(new Set(textsOf(set)).size).toBe(50);
    for (const [index, { part }] of set.samples.entries()) {
      expect(textsOf(set)[index]?.startsWith(`${part} `)).toBe(true);
    }
    expect(set.report).toMatchObject({ preset: 'test', wanted: 50, used: 50, leftOut: [], notes: [] });
  });

  it('interleaves the parts, so that any beginning holds about the mix', async () => {
    const order = (await mix(plenty, { samples: 50 })).samples.map(({ part }) => part).join('');
    expect(order.slice(0, 10)).toBe('babcbbabcb');
    for (let end = 5; end <= 50; end += 5) {
      const count = [...order.slice(0, end)].filter((part) => part === 'b').length;
      expect(Math.abs(count - 0.6 * end)).toBeLessThanOrEqual(1);
    }
  });

  it('is decided by the seed', async () => {
    const first = await mix(plenty, { seed: 1 });
    expect(await mix(plenty, { seed: 1 })).toEqual(first);
    expect(textsOf(await mix(plenty, { seed: 2 }))).not.toEqual(textsOf(first));
  });

  it('draws a part’s texts whatever the other parts are', async () => {
    const drawn = (set: Awaited<ReturnType<typeof mix>>) =>
      textsOf(set).filter((text) => text.startsWith('b '));
    expect(drawn(await mix({ b: { share: 1, count: 40 } }, { samples: 6 }))).toEqual(
      drawn(await mix(plenty)),
    );
  });

  it('cuts at the sequence length and counts what it cut', async () => {
    const set = await mix(plenty, { sequenceLength: 3 });
    expect(set.samples.every(({ inputIds }) => inputIds.length === 3)).toBe(true);
    expect(set.report.parts.map(({ truncated, tokens }) => [truncated, tokens])).toEqual([
      [2, 6],
      [6, 18],
      [2, 6],
    ]);
    expect(set.report.tokens).toBe(30);
    const whole = await mix(plenty);
    expect(whole.report.parts.every(({ truncated }) => truncated === 0)).toBe(true);
  });

  describe('with a part that has too few records', () => {
    const short = { a: { share: 0.5, count: 40 }, b: { share: 0.5, count: 3 } };

    it('scales the whole mix down', async () => {
      const set = await mix(short, { samples: 20 });
      expect(countsOf(set)).toEqual({ a: 3, b: 3 });
      expect(set.samples.length).toBe(6);
      expect(set.report).toMatchObject({ wanted: 20, used: 6 });
      expect(set.report.parts[1]).toMatchObject({ wanted: 10, available: 3, used: 3 });
      expect(set.report.notes).toEqual([
        'b has 3 of the 10 records wanted: the whole mix is scaled down from 20 to 6 samples, so that the shares hold.',
      ]);
    });

    it.each([
      ['proportion', { a: 5, b: 5 }],
      ['available', { a: 15, b: 5 }],
    ] as const)('finds by drawing that texts are too short (%s)', async (onShortfall, counts) => {
      const digits = Array.from({ length: 10 }, (_, index) => ({ text: `${index}` }));
      for (const count of [4, 10]) {
        const b = write('with-digits.jsonl', jsonl(...digits.slice(0, count), ...texts('b', 5)));
        const a = write('long-enough.jsonl', jsonl(...texts('a', 40)));
        const files = new Map([
          ['a', [a]],
          ['b', [b]],
        ]);
        const set = await mix(short, { samples: 20, data: files, onShortfall });
        expect(countsOf(set)).toEqual(counts);
        expect(set.samples.length).toBe(counts.a + counts.b);
        expect(set.report.parts[1]).toMatchObject({ available: 5, tooShort: count });
      }
    });

    it('refuses', async () => {
      await expect(mix(short, { samples: 20, onShortfall: 'refuse' })).rejects.toMatchObject({
        code: 'CALIBRATION_SHORT',
        message: 'There are too few records. b: 10 wanted, 3 there.',
      });
    });

    it('fills up from the others', async () => {
      const set = await mix(short, { samples: 20, onShortfall: 'available' });
      expect(countsOf(set)).toEqual({ a: 17, b: 3 });
      expect(set.report.notes).toEqual([
        'b has 3 of the 10 records wanted: other parts fill up where they can, so that of 20 samples 85 % are a, 15 % are b.',
      ]);
    });

    it('fills up by the others’ shares, and again where those are short', async () => {
      const parts = {
        a: { share: 0.5, count: 2 },
        b: { share: 0.25, count: 9 },
        c: { share: 0.125, count: 40 },
        d: { share: 0.125, count: 40 },
      };
      const options = { samples: 32, onShortfall: 'available' } as const;
      expect(countsOf(await mix(parts, options))).toEqual({ a: 2, b: 9, c: 11, d: 10 });
      expect(countsOf(await mix(parts, { ...options, samples: 400 }))).toEqual({ a: 2, b: 9, c: 40, d: 40 });
    });
  });

  it('passes over duplicates, also of another part, and texts of less than two tokens', async () => {
    const a = write('first.jsonl', jsonl(...texts('a', 5), ...texts('a', 2), { text: '1' }, { text: '2' }));
    const b = write('second.jsonl', jsonl(...texts('a', 1), ...texts('b', 10)));
    const set = await buildCalibration({
      preset: await presetOf({ a: 0.5, b: 0.5 }),
      data: new Map([
        ['a', [a]],
        ['b', [b]],
      ]),
      tokenizer,
      samples: 14,
      sequenceLength: 64,
      seed: 0,
      onShortfall: 'proportion',
    });
    expect(set.report.parts).toMatchObject([
      { wanted: 7, available: 5, used: 5, duplicates: 2, tooShort: 2, files: [{ path: a, records: 9 }] },
      { wanted: 7, available: 10, used: 5, duplicates: 1, tooShort: 0, files: [{ path: b, records: 11 }] },
    ]);
    expect(set.report.parts[0]?.files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(set.report)).not.toContain('boats');
  });

  it('takes several files of a part', async () => {
    const files = [
      write('one.jsonl', jsonl(...texts('x', 2))),
      write('two.txt', 'y one boat\n\ny two boats\n'),
    ];
    const options = { tokenizer, samples: 4, sequenceLength: 64, seed: 0, onShortfall: 'refuse' } as const;
    const preset = await presetOf({ a: 1 });
    const set = await buildCalibration({ ...options, preset, data: new Map([['a', files]]) });
    expect(textsOf(set).sort()).toEqual(['x 0 boats', 'x 1 boats', 'y one boat', 'y two boats']);
  });

  describe('parts that are not given', () => {
    const build = async (given: [string, string[]][]) =>
      buildCalibration({
        preset: await presetOf({ a: 0.2, b: 0.6, c: 0.2 }),
        data: new Map(given),
        tokenizer,
        samples: 8,
        sequenceLength: 64,
        seed: 0,
        onShortfall: 'proportion',
      });
    const file = (letter: string) => write(`${letter}.jsonl`, jsonl(...texts(letter, 20)));

    it('are refused by name', async () => {
      await expect(build([['b', [file('b')]]])).rejects.toMatchObject({
        code: 'CALIBRATION_PART_MISSING',
        message: 'The preset test needs data for a, c.',
        fix: 'Give --data a=FILE, or --data a=none to do without it.',
      });
    });

    it('are left out when none is given in their place, and the shares scaled', async () => {
      const set = await build([
        ['a', ['none']],
        ['b', [file('b')]],
        ['c', [file('c')]],
      ]);
      expect(countsOf(set)).toEqual({ b: 6, c: 2 });
      expect(set.report.leftOut).toEqual(['a']);
      expect(set.report.notes).toEqual(['Left out as asked: a. The shares are now b 75 %, c 25 %.']);
    });

    it('cannot be all', async () => {
      await expect(
        build([
          ['a', ['none']],
          ['b', ['none']],
          ['c', ['none']],
        ]),
      ).rejects.toMatchObject({
        code: 'CALIBRATION_PART_MISSING',
      });
    });

    it('cannot be others than the preset has', async () => {
      await expect(build([['d', [file('d')]]])).rejects.toMatchObject({
        code: 'CALIBRATION_PART_UNKNOWN',
        fix: 'Its parts are a, b, c.',
      });
    });

    it('nor be without a text that can be used', async () => {
      const same = file('b');
      await expect(
        build([
          ['a', ['none']],
          ['b', [same]],
          ['c', [same]],
        ]),
      ).rejects.toMatchObject({
        code: 'CALIBRATION_PART_EMPTY',
        message: expect.stringContaining(same),
      });
    });
  });
});

describe.skipIf(!existsSync(data))('the legal preset with ../shared/data', () => {
  const legal = async (options: Partial<MixOptions>) =>
    buildCalibration({
      preset: await loadPreset('legal'),
      data: new Map([
        ['casehold', [`${data}legal/casehold_train.jsonl`]],
        ['billsum', [`${data}legal/billsum_train.jsonl`]],
      ]),
      tokenizer,
      samples: 1000,
      sequenceLength: 64,
      seed: 0,
      onShortfall: 'proportion',
      ...options,
    });

  it('scales 500/500 down to 64/64, since there are 64 bills', async () => {
    const { samples, report } = await legal({});
    expect(samples.length).toBe(128);
    expect(report.parts).toMatchObject([
      { name: 'casehold', wanted: 500, used: 64, truncated: 64, tokens: 64 * 64 },
      { name: 'billsum', wanted: 500, available: 64, used: 64 },
    ]);
    expect(report.notes).toEqual([
      'billsum has 64 of the 500 records wanted: the whole mix is scaled down from 1000 to 128 samples, so that the shares hold.',
    ]);
  });

  it('refuses 500/500 when told to', async () => {
    await expect(legal({ onShortfall: 'refuse' })).rejects.toThrow('billsum: 500 wanted, 64 there');
  });

  it('fills up with cases when told to', async () => {
    const { report } = await legal({ onShortfall: 'available', samples: 300 });
    expect(report.parts.map(({ used }) => used)).toEqual([236, 64]);
  });
});
