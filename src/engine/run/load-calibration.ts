import { UserError } from '../../contract/error.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import { hashFile } from '../calibration/hash-file.ts';
import { buildCalibration } from '../calibration/mix.ts';
import { buildOpenDomain } from '../calibration/open-domain.ts';
import { loadPreset } from '../calibration/preset.ts';
import { readTokenFile } from '../calibration/token-file.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openTokenizer } from '../tokenizer/open-tokenizer.ts';
import type { CalibrationSource } from './calibration-source.ts';
import type { Needs } from './needs.ts';

/** The calibration as token ids. A part that the method does without is empty. */
export interface CalibrationTokens {
  readonly domain: readonly Int32Array[];
  readonly open: readonly Int32Array[];
  /** How it was put together: files by path and hash, counts; never its text. */
  readonly report: unknown;
}

/**
 * Reads just what the method needs.
 * @throws UserError CALIBRATION_MISSING, SEQUENCE_TOO_LONG, and what the readers throw
 */
export async function loadCalibration(
  checkpoint: Checkpoint,
  source: CalibrationSource,
  settings: PruneSettings,
  needs: Needs,
): Promise<CalibrationTokens> {
  return source.kind === 'tokens'
    ? loadTokens(checkpoint, source, needs.open, needs.domain)
    : loadTexts(checkpoint, source, settings, needs.open, needs.domain);
}

async function loadTokens(
  { config }: Checkpoint,
  { domainFile, openFile }: Extract<CalibrationSource, { kind: 'tokens' }>,
  needsOpen: boolean,
  needsDomain: boolean,
): Promise<CalibrationTokens> {
  const read = async (file: string | null, option: string) => {
    if (file === null) throw missing(option);
    const samples = await readTokenFile(file, config.vocabSize, config.maxPositionEmbeddings);
    return { samples, file: { file, sha256: await hashFile(file) } };
  };
  const domain = needsDomain ? await read(domainFile, '--tokens') : null;
  const open = needsOpen ? await read(openFile, '--open-tokens') : null;
  return {
    domain: domain?.samples ?? [],
    open: open?.samples ?? [],
    report: { domain: domain?.file ?? null, open: open?.file ?? null },
  };
}

async function loadTexts(
  checkpoint: Checkpoint,
  source: Extract<CalibrationSource, { kind: 'texts' }>,
  settings: PruneSettings,
  needsOpen: boolean,
  needsDomain: boolean,
): Promise<CalibrationTokens> {
  const { seed, samples, sequenceLength, openSamples, openSequenceLength } = settings;
  const limit = checkpoint.config.maxPositionEmbeddings;
  if (needsDomain && sequenceLength > limit) throw tooLong('--sequence-length', sequenceLength, limit);
  if (needsOpen && openSequenceLength > limit)
    throw tooLong('--open-sequence-length', openSequenceLength, limit);
  const tokenizer = await openTokenizer(checkpoint.dir);
  const { data, onShortfall, openFiles: files } = source;
  const preset = needsDomain ? await loadPreset(source.preset) : null;
  const domain =
    preset &&
    (await buildCalibration({ preset, data, tokenizer, samples, sequenceLength, seed, onShortfall }));
  const open = needsOpen
    ? await buildOpenDomain({
        files,
        tokenizer,
        samples: openSamples,
        sequenceLength: openSequenceLength,
        seed,
      })
    : null;
  return {
    domain: domain?.samples.map((sample) => sample.inputIds) ?? [],
    open: open?.samples ?? [],
    report: { preset: preset?.name ?? null, domain: domain?.report ?? null, open: open?.report ?? null },
  };
}

const missing = (option: string) =>
  new UserError(
    'CALIBRATION_MISSING',
    `This method needs the calibration of ${option}, and no file is given.`,
    `Give ${option} FILE, or a criterion or --calibrate-on that does without it (see prune --help).`,
  );

const tooLong = (option: string, length: number, limit: number) =>
  new UserError(
    'SEQUENCE_TOO_LONG',
    `${option} is ${length}, but the model takes at most ${limit} tokens (max_position_embeddings).`,
    `Give ${option} ${limit} or less.`,
  );
