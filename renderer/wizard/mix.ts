/** Whole percents of each part of a mix, by its name. They always add up to 100. */
export type Mix = Readonly<Record<string, number>>;

/** Gives `name` so many percent; the others keep their proportions in what is left. */
export function moveShare(mix: Mix, name: string, percent: number): Mix {
  const others = Object.keys(mix).filter((other) => other !== name);
  if (others.length === 0) return { ...mix, [name]: 100 };
  const left = 100 - percent;
  const sum = others.reduce((total, other) => total + (mix[other] ?? 0), 0);
  // Where the others had nothing, what is left is shared out evenly.
  const weights = others.map((other) => (sum === 0 ? 1 : (mix[other] ?? 0)));
  const parts = apportion(left, weights);
  return {
    ...mix,
    [name]: percent,
    ...Object.fromEntries(others.map((other, index) => [other, parts[index] ?? 0])),
  };
}

/** Whole percents of shares that add up to 1. */
export function mixOfShares(shares: readonly { readonly name: string; readonly share: number }[]): Mix {
  const percents = apportion(
    100,
    shares.map(({ share }) => share),
  );
  return Object.fromEntries(shares.map(({ name }, index) => [name, percents[index] ?? 0]));
}

/** Splits a whole number in proportion to the weights, largest remainders first. */
function apportion(whole: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const exact = weights.map((weight) => (whole * weight) / sum);
  const parts = exact.map(Math.floor);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  const missing = whole - parts.reduce((total, part) => total + part, 0);
  for (const { index } of byRemainder.slice(0, missing)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
