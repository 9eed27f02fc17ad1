import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PruneSettings, pruneSettings } from '../../src/contract/settings.ts';
import { openCheckpoint } from '../../src/engine/checkpoint/open-checkpoint.ts';
import type { PruneRequest } from '../../src/engine/prune-run.ts';
import { FIXTURES } from './oracle-fixture.ts';

export const TOY = join(FIXTURES, 'toy-llama');

/** The toy's prunable weights, in the order of its layers. */
export const TOY_WEIGHTS = [0, 1].flatMap((layer) => [
  ...['q', 'k', 'v', 'o'].map((name) => `model.layers.${layer}.self_attn.${name}_proj.weight`),
  ...['gate', 'up', 'down'].map((name) => `model.layers.${layer}.mlp.${name}_proj.weight`),
]);

/** Writes the toy's samples as token files, each of them `times` times. */
export function writeToyTokens(folder: string, times = 1): { domainFile: string; openFile: string } {
  const tokens: Record<'domain' | 'open', number[][]> = JSON.parse(
    readFileSync(join(TOY, 'tokens.json'), 'utf8'),
  );
  const write = (name: 'domain' | 'open') => {
    const path = join(folder, `${name}-${times}.jsonl`);
    const lines = tokens[name].map((ids) => `${JSON.stringify({ input_ids: ids })}\n`);
    writeFileSync(path, lines.join('').repeat(times));
    return path;
  };
  return { domainFile: write('domain'), openFile: write('open') };
}

/** Requests to prune the toy into `NAME` of a folder, with the scores in `NAME-run`. */
export function toyRequests(folder: string) {
  const tokens = writeToyTokens(folder);
  return (
    name: string,
    settings: Partial<PruneSettings> = {},
    changes: Partial<PruneRequest> = {},
  ): PruneRequest => ({
    modelDir: TOY,
    outDir: join(folder, name),
    runDir: join(folder, `${name}-run`),
    settings: pruneSettings.parse(settings),
    calibration: { kind: 'tokens', ...tokens },
    backend: null,
    resume: false,
    force: false,
    dumpImportanceDir: null,
    ...changes,
  });
}

/** Which weights of a model are zero, 1 or 0 each, by weight name. */
export async function zerosOf(dir: string): Promise<Map<string, Uint8Array>> {
  const checkpoint = await openCheckpoint(dir);
  const zeros = new Map<string, Uint8Array>();
  for (const name of TOY_WEIGHTS) {
    const values = await checkpoint.readFloat32(name);
    zeros.set(
      name,
      Uint8Array.from(values, (value) => Number(Object.is(value, 0))),
    );
  }
  await checkpoint.close();
  return zeros;
}

/** SHA-256 of every file under a folder that matches, by its path there. */
export function hashesIn(dir: string, pattern: string): Record<string, string> {
  const files = globSync(pattern, { cwd: dir }).filter((file) => statSync(join(dir, file)).isFile());
  const hash = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(dir, file)))
      .digest('hex');
  return Object.fromEntries(files.sort().map((file) => [file, hash(file)]));
}

/** What must not depend on how a run came to its end: the pruned weights and the scores. */
export const outcomeOf = ({ outDir, runDir }: PruneRequest) => ({
  weights: hashesIn(outDir, '*.safetensors'),
  record: existsSync(outDir) ? readFileSync(join(outDir, 'dpruner.json'), 'utf8') : null,
  scores: hashesIn(runDir, 'scores/**'),
});
