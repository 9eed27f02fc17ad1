import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { embedTokens } from '../streaming/embedding.ts';
import { type Tensor2D, tensor2d } from '../tensor/ops.ts';

/** The embedding of every token in memory: one table look-up a token, whatever the model does to its embeddings. */
export class TokenEmbedding {
  private readonly table: Float32Array<ArrayBuffer>;
  private readonly width: number;

  private constructor(table: Float32Array<ArrayBuffer>, width: number) {
    this.table = table;
    this.width = width;
  }

  static async load(checkpoint: Checkpoint): Promise<TokenEmbedding> {
    const { vocabSize, hiddenSize } = checkpoint.config;
    const [table] = await embedTokens(checkpoint, [Int32Array.from({ length: vocabSize }, (_, id) => id)]);
    return new TokenEmbedding(table, hiddenSize);
  }

  /** [N, hiddenSize], on the device. */
  lookUp(ids: ArrayLike<number>): Tensor2D {
    const rows = new Float32Array(ids.length * this.width);
    for (let i = 0; i < ids.length; i++) {
      rows.set(this.table.subarray(ids[i] * this.width, (ids[i] + 1) * this.width), i * this.width);
    }
    return tensor2d(rows, [ids.length, this.width]);
  }
}
