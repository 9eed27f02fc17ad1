import { decoderLayerForward, decoderLayerOutput } from '../model/decoder-layer.ts';
import { INPUT_GROUPS, type InputGroup } from '../model/input-groups.ts';
import { streamLayers } from '../streaming/layer-weights.ts';
import { closeTokenStream, streamPacks, type TokenStream } from '../streaming/token-stream.ts';
import { dispose } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';
import { InputSquares } from './input-squares.ts';
import { outlierRatio } from './outlier-ratio.ts';

/** The outlier ratio of every decoder layer of the dense model. */
export async function outlierPass(stream: TokenStream): Promise<number[]> {
  const { checkpoint, packs, meter } = stream;
  const ratios: number[] = [];
  meter.start('outliers');
  try {
    const layers = [...Array(checkpoint.config.numHiddenLayers).keys()];
    for await (const { layer, weights } of streamLayers(checkpoint, layers)) {
      const squares = {} as Record<InputGroup, InputSquares>;
      for (const group of INPUT_GROUPS) squares[group] = new InputSquares(weights[group].weight.shape[1]);
      for await (const { index, pack, inputs, positions, write } of streamPacks(stream, [0])) {
        const activations = decoderLayerForward(checkpoint.config, weights, inputs[0], positions);
        for (const group of INPUT_GROUPS) squares[group].accumulate(activations[group]);
        const output = decoderLayerOutput(weights, activations);
        dispose({ ...activations });
        await write(0, takeFloats(output));
        await meter.passed(pack.inputIds.length, layer + (index + 1) / packs.length);
      }
      ratios.push(
        outlierRatio(
          INPUT_GROUPS.map((group) => ({
            weight: weights[group].weight,
            squares: squares[group].total(),
          })),
        ),
      );
    }
    return ratios;
  } finally {
    await closeTokenStream(stream);
  }
}
