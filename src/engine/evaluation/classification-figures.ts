export interface ClassificationFigures {
  readonly accuracy: number;
  /** Mean of the F1 of every label that occurs among the truths or the predictions, as scikit-learn takes it. */
  readonly macroF1: number;
}

/**
 * Figures over items by the numbers of their labels, from 0.
 * @param drawn the items that count, by index; one may be there several times
 * @throws RangeError if there are no items or not one prediction for each
 */
export function classificationFigures(
  truths: readonly number[],
  predictions: readonly number[],
  drawn: readonly number[] = [...truths.keys()],
): ClassificationFigures {
  if (drawn.length === 0 || truths.length !== predictions.length) {
    throw new RangeError(`${truths.length} truths and ${predictions.length} predictions`);
  }
  const largest = (numbers: readonly number[]) => numbers.reduce((most, label) => Math.max(most, label), 0);
  const labels = 1 + Math.max(largest(truths), largest(predictions));
  const occurrences = new Int32Array(labels); // among truths and predictions together
  const hits = new Int32Array(labels);
  for (const item of drawn) {
    occurrences[truths[item]]++;
    occurrences[predictions[item]]++;
    if (truths[item] === predictions[item]) hits[truths[item]]++;
  }
  let f1Sum = 0;
  let correct = 0;
  let seen = 0;
  for (const [label, count] of occurrences.entries()) {
    if (count === 0) continue;
    f1Sum += (2 * hits[label]) / count;
    correct += hits[label];
    seen++;
  }
  return { accuracy: correct / drawn.length, macroF1: f1Sum / seen };
}
