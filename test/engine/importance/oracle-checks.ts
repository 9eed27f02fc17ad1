import { expect } from 'vitest';
import { linearsOf } from '../../../src/engine/checkpoint/weight-names.ts';
import { inverseHessianDiagonal } from '../../../src/engine/importance/hessian.ts';
import { takeFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import type { OracleFixture } from '../oracle-fixture.ts';
import { runDomainPass, runGeneralPass, visitInputMoments } from './engine-passes.ts';

/** Of a matrix's largest value; PyTorch in float32 is itself within 3e-6 of the float64 values. */
export const TOLERANCE = 1e-4;

/** H and diag(H⁻¹) of every distinct input. */
export async function checkHessians(fixture: OracleFixture, packTokens: number): Promise<void> {
  const { checkpoint, open, facts } = fixture;
  let checked = 0;
  await visitInputMoments(checkpoint, open, packTokens, async (prefix, moments, theSame) => {
    const expected = await fixture.expected(`${prefix}.hessian`);
    const tokens = theSame.count;
    const matrix = theSame.takeMatrix();
    const n = matrix.u.length;
    const base = takeFloats(matrix.base);
    const found = base.map((value, i) => {
      const [row, column] = [Math.floor(i / n), i % n];
      return (2 / tokens) * (value + matrix.u[row] * matrix.v[column] + matrix.v[row] * matrix.u[column]);
    });
    expectClose(found, expected, TOLERANCE, `${prefix}: H`);

    const inverse = inverseHessianDiagonal(moments, facts.parameters.damping);
    expect(inverse.damping).toBe(facts.parameters.damping);
    expect(inverse.deadColumns, prefix).toEqual(
      [...Array(n).keys()].filter((column) => expected[column * n + column] === 0),
    );
    // The oracle gives a dead column the inverse of its damping; here it counts as dead.
    const diagonal = (await fixture.expected(`${prefix}.inverse_hessian_diagonal`)).map((value, column) =>
      inverse.deadColumns.includes(column) ? 0 : value,
    );
    expectClose(inverse.values, diagonal, TOLERANCE, `${prefix}: diag H⁻¹`);
    checked++;
  });
  expect(checked).toBe(4 * checkpoint.config.numHiddenLayers);
}

/** G of every prunable weight. */
export async function checkGeneralImportance(fixture: OracleFixture): Promise<void> {
  const { importance } = await runGeneralPass(fixture.checkpoint, fixture.open);
  const { config } = fixture.checkpoint;
  expect(importance.size).toBe(linearsOf(config).length * config.numHiddenLayers);
  for (const [name, values] of importance) {
    expectClose(values, await fixture.expected(`${name}.general`), TOLERANCE, `${name}: G`);
  }
}

/** The mean loss, and the means of g, |g| and g² over the samples. */
export async function checkGradientStatistics(fixture: OracleFixture, packTokens: number): Promise<void> {
  const { checkpoint, domain, facts } = fixture;
  const wanted = ['fisher', 'gradientAbs', 'gradient'] as const;
  const { means, loss } = await runDomainPass(checkpoint, domain, wanted, packTokens);
  const meanLoss = facts.losses.reduce((total, each) => total + each, 0) / facts.losses.length;
  expectClose([loss], [meanLoss], 1e-5, 'mean loss');
  expect(means.size).toBe(linearsOf(checkpoint.config).length * checkpoint.config.numHiddenLayers);
  for (const [name, { fisher, gradientAbs, gradient }] of means) {
    const against = async (found: Float32Array | undefined, kind: string) =>
      expectClose(found ?? [], await fixture.expected(`${name}.${kind}`), TOLERANCE, `${name}: ${kind}`);
    await against(fisher, 'fisher');
    await against(gradientAbs, 'gradient_abs');
    await against(gradient, 'gradient');
  }
}

/**
 * Weights for which the closed form of the per-sample importance is not exact: √(P · H_F) · |rW| > 2, where a step of
 * one of the P samples may be more than twice the weight itself (see `perSampleImportance`).
 */
export async function beyondClosedForm(
  { checkpoint, domain, facts, expected }: OracleFixture,
  weight: string,
  strength: 'printed' | 'rho',
): Promise<number[]> {
  const [general, fisher] = [await expected(`${weight}.general`), await expected(`${weight}.fisher`)];
  const values = await checkpoint.readFloat32(weight);
  const c = facts.regularizer.strengths[strength];
  return [...values.keys()].filter((m) => {
    const rw = (1 + c * general[m] * fisher[m]) * values[m];
    return Math.sqrt(domain.length * fisher[m]) * Math.abs(rw) > 2 - 1e-3; // near the border either may be
  });
}
