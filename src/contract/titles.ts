import type { RunProgress } from './run-progress.ts';
import type { PruneSettings } from './settings.ts';

/** What methods, criteria and stages are called, on screens and in reports. */
const methodTitles: Record<string, string> = {
  'd-pruner': 'D-Pruner',
  magnitude: 'Magnitude',
  wanda: 'Wanda',
  sparsegpt: 'SparseGPT',
};
export const methodTitle = (method: string): string => methodTitles[method] ?? method;

const familyTitles: Record<string, string> = {
  llama: 'LLaMA',
  mistral: 'Mistral',
  qwen2: 'Qwen 2',
  qwen3: 'Qwen 3',
  smollm3: 'SmolLM3',
  phi3: 'Phi-3',
  gemma2: 'Gemma 2',
  gemma3_text: 'Gemma 3',
  bloom: 'BLOOM',
};
/** A family by what `model_type` calls it. */
export const familyTitle = (modelType: string): string => familyTitles[modelType] ?? modelType;

const criterionTitles: Record<string, string> = {
  dual: 'Dual (general and domain)',
  balanced: 'Balanced',
  paper: 'Paper (published formula)',
  general: 'General ability only',
  domain: 'Domain only',
};
export const criterionTitle = (criterion: string): string => criterionTitles[criterion] ?? criterion;

/** The method in a few words: `D-Pruner, dual, μ 0.5`. */
export function describeMethod({
  method,
  criterion,
  mu,
}: Pick<PruneSettings, 'mu'> & { readonly method: string; readonly criterion: string }): string {
  if (method !== 'd-pruner') return methodTitle(method);
  const hasMu = criterion === 'dual' || criterion === 'balanced';
  return `D-Pruner, ${criterion}${hasMu ? `, μ ${mu}` : ''}`;
}

const stageTitles: Record<RunProgress['stage'], string> = {
  calibration: 'Read the calibration texts',
  general: 'General importance',
  'open-forward': 'Open-text importance: forward',
  'open-backward': 'Open-text importance: backward',
  forward: 'Domain importance: forward',
  backward: 'Domain importance: backward',
  score: 'Score the weights',
  outliers: 'Find the layers with outliers',
  prune: 'Prune layer by layer',
  export: 'Write the pruned model',
  verify: 'Read it back and check',
  evaluate: 'Measure perplexity',
};
/** Results may tell of stages of another version. */
export const stageTitle = (stage: string): string => (stageTitles as Record<string, string>)[stage] ?? stage;

const backendTitles: Record<string, string> = {
  tensorflow: 'TensorFlow',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'Plain JavaScript',
};
export const backendTitle = (backend: string): string => backendTitles[backend] ?? backend;
