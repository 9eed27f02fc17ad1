import { seededRandom } from '../../../src/engine/calibration/random.ts';
import { licenseDocuments } from './license-documents.ts';
import { type Split, splitDocuments } from './split-documents.ts';
import type { TextDocument } from './text-document.ts';
import { withoutTestedParagraphs } from './without-tested-paragraphs.ts';
import { wordnetDocuments } from './wordnet-documents.ts';

/** The demo's two domains. */
export const DOMAINS = ['legal', 'general'] as const;
export type Domain = (typeof DOMAINS)[number];

const SOURCES: Record<Domain, () => TextDocument[]> = {
  legal: licenseDocuments,
  general: wordnetDocuments,
};

/** The texts of a domain, by what they are for. */
export interface DomainTexts extends Split {
  /** Of the held-out texts, what shares no run of words with any test text. */
  readonly calibration: readonly TextDocument[];
}

/** Both domains, each split into texts to train on, to calibrate on and to test on. */
export function demoCorpus(
  heldOutCharacters: number,
  testCharacters: number,
  seed: number,
): Record<Domain, DomainTexts> {
  const split = (domain: Domain) =>
    splitDocuments(
      SOURCES[domain](),
      heldOutCharacters,
      testCharacters,
      seededRandom(seed, `split/${domain}`),
    );
  const [legal, general] = [split('legal'), split('general')];
  const test = [...legal.test, ...general.test];
  const withCalibration = (domain: Split): DomainTexts => ({
    ...domain,
    calibration: withoutTestedParagraphs(domain.heldOut, test),
  });
  return { legal: withCalibration(legal), general: withCalibration(general) };
}

/** Texts one after the other as in a perplexity file: a blank line between them. */
export const joinTexts = (documents: readonly TextDocument[]): string =>
  documents.map(({ text }) => text).join('\n\n');
