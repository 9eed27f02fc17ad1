/**
 * The model's parts written out in plain loops over float64 arrays, without a tensor library: what the engine's own
 * are held against. Matrices are row-major.
 */

export type Matrix = Float64Array;

export function rmsNorm(x: Matrix, weight: Matrix, eps: number): Matrix {
  const width = weight.length;
  const y = new Float64Array(x.length);
  for (let row = 0; row < x.length; row += width) {
    let squares = 0;
    for (let i = 0; i < width; i++) squares += x[row + i] ** 2;
    const r = 1 / Math.sqrt(squares / width + eps);
    for (let i = 0; i < width; i++) y[row + i] = weight[i] * x[row + i] * r;
  }
  return y;
}

export function layerNorm(x: Matrix, weight: Matrix, bias: Matrix, eps: number): Matrix {
  const width = weight.length;
  const y = new Float64Array(x.length);
  for (let row = 0; row < x.length; row += width) {
    const token = x.subarray(row, row + width);
    const mean = token.reduce((sum, value) => sum + value, 0) / width;
    const variance = token.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    for (let i = 0; i < width; i++) {
      y[row + i] = (weight[i] * (token[i] - mean)) / Math.sqrt(variance + eps) + bias[i];
    }
  }
  return y;
}

export const gelu = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

export function linear(x: Matrix, weight: Matrix, inputs: number, bias: Matrix | null = null): Matrix {
  const outputs = weight.length / inputs;
  const tokens = x.length / inputs;
  const y = new Float64Array(tokens * outputs);
  for (let t = 0; t < tokens; t++) {
    for (let o = 0; o < outputs; o++) {
      let total = bias ? bias[o] : 0;
      for (let i = 0; i < inputs; i++) total += x[t * inputs + i] * weight[o * inputs + i];
      y[t * outputs + o] = total;
    }
  }
  return y;
}

/** @param gateUp [N, 2·width] */
export function swiglu(gateUp: Matrix, width: number): Matrix {
  const tokens = gateUp.length / (2 * width);
  return Float64Array.from({ length: tokens * width }, (_, at) => {
    const [t, i] = [Math.floor(at / width), at % width];
    const gate = gateUp[t * 2 * width + i];
    return (gate / (1 + Math.exp(-gate))) * gateUp[t * 2 * width + width + i];
  });
}

/** Rotates heads of `headDim` by positions 0, 1, …; x is [T, heads·headDim] of one sample. */
export function rotate(x: Matrix, heads: number, headDim: number, theta: number): Matrix {
  const width = heads * headDim;
  const half = headDim / 2;
  const y = new Float64Array(x.length);
  for (let at = 0; at < x.length; at++) {
    const position = Math.floor(at / width);
    const i = at % headDim;
    const angle = position * theta ** (-(i % half) / half);
    const other = i < half ? -x[at + half] : x[at - half];
    y[at] = x[at] * Math.cos(angle) + other * Math.sin(angle);
  }
  return y;
}

export interface AttentionShape {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDim: number;
  readonly slidingWindow: number | null;
  /** Scores s become c·tanh(s/c). */
  readonly softcap?: number;
  /** What each head's scores fall by with each token of distance. */
  readonly slopes?: readonly number[];
}

/** Causal grouped-query attention of one sample, token by token. */
export function attention(q: Matrix, k: Matrix, v: Matrix, shape: AttentionShape): Matrix {
  const { heads, keyValueHeads, headDim, slidingWindow, softcap, slopes } = shape;
  const [width, keyWidth] = [heads * headDim, keyValueHeads * headDim];
  const tokens = q.length / width;
  const output = new Float64Array(q.length);
  const powers = new Float64Array(tokens);
  for (let head = 0; head < heads; head++) {
    const keyHead = Math.floor((head * keyValueHeads) / heads);
    for (let t = 0; t < tokens; t++) {
      const first = slidingWindow === null ? 0 : Math.max(0, t - slidingWindow + 1);
      const query = t * width + head * headDim;
      let total = 0;
      for (let s = first; s <= t; s++) {
        const key = s * keyWidth + keyHead * headDim;
        let score = 0;
        for (let d = 0; d < headDim; d++) score += q[query + d] * k[key + d];
        score /= Math.sqrt(headDim);
        if (softcap) score = softcap * Math.tanh(score / softcap);
        if (slopes) score -= slopes[head] * (t - s);
        powers[s] = Math.exp(score); // the tests' scores are small enough
        total += powers[s];
      }
      for (let s = first; s <= t; s++) {
        const value = s * keyWidth + keyHead * headDim;
        for (let d = 0; d < headDim; d++) output[query + d] += (powers[s] / total) * v[value + d];
      }
    }
  }
  return output;
}

/** Central differences of `loss` in the coordinates `at` of x; x is left as it was. */
export function finiteDifferences(loss: () => number, x: Matrix, at: readonly number[], step = 1e-5): Matrix {
  return Float64Array.from(at, (i) => {
    const value = x[i];
    x[i] = value + step;
    const above = loss();
    x[i] = value - step;
    const below = loss();
    x[i] = value;
    return (above - below) / (2 * step);
  });
}

export const dot = (a: Matrix, b: Matrix): number => a.reduce((total, value, i) => total + value * b[i], 0);
export const everyIndex = (x: Matrix): number[] => [...x.keys()];
