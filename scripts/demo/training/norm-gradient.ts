/**
 * Gradient of an RMS norm's weight w from that of the linear layer which reads the norm's output. With x̂ the
 * normalised input, Y = (w·x̂) Wᵀ and dW = dYᵀ(w·x̂), so
 *
 *   Σ_o W_oi dW_oi = w_i Σ_n (dY W)_ni x̂_ni = w_i dw_i,
 *
 * and dw_i = Σ_o W_oi dW_oi / w_i: no activation has to be kept or computed again. Needs w_i ≠ 0.
 * @param norm w, [inputs]
 * @param weight W, and `dWeight` its gradient, [outputs, inputs], row-major
 * @returns dw, [inputs]
 */
export function normGradient(
  norm: Float32Array,
  weight: Float32Array,
  dWeight: Float32Array,
): Float32Array<ArrayBuffer> {
  const inputs = norm.length;
  const sums = new Float64Array(inputs);
  for (let row = 0; row < weight.length; row += inputs) {
    for (let i = 0; i < inputs; i++) {
      sums[i] = sums[i] + weight[row + i] * dWeight[row + i];
    }
  }
  return Float32Array.from(sums, (sum, i) => sum / norm[i]);
}
