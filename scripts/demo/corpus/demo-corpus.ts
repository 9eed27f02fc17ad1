import { seededRandom } from '../../../src/engine/calibration/random.ts';
import { licenseDocuments } from './license-documents.ts';
import { type Split, splitDocuments } from './split-documents.ts';
import type { TextDocument } from './text-document.ts';
import { wordnetDocuments } from './wordnet-documents.ts';

/** The demo's two domains. */
export const DOMAINS = ['legal', 'general'] as const;
export type Domain = (typeof DOMAINS)[number];

const SOURCES: Record<Domain, () => TextDocument[]> = {
  legal: licenseDocuments,
  general: wordnetDocuments,
};

/** Both domains, each split into texts to train on, to calibrate on and to test on. */
export function demoCorpus(
  calibrationCharacters: number,
  testCharacters: number,
  seed: number,
): Record<Domain, Split> {
  const split = (domain: Domain) =>
    splitDocuments(
      SOURCES[domain](),
      calibrationCharacters,
      testCharacters,
      seededRandom(seed, `split/${domain}`),
    );
  return { legal: split('legal'), general: split('general') };
}

/** Texts one after the other as in a perplexity file: a blank line between them. */
export const joinTexts = (documents: readonly TextDocument[]): string =>
  documents.map(({ text }) => text).join('\n\n');
