import type { PERSONAL_PATTERNS } from '../../contract/data-inspection.ts';

type PersonalPattern = (typeof PERSONAL_PATTERNS)[number];

/**
 * What personal data often looks like in English-language records. They miss much and find what is none: they are for a
 * warning, not for taking names out.
 */
const PATTERNS: Record<PersonalPattern, RegExp> = {
  email: /\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+\b/,
  phone: /(?<![\d.])(?:\+\d{1,3}[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?!\d)/,
  'date-of-birth': /\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\b.{0,12}\d/i,
  'social-security-number': /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/,
  'medical-record-number': /\b(?:mrn|medical record (?:number|no\.?)|patient id)\b\W{0,4}[A-Z]{0,3}\d{4,}/i,
  'ip-address': /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])/,
  'card-number': /(?<!\d)(?:\d{4}[ -]?){3}\d{4}(?!\d)/,
  'titled-name': /\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? [A-Z][a-z]+/,
};
const ENTRIES = Object.entries(PATTERNS) as [PersonalPattern, RegExp][];

/** In how many of the texts each pattern is found. */
export class PersonalPatternCounts {
  private readonly counts = new Map<PersonalPattern, number>(ENTRIES.map(([name]) => [name, 0]));

  add(text: string): void {
    for (const [name, pattern] of ENTRIES) {
      if (pattern.test(text)) this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    }
  }

  found(): { pattern: PersonalPattern; records: number }[] {
    return [...this.counts]
      .filter(([, records]) => records > 0)
      .map(([pattern, records]) => ({ pattern, records }));
  }
}
