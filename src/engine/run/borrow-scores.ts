import { copyFile, link, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorePart } from '../importance/score-store.ts';
import type { Needs } from './needs.ts';
import type { RunFolder } from './run-folder.ts';
import { type RunRecord, runRecord } from './run-record.ts';

/**
 * Takes over, from other runs over the same model, the importances that would come out the same: those of general ability
 * do not depend on the domain's samples, nor those of the domain on the regulariser. Files are linked where the
 * disk can, so nothing is computed or stored twice.
 * @param runs folders of other runs; those that have nothing to give are passed over
 */
export async function borrowScores(
  run: RunFolder,
  needs: Needs,
  layers: number,
  runs: readonly string[],
): Promise<void> {
  for (const dir of runs) {
    const lender = dir === run.dir ? null : await recordIn(dir);
    if (!lender || !sameModel(run.record, lender)) continue;
    const { notes } = run.record;
    if (sameGeneral(run.record, lender) && (await borrow(run, dir, generalParts(needs), layers)))
      await run.save({ notes: [...new Set([...notes, ...lender.notes])] });
    if (needs.mixed && sameTokens('openTokens', run.record, lender))
      await borrow(run, dir, needs.exact ? ['open', 'openExact'] : ['open'], layers);
    if (sameDomain(run.record, lender) && (await borrow(run, dir, domainParts(needs), layers)))
      await run.save({ loss: lender.loss });
  }
}

/** The record of a run, finished or not; null for a folder without one that can be read. */
export async function recordIn(dir: string): Promise<RunRecord | null> {
  try {
    return runRecord.safeParse(JSON.parse(await readFile(join(dir, 'run.json'), 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

const generalParts = ({ mixed, exact }: Needs): StorePart[] => [
  mixed ? 'mixed' : 'general',
  ...(exact ? (['generalExact'] as const) : []),
];
const domainParts = ({ exact }: Needs): StorePart[] => (exact ? ['domain', 'domainExact'] : ['domain']);

function sameModel(a: RunRecord, b: RunRecord): boolean {
  const names = ['modelFingerprint', 'appVersion', 'backend', 'packTokens'] as const;
  return names.every((name) => a[name] === b[name]);
}

const sameTokens = (part: 'openTokens' | 'domainTokens', a: RunRecord, b: RunRecord): boolean =>
  a[part] !== null && a[part].sha256 === b[part]?.sha256;

/** With a mixed Hessian the general importance has seen the domain's samples, too. */
const sameGeneral = (a: RunRecord, b: RunRecord): boolean =>
  a.needs.general &&
  b.needs.general &&
  a.needs.mixed === b.needs.mixed &&
  a.settings.damping === b.settings.damping &&
  sameTokens('openTokens', a, b) &&
  (!a.needs.mixed || sameTokens('domainTokens', a, b));

/** A domain shard holds its histogram against the general importance, so that must be the same. */
const sameDomain = (a: RunRecord, b: RunRecord): boolean =>
  sameTokens('domainTokens', a, b) &&
  a.needs.general === b.needs.general &&
  (!a.needs.general || sameGeneral(a, b)) &&
  a.needs.statistics.every((statistic) => b.needs.statistics.includes(statistic));

/** All layers of all the parts, or nothing. @returns whether they were there to be had, and not here already */
async function borrow(
  run: RunFolder,
  from: string,
  parts: readonly StorePart[],
  layers: number,
): Promise<boolean> {
  const files = await Promise.all(parts.map((part) => shardFiles(from, part)));
  if (files.some((names) => names.length < layers)) return false;
  const own = await Promise.all(parts.map((part) => shardFiles(run.dir, part)));
  if (own.every((names) => names.length === layers)) return false;
  for (const [i, part] of parts.entries()) {
    await mkdir(join(run.dir, 'scores', part), { recursive: true });
    for (const name of files[i]) {
      if (own[i].includes(name)) continue;
      await linkOrCopy(join(from, 'scores', part, name), join(run.dir, 'scores', part, name));
    }
  }
  return true;
}

async function shardFiles(run: string, part: StorePart): Promise<string[]> {
  const names = await readdir(join(run, 'scores', part)).catch(() => []);
  return names.filter((name) => name.endsWith('.safetensors'));
}

/** Shards are replaced, never written to, so that a link is as good as a copy. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copyFile(from, `${to}.partial`);
    await rename(`${to}.partial`, to);
  }
}
