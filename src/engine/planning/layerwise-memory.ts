import { choosesJointly, updateOf } from '../../contract/settings.ts';
import { WEIGHTS_AT_ONCE } from '../pruning/row-ranges.ts';
import { rememberedMaskBytes } from '../run/mask-source.ts';
import type { Share } from './share.ts';
import {
  attention,
  boundaries,
  CODE,
  type Context,
  DOUBLE,
  FLOAT,
  gramNumbers,
  highestOf,
  microBatch,
  packing,
  packTokens,
  type StageMemory,
  sum,
} from './stage-memory.ts';
import type { TextSize } from './token-counts.ts';

/** Bytes of each weight that is solved for: of conjugate gradients, what they know before and after a step. */
const SOLVING_SHARE = 12 * FLOAT;

/** Pruning layer by layer on the pruned model's own activations. */
export function layerwise(context: Context, text: TextSize): StageMemory {
  const { config, sizes, layer, formats, settings } = context;
  const pack = packTokens(config, text);
  const update = updateOf(settings);
  const updates = update !== null;
  const kept = boundaries(context, text, formats.forward, 1);
  const batch = microBatch(context, pack * sizes.forwardBytesPerToken + attention(context, text));
  const grams = updates
    ? sizes.groups.map(({ inputs }) => FLOAT * gramNumbers(context, inputs))
    : sizes.groups.map(() => 0);
  const gather: StageMemory = {
    stage: 'prune',
    device: [layer, { name: 'Sums for the Hessians', bytes: sum(grams) }, batch, ...packing(context)],
    host: [kept],
  };
  const choosing = jointSelection(context);
  let done = 0;
  const steps = sizes.groups.map(({ inputs, weights }, i): StageMemory => {
    const before = done;
    done += weights;
    const pruned = before * ((updates ? FLOAT : 0) + 1 / 8);
    const later = { name: 'Sums for the Hessians', bytes: sum(grams.slice(i + 1)) };
    const inverse = update === 'sweep' ? (2 * FLOAT + DOUBLE / 2) * inputs ** 2 : 0;
    const rest = {
      none: (FLOAT + 2) * weights,
      sweep: FLOAT * inputs ** 2 + 2 * FLOAT * weights + (FLOAT + 3) * weights,
      exact:
        3 * FLOAT * inputs ** 2 + SOLVING_SHARE * Math.min(WEIGHTS_AT_ONCE, weights) + (FLOAT + 2) * weights,
    }[update ?? 'none'];
    return {
      stage: 'prune',
      device: [
        layer,
        later,
        {
          name: 'A Hessian, its inverse and the weights',
          bytes: Math.max(
            inverse,
            rest,
            choosesJointly(settings) ? FLOAT * inputs ** 2 + choosing.device(inputs) : 0,
          ),
        },
      ],
      host: [
        kept,
        { name: 'Weights as read', bytes: FLOAT * weights },
        { name: 'Pruned weights', bytes: pruned },
        ...(choosesJointly(settings)
          ? [{ name: 'How the inputs go together, as it is read', bytes: choosing.host(inputs) }]
          : []),
      ],
    };
  });
  const largest = Math.max(...sizes.groups.map(({ weights }) => weights));
  const passOn: StageMemory = {
    stage: 'prune',
    device: [layer, { name: 'The pruned layer', bytes: layer.bytes }, batch],
    host: [
      kept,
      { name: 'Pruned weights', bytes: sizes.layerWeights * ((updates ? FLOAT : 0) + 1 / 8) },
      { name: 'Weights as read', bytes: 2 * FLOAT * largest },
    ],
  };
  return highestOf(context, [gather, ...steps, passOn]);
}

/**
 * The export is read back and a short sequence taken through it, layer by layer. Masks that were too many to be remembered are
 * found again beside it.
 */
export function verification(context: Context): StageMemory {
  const { config, sizes, layer, settings } = context;
  const largest = Math.max(...sizes.groups.map(({ weights }) => weights));
  const masks: Share = {
    name: 'Masks',
    bytes: Math.min(
      rememberedMaskBytes(choosesJointly(settings)),
      (config.numHiddenLayers * sizes.layerWeights) / 8,
    ),
  };
  const throughLayers: StageMemory = {
    stage: 'verify',
    device: [layer],
    host: [{ name: 'Weights as read', bytes: FLOAT * (largest + sizes.largestLinear) }, masks],
  };
  const widest = Math.max(...sizes.groups.map(({ inputs }) => inputs));
  const { device, host } = jointSelection(context);
  const choosing: StageMemory = {
    stage: 'verify',
    device: [{ name: 'How the inputs go together', bytes: device(widest) }],
    host: [
      { name: 'How the inputs go together, as it is read', bytes: host(widest) },
      {
        name: 'Importances and weights of a matrix',
        bytes: (2 * FLOAT + 3 * CODE + 2) * sizes.largestLinear,
      },
      masks,
    ],
  };
  const throughHead: StageMemory = {
    stage: 'verify',
    device: [{ name: 'Output head', bytes: FLOAT * sizes.headWeights }],
    host: [{ name: 'The head as it is read', bytes: FLOAT * sizes.headWeights }, masks],
    isTidied: true,
  };
  return highestOf(context, [throughLayers, throughHead, ...(choosesJointly(settings) ? [choosing] : [])]);
}

/** What choosing a matrix's weights together holds, by its inputs (see `selectJointly`): ρ, and five numbers of each weight at work. */
function jointSelection({ settings, sizes }: Context) {
  const atWork = 5 * FLOAT * Math.min(WEIGHTS_AT_ONCE, sizes.largestLinear);
  const ifJoint = (bytes: number) => (choosesJointly(settings) ? bytes : 0);
  return {
    device: (inputs: number) => ifJoint(FLOAT * inputs ** 2 + atWork),
    host: (inputs: number) => ifJoint((FLOAT + CODE / 2) * inputs ** 2),
  };
}
