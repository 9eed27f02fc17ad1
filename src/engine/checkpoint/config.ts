/** Scaling of the rotary frequencies (`rope_scaling` / `rope_parameters` of config.json). */
export type RopeScaling =
  | { readonly type: 'linear'; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalMaxPositionEmbeddings: number;
    };

/** What config.json says of a LLaMA-family model, in Hugging Face's terms. */
export interface ModelConfig {
  readonly modelType: 'llama' | 'mistral' | 'qwen2';
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  readonly numKeyValueHeads: number;
  readonly headDim: number;
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  readonly ropeScaling: RopeScaling | null;
  readonly maxPositionEmbeddings: number;
  /** Keys further back than this are not attended to; null for full causal attention. */
  readonly slidingWindow: number | null;
  readonly tieWordEmbeddings: boolean;
  /** q/k/v projections carry a bias (Qwen2, or `attention_bias`). */
  readonly qkvBias: boolean;
  /** The output projection carries a bias (`attention_bias`). */
  readonly outputBias: boolean;
  /** gate/up/down projections carry a bias (`mlp_bias`). */
  readonly mlpBias: boolean;
}
