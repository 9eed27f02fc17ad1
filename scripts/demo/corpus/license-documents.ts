import { createRequire } from 'node:module';
import { type TextDocument, wordsOf } from './text-document.ts';

interface SpdxLicense {
  readonly licenseText: string;
}

/** Licences that forbid to change their own text: they could be copied, but not cut into lines and excerpts. */
const FORBIDS_CHANGES =
  /chang(e|ing) (to )?(it|the CDL) (is|are) (not allowed|forbidden)|changes to the CDL are not allowed|modification (of it )?is not allowed|may not be modified without|which you may not modify|must be verbatim|included verbatim|must contain a verbatim copy|distributed? verbatim copies of this document is granted/i;

/**
 * The licence texts of the package `spdx-license-list` (CC0-1.0), in the order of their identifiers: English ones that
 * may be excerpted. White space is collapsed, a paragraph is a line, and characters are ASCII.
 */
export function licenseDocuments(): TextDocument[] {
  const licenses: Record<string, SpdxLicense> = createRequire(import.meta.url)('spdx-license-list/full');
  return Object.entries(licenses)
    .map(([id, { licenseText }]) => ({ id, text: paragraphs(licenseText).join('\n') }))
    .filter(({ text }) => isEnglish(text) && !FORBIDS_CHANGES.test(text.replaceAll('\n', ' ')))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function paragraphs(licenseText: string): string[] {
  return toAscii(licenseText)
    .split(/\n\s*\n/)
    .map((paragraph) =>
      paragraph
        .replace(/[-_=*#~]{3,}/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((paragraph) => /[A-Za-z]{3}/.test(paragraph));
}

const ASCII: readonly [RegExp, string][] = [
  [/[\u2018\u2019\u201a\u2032]/g, "'"],
  [/[\u201c\u201d\u201e\u00ab\u00bb\u2033]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/\u2026/g, '...'],
  [/\u00a9/g, '(c)'],
  [/\r\n?/g, '\n'],
];

/** Typographic signs in their ASCII form, accents dropped; what has no such form becomes U+FFFD. */
function toAscii(text: string): string {
  const plain = ASCII.reduce((result, [pattern, sign]) => result.replace(pattern, sign), text);
  return plain
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\n\t\x20-\x7e]/gu, '\ufffd');
}

/** English legal prose has these words at every turn; other languages, and texts in other scripts, do not. */
function isEnglish(text: string): boolean {
  const words = wordsOf(text);
  const common = words.filter((word) => /^(the|of|and|or|to|in|for|this|is|any)$/.test(word)).length;
  const foreign = text.split('\ufffd').length - 1;
  return words.length >= 40 && common > 0.15 * words.length && foreign < 0.005 * text.length;
}
