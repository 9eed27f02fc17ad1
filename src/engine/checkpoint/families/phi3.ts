import { z } from 'zod';
import { checkJson } from '../json-file.ts';
import { type RopeScaling, rotaryShare } from '../rope-scaling.ts';
import type { TensorNames } from '../tensor-names.ts';
import type { Family } from './family.ts';
import { assertActivation, invalid, LLAMA_NAMES, readDecoder, rotaryAttention } from './read-decoder.ts';

const windowJson = z.looseObject({ sliding_window: z.int().positive().nullish() });

const NAMES: TensorNames = {
  ...LLAMA_NAMES,
  linears: {
    qkvProj: 'self_attn.qkv_proj',
    oProj: 'self_attn.o_proj',
    gateUpProj: 'mlp.gate_up_proj',
    downProj: 'mlp.down_proj',
  },
};

/**
 * Phi-3, 3.5 and 4: as LLaMA, but q, k and v are the rows of one matrix, and gate and up those of another; each of the two is
 * pruned as the one matrix that it is. Long contexts by LongRoPE; Phi-4-mini rotates part
 * of each head.
 */
export const phi3: Family = {
  modelType: 'phi3',
  architectures: ['Phi3ForCausalLM'],
  names: NAMES,
  parse(json, file) {
    assertActivation(json, file, 'hidden_act', 'silu');
    const decoder = readDecoder(json, file, {
      numKeyValueHeads: null,
      maxPositionEmbeddings: 4096,
      rmsNormEps: 1e-5,
    });
    const { sliding_window: window = null } = checkJson(windowJson, json, file);
    const windows = new Array(decoder.numHiddenLayers).fill(window);
    const attention = rotaryAttention(json, file, decoder.maxPositionEmbeddings, windows, {
      partial: true,
      longRope: { alsoNamed: ['su', 'yarn'], originalMaxPositionEmbeddings: 4096 },
    });
    const rotaryDim = Math.trunc(decoder.headDim * rotaryShare(json, file));
    if (rotaryDim % 2 !== 0 || rotaryDim > decoder.headDim)
      throw invalid(
        file,
        `${rotaryDim} of a head’s ${decoder.headDim} dimensions would be rotated (partial_rotary_factor)`,
      );
    assertFactors(attention.attentionKinds[0].rope?.scaling ?? null, rotaryDim, file);
    return {
      ...decoder,
      ...attention,
      rotaryDim,
      names: NAMES,
    };
  },
};

function assertFactors(scaling: RopeScaling | null, rotaryDim: number, file: string): void {
  if (scaling?.type !== 'longrope') return;
  for (const { length } of [scaling.shortFactor, scaling.longFactor]) {
    if (length !== rotaryDim / 2)
      throw invalid(
        file,
        `a list of LongRoPE factors has ${length} numbers, but ${rotaryDim / 2} frequencies need one each`,
      );
  }
}
