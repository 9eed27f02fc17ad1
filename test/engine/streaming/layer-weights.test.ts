import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src/engine/checkpoint/checkpoint.ts';
import { streamLayers } from '../../../src/engine/streaming/layer-weights.ts';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { memory } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { openFixture } from '../oracle-fixture.ts';

const fixture = await openFixture('toy-attention-bias');
const { checkpoint } = fixture;
afterAll(() => fixture.close());
beforeAll(async () => void (await openBackend('cpu')));

describe('streamLayers', () => {
  it('gives the layers in the order asked for, one at a time on the device', async () => {
    const before = memory().numTensors;
    const seen: number[] = [];
    for await (const { layer, weights } of streamLayers(checkpoint, [1, 0, 1])) {
      seen.push(layer);
      expect(memory().numTensors).toBe(before + 2 + 4 * 2); // norms; weight and bias of each group
      const [up, gate] = await Promise.all(
        ['up', 'gate'].map((name) => checkpoint.readFloat32(`model.layers.${layer}.mlp.${name}_proj.weight`)),
      );
      expect([...readFloats(weights.mlpInput.weight)]).toEqual([...gate, ...up]);
      const biases = ['q', 'k', 'v'].map((name) => `model.layers.${layer}.self_attn.${name}_proj.bias`);
      const expected = await Promise.all(biases.map((name) => checkpoint.readFloat32(name)));
      expect([...readFloats(weights.attentionInput.bias as never)]).toEqual(
        expected.flatMap((one) => [...one]),
      );
    }
    expect(seen).toEqual([1, 0, 1]);
    expect(memory().numTensors).toBe(before);
  });

  it('frees the layer when the work on it is given up', async () => {
    const before = memory().numTensors;
    await refusal(
      (async () => {
        for await (const _ of streamLayers(checkpoint, [0, 1])) throw new Error('given up');
      })(),
    );
    expect(memory().numTensors).toBe(before);
  });

  it('reports a layer that cannot be read when its turn comes', async () => {
    const broken: Checkpoint = {
      ...checkpoint,
      readFloat32: (name) =>
        name.includes('layers.1')
          ? Promise.reject(new Error(`broken ${name}`))
          : checkpoint.readFloat32(name),
    };
    const before = memory().numTensors;
    const seen: number[] = [];
    const error = await refusal(
      (async () => {
        for await (const { layer } of streamLayers(broken, [0, 1])) {
          seen.push(layer);
          await new Promise((resolve) => setTimeout(resolve, 20)); // the next layer fails meanwhile
        }
      })(),
    );
    expect(String(error)).toContain('broken model.layers.1');
    expect(seen).toEqual([0]);
    expect(memory().numTensors).toBe(before);
  });
});
