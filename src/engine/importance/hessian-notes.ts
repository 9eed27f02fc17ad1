import { UserError } from '../../contract/error.ts';

/** What a person should know of a Hessian's inversion: raised damping, dead columns. */
export function describeHessian(
  layer: number,
  group: string,
  wanted: number,
  { damping: used, deadColumns }: { readonly damping: number; readonly deadColumns: readonly number[] },
): string[] {
  const notes: string[] = [];
  if (used !== wanted)
    notes.push(
      `layer ${layer}, ${group}: the Hessian was singular; damping raised from ${wanted} to ${used}`,
    );
  if (deadColumns.length > 0) {
    const named = deadColumns.slice(0, 8).join(', ') + (deadColumns.length > 8 ? ', …' : '');
    notes.push(
      `layer ${layer}, ${group}: ${deadColumns.length} input columns are zero for every token (${named}); their weights count as dead`,
    );
  }
  return notes;
}

export const singularHessian = (layer: number, group: string, damping: number, cause: Error) =>
  new UserError(
    'HESSIAN_SINGULAR',
    `layer ${layer}, ${group}: the Hessian cannot be inverted with a damping of ${damping}, nor with a larger one.`,
    'Give a larger --damping. If that does not help, the weights are so large that this model overflows.',
    { cause },
  );
