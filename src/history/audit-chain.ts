import { createHash } from 'node:crypto';
import type { AuditEntry, AuditVerdict } from '../contract/audit.ts';

/** What stands before the first entry. */
export const FIRST_PREVIOUS_HASH = '0'.repeat(64);

/** SHA-256 over the entry's fields and the hash of the one before, as a JSON list with the keys of `details` in order. */
export function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  const { sequence, at, who, action, subject, details, previousHash } = entry;
  const text = JSON.stringify([sequence, at, who, action, subject, inOrder(details), previousHash]);
  return createHash('sha256').update(text).digest('hex');
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, inOrder(inner)]));
}

/**
 * Follows the chain from its beginning.
 * @param promised how many entries there once were, where that is known: a trail that was cut off at its end is shorter
 */
export async function verifyChain(
  entries: Iterable<AuditEntry> | AsyncIterable<AuditEntry>,
  promised: number | null,
): Promise<AuditVerdict> {
  let sequence = 0;
  let lastHash: string | null = null;
  const broken = (message: string): AuditVerdict => ({
    isIntact: false,
    entries: sequence,
    lastHash,
    fault: { sequence: sequence + 1, message },
  });
  for await (const entry of entries) {
    if (entry.sequence !== sequence + 1) {
      return broken(`Entry ${sequence + 1} is missing: after ${sequence} comes ${entry.sequence}.`);
    }
    if (entry.previousHash !== (lastHash ?? FIRST_PREVIOUS_HASH)) {
      return broken(`Entry ${entry.sequence} does not follow from the one before it.`);
    }
    if (entry.hash !== hashOf(entry))
      return broken(`Entry ${entry.sequence} was changed after it was written.`);
    sequence = entry.sequence;
    lastHash = entry.hash;
  }
  if (promised !== null && sequence < promised) {
    return broken(`The trail ends with entry ${sequence}, but there were ${promised}.`);
  }
  return { isIntact: true, entries: sequence, lastHash, fault: null };
}
