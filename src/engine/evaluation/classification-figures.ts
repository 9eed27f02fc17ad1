export interface ClassificationFigures {
  readonly accuracy: number;
  /** Mean of the F1 of every label that occurs among the truths or the predictions, as scikit-learn takes it. */
  readonly macroF1: number;
}

/** @throws RangeError if there are no items or not one prediction for each */
export function classificationFigures(
  truths: readonly string[],
  predictions: readonly string[],
): ClassificationFigures {
  if (truths.length === 0 || truths.length !== predictions.length) {
    throw new RangeError(`${truths.length} truths and ${predictions.length} predictions`);
  }
  const truthCounts = countEach(truths);
  const predictionCounts = countEach(predictions);
  const hits = countEach(truths.filter((truth, i) => truth === predictions[i]));
  const labels = new Set([...truths, ...predictions]);
  let f1Sum = 0;
  let correct = 0;
  for (const label of labels) {
    const hit = hits.get(label) ?? 0;
    f1Sum += (2 * hit) / ((truthCounts.get(label) ?? 0) + (predictionCounts.get(label) ?? 0));
    correct += hit;
  }
  return { accuracy: correct / truths.length, macroF1: f1Sum / labels.size };
}

function countEach(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
