import { lstat, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../../contract/error.ts';
import { explainWriteError, syncFolder } from '../checkpoint/durable-file.ts';

/** The record of an export; a folder that has one may be replaced with `force`. */
export const RECORD_FILE = 'dpruner.json';

/** Partial folders that this very process is writing: not leftovers, though their process id is our own. */
const inProgress = new Set<string>();

/**
 * Refuses an output folder that would endanger something: OUTPUT_OVERLAPS_MODEL when it is, holds or lies in the
 * source model; OUTPUT_EXISTS when something is there and `force` is not set; OUTPUT_NOT_REPLACEABLE when `force`
 * would remove what is plainly no model.
 */
export async function assertOutputFree(sourceDir: string, outDir: string, force: boolean): Promise<void> {
  const target = resolve(outDir);
  const [source, output] = [await realpath(sourceDir), await realpathOfFuture(target)];
  if (contains(source, output) || contains(output, source)) {
    throw new UserError(
      'OUTPUT_OVERLAPS_MODEL',
      `The output folder ${outDir} is, holds or lies inside the source model ${sourceDir}, which is never written`,
      'Choose an output folder elsewhere.',
    );
  }
  const existing = await lstatOrNull(target);
  if (!existing) return;
  if (!force) throw outputExists(target);
  if (existing.isDirectory()) await assertReplaceable(target, output);
}

/**
 * Makes a folder that is either whole or not there: `produce` fills `<outDir>.partial-<pid>` beside it, which is
 * renamed in the end. A folder to be replaced is set aside until then and removed only afterwards. On any failure
 * the partial folder is removed; what a killed process left behind is cleaned up by the next call.
 */
export async function createFolder(
  outDir: string,
  force: boolean,
  produce: (partialDir: string) => Promise<void>,
): Promise<void> {
  const target = resolve(outDir);
  const partial = `${target}.partial-${process.pid}`;
  try {
    await mkdir(dirname(target), { recursive: true });
    await cleanLeftovers(target);
    await mkdir(partial);
  } catch (error) {
    throw explainWriteError(error, target);
  }
  inProgress.add(partial);
  try {
    await produce(partial);
    await syncFolder(partial);
    await putInPlace(partial, target, force);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw explainWriteError(error, target);
  } finally {
    inProgress.delete(partial);
  }
}

async function putInPlace(partial: string, target: string, force: boolean): Promise<void> {
  const old = (await lstatOrNull(target)) ? `${target}.old-${process.pid}` : null;
  if (old && !force) throw outputExists(target); // it appeared while we were writing
  if (old) await rename(target, old);
  try {
    await rename(partial, target);
  } catch (error) {
    if (old) await rename(old, target);
    throw error;
  }
  await syncFolder(dirname(target));
  // The new folder is in place: should this fail, the next call cleans up.
  if (old) await rm(old, { recursive: true, force: true }).catch(() => {});
}

/** Removes what dead processes left beside `target`; puts a folder back that one had set aside and not replaced. */
async function cleanLeftovers(target: string): Promise<void> {
  const parent = dirname(target);
  for (const name of await readdir(parent)) {
    const suffix = name.startsWith(basename(target)) ? name.slice(basename(target).length) : '';
    const [, kind, pid] = /^\.(partial|old)-(\d+)$/.exec(suffix) ?? [];
    const path = join(parent, name);
    if (!kind || inProgress.has(path) || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    if (kind === 'old' && !(await lstatOrNull(target))) await rename(path, target);
    else await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, of another user
  }
}

/** With `force` an export, or a folder without subfolders, may go; never a home or what holds our own work. */
async function assertReplaceable(target: string, output: string): Promise<void> {
  const entries = await readdir(target, { withFileTypes: true });
  const isExport = entries.some(({ name }) => name === RECORD_FILE);
  const holdsUs = [homedir(), process.cwd()].some((dir) => contains(output, dir));
  if (!holdsUs && (isExport || !entries.some((entry) => entry.isDirectory()))) return;
  throw new UserError(
    'OUTPUT_NOT_REPLACEABLE',
    `${target} is ${holdsUs ? 'your home or working folder' : `no export of this program (it has no ${RECORD_FILE}, but subfolders)`}, so it is not replaced, not even by force`,
    'Choose another output folder, or remove this one yourself.',
  );
}

/** Whether `inner` is `outer` or lies inside it; both must be real paths. */
function contains(outer: string, inner: string): boolean {
  const path = relative(outer, inner);
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path));
}

/** The real path that `path` has or would have: links in its existing part are followed. */
async function realpathOfFuture(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realpathOfFuture(parent), basename(path));
  }
}

const lstatOrNull = (path: string) => lstat(path).catch(() => null);

function outputExists(target: string): UserError {
  return new UserError(
    'OUTPUT_EXISTS',
    `${target} exists already`,
    'Choose another output folder, or replace this one with --force.',
  );
}
