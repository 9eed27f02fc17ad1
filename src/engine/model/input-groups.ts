import type { ModelConfig } from '../checkpoint/config.ts';
import { type Linear, linearShape, linearsOf } from '../checkpoint/weight-names.ts';

/**
 * Linear layers that read the same input, one below the other as a single matrix: one product instead of three,
 * and one Hessian for all of them.
 */
export const INPUT_GROUPS = ['attentionInput', 'attentionOutput', 'mlpInput', 'mlpHidden'] as const;
export type InputGroup = (typeof INPUT_GROUPS)[number];

const GROUP_OF: Record<Linear, InputGroup> = {
  qProj: 'attentionInput',
  kProj: 'attentionInput',
  vProj: 'attentionInput',
  qkvProj: 'attentionInput',
  oProj: 'attentionOutput',
  gateProj: 'mlpInput',
  upProj: 'mlpInput',
  gateUpProj: 'mlpInput',
  downProj: 'mlpHidden',
};

export const groupOf = (linear: Linear): InputGroup => GROUP_OF[linear];

/** The linear layers of a group that a model has, in the order of their rows in the joined weight. */
export const groupLinears = (config: ModelConfig, group: InputGroup): Linear[] =>
  linearsOf(config).filter((linear) => GROUP_OF[linear] === group);

/** [outputs, inputs] of a group's joined weight. */
export function groupShape(config: ModelConfig, group: InputGroup): [number, number] {
  const shapes = groupLinears(config, group).map((linear) => linearShape(config, linear));
  return [shapes.reduce((total, [rows]) => total + rows, 0), shapes[0][1]];
}

/** The rows of a group's joined weight that belong to each of its linear layers. */
export function groupRows(
  config: ModelConfig,
  group: InputGroup,
): { linear: Linear; begin: number; end: number }[] {
  let end = 0;
  return groupLinears(config, group).map((linear) => {
    const begin = end;
    end += linearShape(config, linear)[0];
    return { linear, begin, end };
  });
}
