import { seededRandom } from '../../calibration/random.ts';
import { type ClassificationFigures, classificationFigures } from '../classification-figures.ts';
import type { ChoiceOutcome } from './task-outcomes.ts';

/** Enough for two digits of an expected macro-F1 of 100 items. */
const GUESSED_ROUNDS = 200;

/**
 * What is reached without reading: by guessing each option equally often and, where the options are classes, by always
 * giving one class, whichever of the two is better.
 */
export function chanceLevels(outcomes: readonly ChoiceOutcome[], areClasses: boolean): ClassificationFigures {
  const truths = outcomes.map(({ classes, truth }) => classes[truth]);
  const candidates = [guessed(outcomes, truths)];
  if (areClasses) {
    for (const label of new Set(truths)) {
      const constant = truths.map(() => label);
      candidates.push(classificationFigures(truths, constant));
    }
  }
  return {
    accuracy: Math.max(...candidates.map(({ accuracy }) => accuracy)),
    macroF1: Math.max(...candidates.map(({ macroF1 }) => macroF1)),
  };
}

function guessed(outcomes: readonly ChoiceOutcome[], truths: readonly number[]): ClassificationFigures {
  const random = seededRandom(0, 'chance-level');
  let macroF1 = 0;
  for (let round = 0; round < GUESSED_ROUNDS; round++) {
    const guesses = outcomes.map(({ classes }) => classes[random.below(classes.length)]);
    macroF1 += classificationFigures(truths, guesses).macroF1 / GUESSED_ROUNDS;
  }
  // By class: two options of the same class count both.
  const hit = (outcome: ChoiceOutcome, i: number) =>
    outcome.classes.filter((each) => each === truths[i]).length / outcome.classes.length;
  const accuracy = outcomes.reduce((total, outcome, i) => total + hit(outcome, i), 0) / outcomes.length;
  return { accuracy, macroF1 };
}
