import { z } from 'zod';

export const AUDIT_ACTIONS = [
  'run.queued',
  'run.started',
  'run.paused',
  'run.resumed',
  'run.cancelled',
  'run.interrupted',
  'run.failed',
  'run.finished',
  'run.removed',
  'run.expired',
  'experiment.queued',
  'experiment.started',
  'experiment.paused',
  'experiment.resumed',
  'experiment.cancelled',
  'experiment.interrupted',
  'experiment.failed',
  'experiment.finished',
  'experiment.removed',
  'experiment.expired',
  'export.finished',
  'export.failed',
  'data.revealed',
  'preset.saved',
  'preset.removed',
  'model.added',
  'model.removed',
  'settings.changed',
  'audit.exported',
  'service.started',
] as const;

/** One line of the trail: who did what, on which data (by hash). Each line's hash covers the hash before it. */
export const auditEntry = z.object({
  /** 1, 2, 3 … without gaps. */
  sequence: z.int(),
  at: z.iso.datetime(),
  /** The account on this computer. */
  who: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  /** The run, model or preset that it is about. */
  subject: z.string(),
  /** Files by path and SHA-256, settings, versions; never text. */
  details: z.record(z.string(), z.unknown()),
  previousHash: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditPage = z.object({ total: z.int(), entries: z.array(auditEntry) });

export const auditVerdict = z.object({
  isIntact: z.boolean(),
  entries: z.int(),
  /** Hash of the last entry; keep it elsewhere to notice a trail that was cut off or made anew. */
  lastHash: z.string().nullable(),
  /** Where the chain breaks and how, in words; null where it does not. */
  fault: z.object({ sequence: z.int(), message: z.string() }).nullable(),
});
export type AuditVerdict = z.infer<typeof auditVerdict>;
