import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../contract/error.ts';
import type { OnProgress } from '../contract/progress.ts';
import { type PruneSettings, pruneSettings } from '../contract/settings.ts';
import { loadPreset } from '../engine/calibration/preset.ts';
import { type EvaluateReport, evaluate } from '../engine/evaluation/evaluate.ts';
import { type PruneReport, prune } from '../engine/prune-run.ts';
import { remask } from '../engine/remask.ts';
import type { BackendName } from '../engine/tensor/backend.ts';

export interface DemoRequest {
  /** Keeps the pruned models here; null: they go to a temporary folder that is removed. */
  readonly outDir: string | null;
  /** null: the best that works. */
  readonly backend: BackendName | null;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

const DEMO_METHODS = ['d-pruner', 'magnitude'] as const satisfies readonly PruneSettings['method'][];
type DemoMethod = (typeof DEMO_METHODS)[number];

/** One model: the dense one, or the one that a method made of it. */
export interface DemoRow {
  readonly method: 'dense' | DemoMethod;
  /** Fraction of the prunable weights that is zero, counted. */
  readonly sparsity: number;
  readonly perplexity: { readonly general: number; readonly legal: number };
  /** What making it took: for D-Pruner with calibration where it was needed, without the measuring. */
  readonly seconds: number;
  /** null for the dense model and for a folder that is removed. */
  readonly outDir: string | null;
}

export interface DemoReport {
  readonly modelDir: string;
  readonly rows: readonly DemoRow[];
  readonly settings: PruneSettings;
  readonly backend: string;
  /** How the perplexities were measured. */
  readonly evaluation: {
    readonly window: number;
    readonly stride: number;
    readonly scoredTokens: { readonly general: number; readonly legal: number };
  };
  readonly seconds: number;
}

const DEMO = fileURLToPath(new URL('../../resources/demo/', import.meta.url));
const MODEL = join(DEMO, 'model');
const PRESET = join(DEMO, 'preset.json');
const data = (name: string) => join(DEMO, 'data', name);
const TEXTS = { general: data('general-test.txt'), legal: data('legal-test.txt') };
/** The first is calibrated for; the others are made of the same scores. */
const SPARSITIES = [0.5, 0.7] as const;

/**
 * Prunes the demo model for the legal domain, by D-Pruner's default criterion and by magnitude, and measures what each
 * keeps of the domain and of general language.
 * @throws UserError DEMO_MISSING, and what pruning and evaluating throw; Interrupted when `signal` is aborted
 */
export async function runDemo(request: DemoRequest): Promise<DemoReport> {
  if (!existsSync(join(MODEL, 'model.safetensors'))) {
    throw new UserError(
      'DEMO_MISSING',
      `The demo model is not in ${MODEL}.`,
      'Check out the whole repository again, or make it by `node scripts/demo/train.ts`.',
    );
  }
  const startedAtMs = performance.now();
  const folder = request.outDir ?? (await mkdtemp(join(tmpdir(), 'dpruner-demo-')));
  try {
    const settings = pruneSettings.parse((await loadPreset(PRESET)).settings);
    const dense = await measure(MODEL, request);
    const rows: DemoRow[] = [
      { method: 'dense', sparsity: 0, perplexity: dense.perplexity, seconds: 0, outDir: null },
    ];
    for (const method of DEMO_METHODS) {
      for (const sparsity of SPARSITIES)
        rows.push(await pruneAndMeasure(method, sparsity, settings, folder, request));
    }
    const { evaluation, backend } = dense;
    return { modelDir: MODEL, rows, settings, backend, evaluation, seconds: secondsSince(startedAtMs) };
  } finally {
    if (request.outDir === null) await rm(folder, { recursive: true, force: true });
  }
}

async function pruneAndMeasure(
  method: DemoMethod,
  sparsity: number,
  settings: PruneSettings,
  folder: string,
  request: DemoRequest,
): Promise<DemoRow> {
  const startedAtMs = performance.now();
  const outDir = join(folder, `${method}-${100 * sparsity}`);
  const runDir = join(folder, `${method}-run`);
  const report =
    method === 'd-pruner' && sparsity !== SPARSITIES[0]
      ? await makeFromScores(runDir, outDir, { ...settings, sparsity }, request)
      : await prune(
          {
            modelDir: MODEL,
            outDir,
            runDir,
            settings: { ...settings, method, sparsity },
            calibration: {
              kind: 'texts',
              preset: PRESET,
              data: new Map([['licenses', [data('legal-calibration.jsonl')]]]),
              openFiles: [data('general-calibration.jsonl')],
              onShortfall: 'refuse',
            },
            backend: request.backend,
            resume: false,
            force: false,
            dumpImportanceDir: null,
          },
          request.onProgress,
          request.signal,
        );
  const seconds = secondsSince(startedAtMs);
  const { size, zeros } = report.export;
  const { perplexity } = await measure(outDir, request);
  return { method, sparsity: zeros / size, perplexity, seconds, outDir: request.outDir && outDir };
}

function makeFromScores(
  runDir: string,
  outDir: string,
  { sparsity, mu, blocking, blockSize, criterion }: PruneSettings,
  { onProgress, signal }: DemoRequest,
): Promise<PruneReport> {
  return remask(
    { runDir, outDir, changes: { sparsity, mu, blocking, blockSize, criterion }, force: false },
    onProgress,
    signal,
  );
}

async function measure(modelDir: string, { backend, onProgress, signal }: DemoRequest) {
  const evaluateText = (file: string): Promise<EvaluateReport> =>
    evaluate(
      { modelDir, source: { kind: 'text', file }, window: null, stride: null, maxTokens: null, backend },
      onProgress,
      signal,
    );
  const general = await evaluateText(TEXTS.general);
  const legal = await evaluateText(TEXTS.legal);
  return {
    perplexity: { general: general.perplexity, legal: legal.perplexity },
    backend: general.backend,
    evaluation: {
      window: general.window,
      stride: general.stride,
      scoredTokens: { general: general.scoredTokens, legal: legal.scoredTokens },
    },
  };
}

const secondsSince = (startedAtMs: number): number => (performance.now() - startedAtMs) / 1000;
