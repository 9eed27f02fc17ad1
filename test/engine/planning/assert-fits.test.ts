import { totalmem } from 'node:os';
import { expect, it } from 'vitest';
import { UserError } from '../../../src/contract/error.ts';
import { type PruneSettings, pruneSettings } from '../../../src/contract/settings.ts';
import { assertFits } from '../../../src/engine/planning/assert-fits.ts';
import { textSizes } from '../../../src/engine/planning/token-counts.ts';
import { needsOf } from '../../../src/engine/run/needs.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { tinyConfig } from '../model/tiny-config.ts';

const GIB = 2 ** 30;

const check = async (given: Partial<PruneSettings>, scratchFreeBytes: number, programBytes = 0) => {
  const settings = pruneSettings.parse(given);
  const texts = textSizes(settings, needsOf(settings, false));
  const config = tinyConfig({ hiddenSize: 1024, intermediateSize: 2816, numHiddenLayers: 24 });
  assertFits({ config, settings, texts, weightBytes: 0, programBytes, isComposed: false, scratchFreeBytes });
};

it('lets a run begin that fits', async () => {
  await check({}, 200 * GIB);
});

it('refuses one that would fill the disk, with what helps', async () => {
  const error = await refusal(check({}, 5 * GIB));
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({
    code: 'DISK_SHORT',
    message: expect.stringMatching(/needs about [\d.]+ GiB of free disk .* 5\.0 GiB/),
    fix: expect.stringContaining('--samples'),
  });
});

it('refuses one that needs more memory than there is', async () => {
  expect(await refusal(check({}, 200 * GIB, totalmem()))).toMatchObject({ code: 'MEMORY_SHORT' });
});
