import type { Pack, Segment } from './segments.ts';

/** A text with several continuations, each of which sees the text and itself but none of the others. */
export interface Branching {
  readonly stem: Int32Array;
  readonly branches: readonly Int32Array[];
}

/** Where the tokens of a branching lie among the rows of its pack. */
export interface BranchingPlace {
  readonly pack: number;
  /** Row of the stem's last token. */
  readonly stemEnd: number;
  /** First row of each branch. */
  readonly branchStarts: readonly number[];
}

/**
 * Packs branchings in order, each stem's tokens once and then its branches'; a pack holds at most `maxTokens` tokens, or one
 * larger branching.
 */
export function packBranchings(branchings: readonly Branching[], maxTokens: number) {
  const packs: Pack[] = [];
  const places: BranchingPlace[] = [];
  let group: Branching[] = [];
  let tokens = 0;
  const flush = () => {
    if (group.length === 0) return;
    const { pack, placesOf } = packTogether(group, packs.length);
    packs.push(pack);
    places.push(...placesOf);
    group = [];
    tokens = 0;
  };
  for (const branching of branchings) {
    const size = branching.branches.reduce((sum, { length }) => sum + length, branching.stem.length);
    if (tokens + size > maxTokens) flush();
    group.push(branching);
    tokens += size;
  }
  flush();
  return { packs, places };
}

function packTogether(group: readonly Branching[], pack: number) {
  const inputIds: number[] = [];
  const rows: number[] = [];
  const segments: Segment[] = [];
  const placesOf: BranchingPlace[] = [];
  for (const { stem, branches } of group) {
    const stemRows = append(inputIds, stem);
    segments.push({ start: rows.length, length: stem.length });
    rows.push(...stemRows);
    const branchStarts = branches.map((branch) => {
      const first = inputIds.length;
      if (branch.length === 0) return first;
      const start = rows.length;
      rows.push(...stemRows, ...append(inputIds, branch));
      segments.push({ start, length: stem.length + branch.length, shared: stem.length });
      return first;
    });
    placesOf.push({ pack, stemEnd: stemRows.at(-1) ?? 0, branchStarts });
  }
  return {
    pack: { inputIds: Int32Array.from(inputIds), segments, rows: Int32Array.from(rows) },
    placesOf,
  };
}

/** Appends the ids and gives their places. */
function append(inputIds: number[], ids: Int32Array): number[] {
  const first = inputIds.length;
  inputIds.push(...ids);
  return Array.from(ids, (_, i) => first + i);
}
