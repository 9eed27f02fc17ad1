import type { PERSONAL_PATTERNS } from '../../src/contract/data-inspection.ts';

export const patternTitles: Record<(typeof PERSONAL_PATTERNS)[number], string> = {
  email: 'e-mail addresses',
  phone: 'telephone numbers',
  'date-of-birth': 'dates of birth',
  'social-security-number': 'social security numbers',
  'medical-record-number': 'medical record numbers',
  'ip-address': 'IP addresses',
  'card-number': 'card numbers',
  'titled-name': 'names with a title',
};
