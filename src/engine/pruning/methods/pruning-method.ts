import type { Linear } from '../../checkpoint/weight-names.ts';
import type { InputMoments } from '../../importance/hessian.ts';
import type { InputGroup } from '../../model/input-groups.ts';
import type { Tensor2D } from '../../tensor/ops.ts';
import { type Grouping, type Mask, maskLowest, maskWithout } from '../mask.ts';

/** What a method needs of a linear layer's inputs: nothing, Σ x² of each, or Σ x xᵀ. */
export type InputNeeds = 'none' | 'squares' | 'moments';

/** The inputs of a group of linear layers over the calibration text, as the pruned layers below it give them. */
export interface GroupInputs {
  /** Σ x², [inputs] */
  readonly squares: Float64Array;
  /** null unless the method needs them. */
  readonly moments: InputMoments | null;
}

/** A linear layer of a group: its rows of the joined weight. */
export interface LinearRows {
  readonly linear: Linear;
  /** The weight's name. */
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

/** The linear layers that read one input, to be pruned together. */
export interface GroupToPrune {
  readonly layer: number;
  readonly group: InputGroup;
  readonly linears: readonly LinearRows[];
  /** The joined dense weight, [outputs, inputs]: on the device, and the same row-major in memory. */
  readonly weight: Tensor2D;
  readonly weightValues: Float32Array<ArrayBuffer>;
  readonly inputs: GroupInputs | null;
  readonly grouping: Grouping;
}

/** A matrix after pruning. */
export interface PrunedMatrix {
  readonly mask: Mask;
  /** All its weights, +0.0 where pruned, if the kept ones were updated; null if they are as they were. */
  readonly values: Float32Array<ArrayBuffer> | null;
}

export interface PrunedGroup {
  /** In the order of the group's linear layers. */
  readonly matrices: readonly PrunedMatrix[];
  /** What a person should know. */
  readonly notes: readonly string[];
}

/**
 * Each linear layer's part of a joined weight that was updated.
 * @param pruned 1 for each weight that goes, [outputs, inputs] row-major
 * @param values as `PrunedMatrix`, of all rows
 */
export function matricesOf(
  linears: readonly LinearRows[],
  pruned: Uint8Array,
  values: Float32Array<ArrayBuffer>,
): PrunedMatrix[] {
  const columns = values.length / linears[linears.length - 1].end;
  return linears.map(({ begin, end }) => ({
    mask: maskWithout(pruned.subarray(begin * columns, end * columns), end - begin, columns),
    values: values.subarray(begin * columns, end * columns),
  }));
}

/** Chooses the weights of a decoder layer that go, and may update those that stay. */
export interface PruningMethod {
  readonly needs: InputNeeds;
  prune(group: GroupToPrune): Promise<PrunedGroup>;
}

/** One matrix to be ranked. */
export interface MatrixToRank {
  readonly name: string;
  readonly layer: number;
  readonly linear: Linear;
  readonly rows: number;
  readonly columns: number;
  readonly readWeight: () => Promise<Float32Array>;
  /** Σ x² of its inputs, where the method needs them. */
  readonly squares: Float64Array | null;
}

/** Importance of each weight, or any increasing function of it, [outputs, inputs] row-major. */
export type KeysOf = (matrix: MatrixToRank) => Promise<Float32Array>;

/** The weights that go, given all weights' keys. */
export type Select = (matrix: MatrixToRank, keys: Float32Array, grouping: Grouping) => Promise<Mask>;

/** A method that ranks the weights: in each comparison group those with the lowest keys go, and none is updated. */
export interface RankingMethod extends PruningMethod {
  maskOf(matrix: MatrixToRank, grouping: Grouping): Promise<Mask>;
}

const selectLowest: Select = async ({ rows, columns }, keys, grouping) =>
  maskLowest(keys, rows, columns, grouping);

export function rankingMethod(
  needs: 'none' | 'squares',
  keysOf: KeysOf,
  select: Select = selectLowest,
): RankingMethod {
  const maskOf = async (matrix: MatrixToRank, grouping: Grouping) =>
    select(matrix, await keysOf(matrix), grouping);
  return {
    needs,
    maskOf,
    async prune({ layer, linears, weightValues, inputs, grouping }) {
      const matrices: PrunedMatrix[] = [];
      const columns = weightValues.length / linears[linears.length - 1].end;
      for (const { linear, name, begin, end } of linears) {
        const readWeight = async () => weightValues.subarray(begin * columns, end * columns);
        const squares = inputs?.squares ?? null;
        const matrix = { name, layer, linear, rows: end - begin, columns, readWeight, squares };
        matrices.push({ mask: await maskOf(matrix, grouping), values: null });
      }
      return { matrices, notes: [] };
    },
  };
}
