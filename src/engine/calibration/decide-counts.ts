import { UserError } from '../../contract/error.ts';
import { apportion } from './apportion.ts';
import type { OnShortfall } from './calibration-report.ts';
import type { MixPart } from './mix-part.ts';

/**
 * How many samples each part gives. Draws them from the parts' sources, since only drawing shows how many of a
 * part's texts are long enough.
 *
 * @returns `wanted` by the shares alone and `counts` by what there is, both by index of the part.
 * @throws UserError CALIBRATION_PART_EMPTY or, with `refuse`, CALIBRATION_SHORT.
 */
export function decideCounts(
  parts: readonly MixPart[],
  samples: number,
  onShortfall: OnShortfall,
): { wanted: number[]; counts: number[] } {
  refuseEmptyParts(parts);
  const wanted = divide(samples, parts);
  switch (onShortfall) {
    case 'proportion':
      return { wanted, counts: scaleDown(parts, samples) };
    case 'available':
      return { wanted, counts: fillUp(parts, samples) };
    case 'refuse':
      if (!drawAll(parts, wanted)) throw tooFew(parts, wanted);
      return { wanted, counts: wanted };
  }
}

const divide = (samples: number, parts: readonly MixPart[]): number[] =>
  apportion(
    samples,
    parts.map(({ share }) => share),
  );

/** Draws as many samples of each part, unless a part is known to have too few. Whether every part has enough. */
function drawAll(parts: readonly MixPart[], counts: readonly number[]): boolean {
  const enough = () => parts.every(({ source }, index) => source.available >= (counts[index] ?? 0));
  if (!enough()) return false;
  for (const [index, { source }] of parts.entries()) source.drawUpTo(counts[index] ?? 0);
  refuseEmptyParts(parts);
  return enough();
}

/** The most samples, up to the number wanted, for which every part has its share. */
function scaleDown(parts: readonly MixPart[], samples: number): number[] {
  for (;;) {
    const possible = parts.map(({ source, share }) => Number((source.available / share).toPrecision(12)));
    const counts = divide(Math.min(samples, Math.floor(Math.min(...possible))), parts);
    if (drawAll(parts, counts)) return counts;
  }
}

/** Takes all of each part that is short and divides the rest among the others by their shares. */
function fillUp(parts: readonly MixPart[], samples: number): number[] {
  const exhausted = parts.filter(
    ({ source }, index) => source.available < (divide(samples, parts)[index] ?? 0),
  );
  for (const { source } of exhausted) source.drawUpTo(source.available);
  refuseEmptyParts(exhausted);
  const others = parts.filter((part) => !exhausted.includes(part));
  const total = others.reduce((sum, { share }) => sum + share, 0);
  const rescaled = others.map((part) => ({ ...part, share: part.share / total }));
  const left = samples - exhausted.reduce((sum, { source }) => sum + source.available, 0);
  const counts = others.length === 0 ? [] : divide(left, rescaled);
  const ofOthers = drawAll(others, counts) ? counts : fillUp(rescaled, left);
  return parts.map((part) =>
    others.includes(part) ? (ofOthers[others.indexOf(part)] ?? 0) : part.source.available,
  );
}

function refuseEmptyParts(parts: readonly MixPart[]): void {
  const empty = parts.find(({ source }) => source.available === 0);
  if (empty === undefined) return;
  const { part, texts } = empty;
  const paths = texts.files.map(({ path }) => path).join(', ');
  throw new UserError(
    'CALIBRATION_PART_EMPTY',
    `${paths}: nothing is left for ${part.name}; every text is shorter than two tokens or a duplicate of another.`,
    `Give another file, or --data ${part.name}=none to do without it.`,
  );
}

function tooFew(parts: readonly MixPart[], wanted: readonly number[]): UserError {
  const short = parts.flatMap(({ part, source }, index) => {
    const count = wanted[index] ?? 0;
    return source.available < count ? [`${part.name}: ${count} wanted, ${source.available} there`] : [];
  });
  return new UserError(
    'CALIBRATION_SHORT',
    `There are too few records. ${short.join('; ')}.`,
    'Give more data or a smaller --samples, or let the mix be scaled down in proportion.',
  );
}
