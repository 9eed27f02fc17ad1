import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pruneSettings } from '../../src/contract/settings.ts';
import { openCheckpoint } from '../../src/engine/checkpoint/open-checkpoint.ts';
import { evaluate } from '../../src/engine/evaluation/evaluate.ts';
import { prune } from '../../src/engine/prune-run.ts';
import { prunableWeights } from '../../src/engine/run/mask-source.ts';
import { oraclePython } from './oracle-python.ts';

const data = join(import.meta.dirname, '../../../shared/data');
const model = process.env.DPRUNER_ORACLE_MODEL ?? '';
const ready = oraclePython !== null && existsSync(data) && existsSync(join(model, 'config.json'));

describe.skipIf(!ready)(
  'SmolLM2-135M with ../shared/data, DPRUNER_ORACLE_PYTHON and DPRUNER_ORACLE_MODEL',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'dpruner-smollm2-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('pruned for legal texts, transformers loads it and measures our perplexity', {
      timeout: 600_000,
    }, async () => {
      const outDir = join(folder, 'out');
      const files = new Map([
        ['casehold', [join(data, 'legal/casehold_train.jsonl')]],
        ['billsum', [join(data, 'legal/billsum_train.jsonl')]],
      ]);
      await prune(
        {
          modelDir: model,
          outDir,
          runDir: join(folder, 'run'),
          settings: pruneSettings.parse({
            samples: 4,
            sequenceLength: 128,
            openSamples: 4,
            openSequenceLength: 128,
          }),
          calibration: {
            kind: 'texts',
            preset: 'legal',
            data: files,
            openFiles: [join(data, 'open/calibration.jsonl')],
            onShortfall: 'refuse',
          },
          backend: null,
          resume: false,
          force: false,
          dumpImportanceDir: null,
        },
        () => {},
      );
      await expectHalfZero(outDir);

      const file = join(data, 'legal/multilegalpile.txt');
      const ours = await evaluate(
        {
          modelDir: outDir,
          source: { kind: 'text', file },
          window: 512,
          stride: 256,
          maxTokens: 1024,
          backend: null,
        },
        () => {},
      );
      const script = join(import.meta.dirname, '../oracle/perplexity.py');
      const options = ['--window', '512', '--stride', '256', '--max-tokens', '1024'];
      const output = execFileSync(oraclePython as string, [
        script,
        '--model',
        outDir,
        '--text',
        file,
        ...options,
      ]);
      const theirs = JSON.parse(output.toString());
      expect(ours.scoredTokens).toBe(theirs.scoredTokens);
      expect(Math.abs(ours.perplexity / theirs.perplexity - 1)).toBeLessThan(1e-3);
    });
  },
);

async function expectHalfZero(dir: string): Promise<void> {
  const checkpoint = await openCheckpoint(dir);
  for (const name of prunableWeights(checkpoint).keys()) {
    const values = await checkpoint.readFloat32(name);
    let zeros = 0;
    for (const value of values) if (value === 0) zeros++;
    expect(zeros, name).toBe(values.length / 2);
  }
  await checkpoint.close();
}
