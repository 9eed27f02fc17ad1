import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/contract/error.ts';
import { pruneSettings } from '../../../src/contract/settings.ts';
import { type PruneRequest, prune } from '../../../src/engine/prune-run.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint.ts';
import { lettersToIds, writeLetterTokenizer } from '../letter-tokenizer.ts';

const folder = temporaryFolder();
const MARKER = 'quizzaciously';

const preset = {
  name: 'ward',
  title: 'Ward notes',
  description: 'A preset of two parts',
  parts: [
    { name: 'notes', title: 'Notes', share: 0.75, template: null },
    { name: 'letters', title: 'Letters', share: 0.25, template: null },
  ],
};

let request: PruneRequest;
beforeAll(async () => {
  const { dir } = await writeTinyCheckpoint(join(folder, 'model'));
  await writeLetterTokenizer(dir);
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const records = (name: string, count: number) =>
    write(
      name,
      Array.from({ length: count }, (_, i) =>
        JSON.stringify({
          prompt: `the ${MARKER} patient of ${name}, `,
          completion: `number ${'abcdefghij'[i]}.`,
        }),
      ).join('\n'),
    );
  request = {
    modelDir: dir,
    outDir: join(folder, 'out'),
    runDir: join(folder, 'run'),
    settings: pruneSettings.parse({ samples: 8, sequenceLength: 40, openSamples: 5, openSequenceLength: 64 }),
    calibration: {
      kind: 'texts',
      preset: write('ward.json', JSON.stringify(preset)),
      data: new Map([
        ['notes', [records('notes.jsonl', 9)]],
        ['letters', [records('letters.jsonl', 4)]],
      ]),
      openFiles: [
        write(
          'open.txt',
          [...'abcdefghijkl'].map((letter) => `an open ${MARKER} text, ${letter}.`).join('\n\n'),
        ),
      ],
      onShortfall: 'refuse',
    },
    backend: 'cpu',
    resume: false,
    force: false,
    dumpImportanceDir: join(folder, 'dump'),
  };
});

/** Looks for the marker, as text and as token ids in any of the usual encodings, in every file of a folder. */
function filesThatTell(dir: string): string[] {
  const ids = lettersToIds(MARKER);
  const traces = [
    Buffer.from(MARKER),
    Buffer.from(ids.join(',')),
    Buffer.from(ids.join(', ')),
    Buffer.from(Int32Array.from(ids).buffer),
    Buffer.from(Uint8Array.from(ids)),
  ];
  return globSync('**', { cwd: dir }).filter((name) => {
    if (statSync(join(dir, name)).isDirectory()) return false;
    const content = readFileSync(join(dir, name));
    return traces.some((trace) => content.includes(trace));
  });
}

describe('calibration text', () => {
  it('is nowhere in the run folder, the model, the dump, the report or the progress', async () => {
    const said: unknown[] = [];
    const report = await prune(request, (progress) => said.push(progress));
    expect(report.loss).toBeGreaterThan(1);
    for (const dir of [request.runDir, request.outDir, join(folder, 'dump')]) {
      expect(filesThatTell(dir), dir).toEqual([]);
    }
    expect(JSON.stringify([report, said])).not.toContain(MARKER);
    expect(filesThatTell(folder), 'the search would find it').toEqual(
      expect.arrayContaining(['notes.jsonl', 'open.txt']),
    );
  });

  it('is described by counts, files and hashes', async () => {
    const record = JSON.parse(readFileSync(join(request.runDir, 'run.json'), 'utf8'));
    expect(record.domainTokens).toMatchObject({
      samples: 8,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(record.openTokens).toMatchObject({ samples: 5, tokens: 5 * 64 });
    const text = JSON.stringify(record.calibration);
    expect(text).toContain(join(folder, 'notes.jsonl'));
    expect(text).toMatch(/"sha256":"[0-9a-f]{64}"/);
  });

  it('is not left behind, nor told, by a run that was stopped', async () => {
    const controller = new AbortController();
    const stopped = { ...request, runDir: join(folder, 'stopped'), outDir: join(folder, 'stopped-out') };
    const error = await refusal(
      prune(stopped, ({ stage }) => stage === 'backward' && controller.abort(), controller.signal),
    );
    expect(error).toBeInstanceOf(Interrupted);
    expect(filesThatTell(stopped.runDir)).toEqual([]);
  });

  it('gives the same run for the same seed, and another for another', async () => {
    const withSeed = async (seed: number, name: string) => {
      const wanted = {
        ...request,
        outDir: join(folder, name),
        runDir: join(folder, `${name}-run`),
        settings: { ...request.settings, seed, samples: 4 },
        dumpImportanceDir: null,
      };
      await prune(wanted, () => {});
      return readFileSync(join(wanted.outDir, 'model.safetensors'));
    };
    const first = await withSeed(1, 'seed-1');
    expect(first.equals(await withSeed(1, 'seed-1-again'))).toBe(true);
    expect(first.equals(await withSeed(2, 'seed-2'))).toBe(false);
  });

  it.each([
    ['sequenceLength', '--sequence-length'],
    ['openSequenceLength', '--open-sequence-length'],
  ] as const)('longer than the model takes is refused: %s', async (setting, option) => {
    const wanted = { ...request, outDir: join(folder, 'long'), runDir: join(folder, 'long-run') };
    const settings = { ...request.settings, [setting]: 65 };
    expect(await refusal(prune({ ...wanted, settings }, () => {}))).toMatchObject({
      code: 'SEQUENCE_TOO_LONG',
      message: expect.stringContaining(`${option} is 65, but the model takes at most 64`),
    });
  });
});
