/** Words of the trade and what they mean, in a sentence or two, for someone who has not pruned a model before. */
export const glossary = {
  sparsity: {
    name: 'sparsity',
    meaning:
      'The share of the weights in each matrix that is set to zero. 50 % means that every second weight goes.',
  },
  mu: {
    name: 'μ',
    meaning:
      'What counts when it is decided which weights stay: at 0 only general ability, at 1 only your domain, in between a mix of both. Its importances are brought to one scale first, so μ means the same on every model.',
  },
  perplexity: {
    name: 'perplexity',
    meaning:
      'How surprised the model is by a text it has not seen, as a number of equally likely next words. Lower is better; compare only figures from the same text, tokenizer and window.',
  },
  dense: { name: 'a dense model', meaning: 'The original model, before any weight was set to zero.' },
  method: {
    name: 'the method',
    meaning:
      'D-Pruner measures what each weight is worth to general ability and to the domain. Wanda, SparseGPT and magnitude are there to compare it with.',
  },
  criterion: {
    name: 'the criterion',
    meaning:
      'The formula that says how important a weight is. Dual joins general and domain importance. Balanced also learns from the general text how much its loss would grow; it takes about twice as long. Paper is the published formula; general and domain are the halves of dual.',
  },
  lambda: {
    name: 'λ',
    meaning:
      'Strength of the regulariser in the published formula. As printed it changes almost nothing; ρ is easier to set.',
  },
  alpha: { name: 'α', meaning: 'Size of the imagined training step in the published formula.' },
  rho: {
    name: 'ρ',
    meaning:
      'The regulariser’s strength relative to the gradient: at 0 only the domain counts, at 1 general importance doubles the gradient of a typical weight. Left empty, λ and α decide.',
  },
  regularizer: {
    name: 'the regulariser',
    meaning: 'The part of the published formula that holds back changes to weights of general importance.',
  },
  aggregation: {
    name: 'aggregation',
    meaning:
      'Whether importance is taken sample by sample and then averaged, or from the averaged gradient. Averaging first lets opposite signs cancel and is much worse in practice.',
  },
  blocking: {
    name: 'iterative blocking',
    meaning:
      'Picks the weights to remove in each block of columns instead of in the whole matrix, so that no block loses much more than another.',
  },
  blockSize: {
    name: 'the block size',
    meaning: 'How many columns a block has, where weights are compared block by block.',
  },
  shortfall: {
    name: 'this choice',
    meaning:
      'What happens where a part of the mix has fewer records than its share asks for: fewer samples of every part in the same mix, all that is there, or no run.',
  },
  memoryParts: {
    name: 'what the memory is needed for',
    meaning:
      'Weights are read one layer at a time. Activations are the values that pass from one layer to the next; logits are the scores that the output head gives each possible next token; gradients and sums measure what each weight is worth. The rest is the program and memory that it has not given back yet.',
  },
  graphicsMemory: {
    name: 'graphics memory',
    meaning:
      'Memory of the graphics processor (VRAM). Where none is used, the run computes on the processor.',
  },
  group: {
    name: 'the comparison group',
    meaning:
      'Weights that are compared with each other, and of which the sparsity goes: those of a whole matrix, of a row, or of a block of columns.',
  },
  selection: {
    name: 'the selection',
    meaning:
      'Single: the weights that matter least by themselves go. Joint: those of a row that matter least together, since the effects of two weights can cancel or add up. Takes a little longer and keeps far more.',
  },
  allocation: {
    name: 'allocation',
    meaning:
      'Uniform takes the same share from each layer. OWL takes less from layers in which a few weights stand out, and more from the others.',
  },
  compensation: {
    name: 'compensation',
    meaning:
      'Updates the weights that stay, in closed form, so that each layer answers as nearly as before. Better figures, and a longer run; the kept weights are then no longer the original’s.',
  },
  update: {
    name: 'the update',
    meaning:
      'Exact: the weights that stay are solved for, so that each layer errs as little as it can. Sweep: column by column, where a weight makes up only for those before it.',
  },
  calibrateOn: {
    name: 'this text',
    meaning:
      'What Wanda, SparseGPT, compensation and OWL are shown: half of the domain and half of the general text, all of both, or one of them.',
  },
  pattern: {
    name: 'the pattern',
    meaning:
      'Unstructured: any weight may go. 2:4 and 4:8: of every 4 (8) consecutive weights 2 (4) stay, which some GPUs can compute faster.',
  },
  damping: {
    name: 'damping',
    meaning:
      'A small number added to the Hessian’s diagonal so that it can be inverted, as a share of its mean.',
  },
  seed: {
    name: 'the seed',
    meaning:
      'Decides which samples are drawn. The same seed, data and settings give the same model, byte for byte.',
  },
  sequenceLength: {
    name: 'sequence length',
    meaning:
      'Longer samples are cut after so many tokens. A token is a piece of a word, on average about four letters of English.',
  },
  samples: {
    name: 'samples',
    meaning:
      'How many texts are drawn from your data to see which weights matter. More is slower; beyond about a thousand nothing is gained.',
  },
  openText: {
    name: 'general text',
    meaning:
      'Ordinary text of any kind, for instance a part of C4 or Wikipedia. It shows which weights the model’s general ability rests on.',
  },
  calibration: {
    name: 'calibration',
    meaning:
      'Showing the model samples of your texts to measure how much each weight matters. The model is not trained, and the texts stay on this computer.',
  },
  evaluation: {
    name: 'evaluation text',
    meaning:
      'Text that calibration does not use. The original and the pruned model are measured on it, and the difference is what pruning cost.',
  },
  chance: {
    name: 'chance',
    meaning:
      'What guessing would reach. A figure whose interval covers it does not show that the model knows anything of the task.',
  },
  truncated: {
    name: 'truncation',
    meaning: 'Records longer than the sequence length are used up to that length only.',
  },
  overlap: {
    name: 'overlap',
    meaning:
      'Records that share a run of 8 words with your evaluation text. They would make the result look better than it is.',
  },
  personalData: {
    name: 'this warning',
    meaning:
      'Patterns such as e-mail addresses or dates of birth were counted. It is a hint, not a de-identification: names and free text are not recognised reliably.',
  },
  scratch: {
    name: 'scratch space',
    meaning:
      'Working files of a run: values between the layers, and the scores of each weight. Values between layers are removed when the run ends.',
  },
  backend: {
    name: 'a backend',
    meaning:
      'The library that does the arithmetic. TensorFlow is the fastest here; WebAssembly runs anywhere and is several times slower.',
  },
  safetensors: {
    name: 'safetensors',
    meaning:
      'A file format for a model’s weights that holds numbers only, so that opening it cannot run a program.',
  },
  parameters: { name: 'parameters', meaning: 'All the numbers that the model consists of.' },
  prunable: {
    name: 'prunable parameters',
    meaning:
      'The weights of the attention and feed-forward matrices. Embeddings, norms and the output head are left as they are.',
  },
  dtype: {
    name: 'number format',
    meaning: 'How many bits each weight takes: F32 is 32, F16 and BF16 are 16.',
  },
  context: { name: 'context length', meaning: 'How many tokens the model can look back on.' },
  importance: {
    name: 'importance',
    meaning:
      'An estimate of how much the model’s error grows when a weight becomes zero. Shown as its natural logarithm.',
  },
  jaccard: {
    name: 'similarity of masks',
    meaning:
      'Of the weights that either run keeps, the share that both keep. Two random masks at 50 % reach about 33 %.',
  },
  window: {
    name: 'window and stride',
    meaning:
      'Perplexity is measured on windows of so many tokens, moved on by the stride. Figures with other windows cannot be compared.',
  },
  fingerprint: {
    name: 'a fingerprint',
    meaning: 'A SHA-256 that changes when any of the model’s files changes.',
  },
  kept: { name: 'kept weights', meaning: 'The weights that are not zero afterwards.' },
} as const satisfies Record<string, { readonly name: string; readonly meaning: string }>;
export type Jargon = keyof typeof glossary;
