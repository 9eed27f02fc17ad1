import { z } from 'zod';
import { formatCount, formatPercent } from './quantities.ts';
import { formatTable } from './table.ts';

const counts = { wanted: z.number(), used: z.number(), tokens: z.number() };

/** What is shown of a run's record of its calibration, where that came from texts. */
const mixedCalibration = z.object({
  domain: z
    .object({
      used: z.number(),
      parts: z.array(z.object({ title: z.string(), ...counts })),
      notes: z.array(z.string()),
    })
    .nullable(),
  open: z.object({ ...counts, notes: z.array(z.string()) }).nullable(),
});

export interface CalibrationText {
  /** Empty where there is nothing to say: token files are used as they are. */
  readonly table: string;
  readonly notes: readonly string[];
}

/** The mix as it was wanted and as it is, and where the two differ. */
export function formatCalibration(calibration: unknown): CalibrationText {
  const parsed = mixedCalibration.safeParse(calibration);
  if (!parsed.success) return { table: '', notes: [] };
  const { domain, open } = parsed.data;
  const rows = (domain?.parts ?? []).map((part) => [
    part.title,
    formatCount(part.wanted),
    formatCount(part.used),
    formatPercent(domain?.used ? part.used / domain.used : 0),
    formatCount(part.tokens),
  ]);
  if (open) {
    const { wanted, used, tokens } = open;
    rows.push(['Open-domain text', formatCount(wanted), formatCount(used), '', formatCount(tokens)]);
  }
  const headings = ['Calibration', 'Wanted', 'Used', 'Of the mix', 'Tokens'];
  return {
    table: rows.length > 0 ? formatTable(headings, rows, ['left', 'right', 'right', 'right', 'right']) : '',
    notes: [...(domain?.notes ?? []), ...(open?.notes ?? [])],
  };
}
