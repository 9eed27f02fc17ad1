import { INPUT_GROUPS, type InputGroup } from '../model/input-groups.ts';
import { streamLayers } from '../streaming/layer-weights.ts';
import { closeTokenStream, forwardLayer, type TokenStream } from '../streaming/token-stream.ts';
import { InputSquares } from './input-squares.ts';
import { outlierRatio } from './outlier-ratio.ts';

/** The outlier ratio of every decoder layer of the dense model. */
export async function outlierPass(stream: TokenStream): Promise<number[]> {
  const { checkpoint, meter } = stream;
  const ratios: number[] = [];
  meter.start('outliers');
  try {
    const layers = [...Array(checkpoint.config.numHiddenLayers).keys()];
    for await (const { layer, weights } of streamLayers(checkpoint, layers)) {
      const squares = {} as Record<InputGroup, InputSquares>;
      for (const group of INPUT_GROUPS) squares[group] = new InputSquares(weights[group].weight.shape[1]);
      await forwardLayer(stream, layer, weights, 0, 0, (inputs) => {
        for (const group of INPUT_GROUPS) squares[group].accumulate(inputs[group]);
      });
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
