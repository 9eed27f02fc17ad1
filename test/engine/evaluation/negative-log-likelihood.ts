/** −log softmax(logits)[next token] at each position that has a next token, in nats. */
export function nextTokenLosses(logits: ArrayLike<number>, inputIds: Int32Array): number[] {
  const vocabulary = logits.length / inputIds.length;
  return Array.from(inputIds.subarray(1), (target, t) => {
    const row = Array.from({ length: vocabulary }, (_, i) => logits[t * vocabulary + i]);
    const largest = Math.max(...row);
    const total = row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
    return largest + Math.log(total) - row[target];
  });
}
