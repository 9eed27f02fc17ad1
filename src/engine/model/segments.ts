/**
 * Where each sample lies among the packed tokens of a micro-batch: linear layers run on all N tokens at once,
 * so no token is padding; attention and per-sample gradients take one segment at a time.
 */
export interface Segment {
  readonly start: number;
  readonly length: number;
  /** So many tokens at the beginning are another segment's, too, which computes them; here they are only attended to. */
  readonly shared?: number;
  /** The text comes token by token, so that nothing of an earlier token may depend on its whole length. */
  readonly grows?: boolean;
}

/** A micro-batch of whole samples: their token ids packed one after the other, N in all. */
export interface Pack {
  readonly inputIds: Int32Array;
  /** Among the tokens or, where segments share some, among `rows`. */
  readonly segments: readonly Segment[];
  /** The packed token at each place of the segments; absent where no token is in two of them. */
  readonly rows?: Int32Array;
}

/** Packs samples in order; a pack holds at most `maxTokens` tokens, or one longer sample. */
export function packSamples(samples: readonly Int32Array[], maxTokens: number): Pack[] {
  const packs: Pack[] = [];
  let group: Int32Array[] = [];
  let tokens = 0;
  const flush = () => {
    if (group.length > 0) packs.push(pack(group, tokens));
    group = [];
    tokens = 0;
  };
  for (const sample of samples) {
    if (tokens + sample.length > maxTokens) flush();
    group.push(sample);
    tokens += sample.length;
  }
  flush();
  return packs;
}

function pack(samples: readonly Int32Array[], tokens: number): Pack {
  const inputIds = new Int32Array(tokens);
  const segments: Segment[] = [];
  let start = 0;
  for (const sample of samples) {
    inputIds.set(sample, start);
    segments.push({ start, length: sample.length });
    start += sample.length;
  }
  return { inputIds, segments };
}
