import type { ModelConfig } from '../checkpoint/config.ts';
import { type Linear, linearShape } from '../checkpoint/weight-names.ts';

/**
 * Linear layers that read the same input, one below the other as a single matrix: one product instead of three,
 * and one Hessian for all of them.
 */
export const INPUT_GROUPS = ['attentionInput', 'attentionOutput', 'mlpInput', 'mlpHidden'] as const;
export type InputGroup = (typeof INPUT_GROUPS)[number];

export const GROUP_LINEARS: Record<InputGroup, readonly Linear[]> = {
  attentionInput: ['qProj', 'kProj', 'vProj'],
  attentionOutput: ['oProj'],
  mlpInput: ['gateProj', 'upProj'],
  mlpHidden: ['downProj'],
};

/** [outputs, inputs] of a group's joined weight. */
export function groupShape(config: ModelConfig, group: InputGroup): [number, number] {
  const shapes = GROUP_LINEARS[group].map((linear) => linearShape(config, linear));
  return [shapes.reduce((total, [rows]) => total + rows, 0), shapes[0][1]];
}

/** The rows of a group's joined weight that belong to each of its linear layers. */
export function groupRows(
  config: ModelConfig,
  group: InputGroup,
): { linear: Linear; begin: number; end: number }[] {
  let end = 0;
  return GROUP_LINEARS[group].map((linear) => {
    const begin = end;
    end += linearShape(config, linear)[0];
    return { linear, begin, end };
  });
}
