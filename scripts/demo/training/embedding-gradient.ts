/**
 * Adds the gradient of an embedding table: row v gets Σ of the gradients at the positions where token v stands.
 * @param dTable [vocabSize, hiddenSize], added to
 * @param inputIds [N]
 * @param dEmbedded gradient at the looked-up rows, [N, hiddenSize]
 */
export function addEmbeddingGradient(
  dTable: Float32Array,
  inputIds: Int32Array,
  dEmbedded: Float32Array,
): void {
  const hiddenSize = dEmbedded.length / inputIds.length;
  for (const [n, id] of inputIds.entries()) {
    const row = id * hiddenSize;
    const from = n * hiddenSize;
    for (let i = 0; i < hiddenSize; i++) {
      dTable[row + i] = dTable[row + i] + dEmbedded[from + i];
    }
  }
}
