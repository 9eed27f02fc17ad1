import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/contract/error.ts';
import { type PruneRequest, prune } from '../../../src/engine/prune-run.ts';
import { mountSmallDisk } from '../checkpoint/full-disk.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { outcomeOf, toyRequests, writeToyTokens } from '../toy-run.ts';

const folder = temporaryFolder();
const request = toyRequests(folder);
const silent = () => {};
const finished = request('finished');
beforeAll(async () => void (await prune(finished, silent)));

/** A run that was stopped while its second layer was being scored. */
async function stop(wanted: PruneRequest): Promise<void> {
  const controller = new AbortController();
  const stopped = await refusal(
    prune(
      wanted,
      ({ stage, done }) => stage === 'backward' && done === 2 && controller.abort(),
      controller.signal,
    ),
  );
  expect(stopped).toBeInstanceOf(Interrupted);
}

describe('the folder of a run', () => {
  it('holds the record and the scores, for its owner’s eyes', () => {
    expect(readdirSync(finished.runDir).sort()).toEqual(['run.json', 'scores']);
    expect(statSync(finished.runDir).mode & 0o777).toBe(0o700);
    const layers = ['layer-00000.safetensors', 'layer-00001.safetensors'];
    for (const part of ['general', 'domain']) {
      expect(readdirSync(join(finished.runDir, 'scores', part)).sort()).toEqual(layers);
    }
    const record = JSON.parse(readFileSync(join(finished.runDir, 'run.json'), 'utf8'));
    expect(record).toMatchObject({ format: 1, finished: true, settings: { criterion: 'dual' } });
  });

  it('is not locked, nor is anything of scratch left, after a run was stopped', async () => {
    const wanted = request('stopped');
    await stop(wanted);
    expect(readdirSync(wanted.runDir).sort()).toEqual(['run.json', 'scores']);
    expect(existsSync(wanted.outDir)).toBe(false);
  });

  it('loses at the start what a killed run left in scratch', async () => {
    const wanted = request('killed');
    await stop(wanted);
    await mkdir(join(wanted.runDir, 'scratch'));
    await writeFile(join(wanted.runDir, 'scratch/activations.bin'), 'from texts');
    await prune({ ...wanted, resume: true }, ({ stage }) => {
      if (stage === 'forward') expect(existsSync(join(wanted.runDir, 'scratch'))).toBe(false);
    });
    expect(readdirSync(wanted.runDir).sort()).toEqual(['run.json', 'scores']);
  });

  it('may be there, empty', async () => {
    const wanted = request('empty');
    await mkdir(wanted.runDir);
    await prune(wanted, silent);
  });

  it('may hold what a run leaves that was killed as it started', async () => {
    const wanted = request('started');
    await mkdir(wanted.runDir);
    await writeFile(join(wanted.runDir, 'lock'), '');
    await writeFile(join(wanted.runDir, 'run.json.partial'), '{');
    await prune(wanted, silent);
    expect(readdirSync(wanted.runDir).sort()).toEqual(['run.json', 'scores']);
  });

  it('of a finished run is replaced with --force', async () => {
    const wanted = request('replaced');
    await prune(wanted, silent);
    const report = await prune(
      { ...wanted, force: true, settings: { ...wanted.settings, criterion: 'general' } },
      silent,
    );
    expect(report.settings.criterion).toBe('general');
    expect(readdirSync(join(wanted.runDir, 'scores'))).toEqual(['general']);
  });
});

describe('a run is refused', () => {
  const elsewhere = (wanted: PruneRequest, name: string) => ({ ...wanted, outDir: join(folder, name) });

  it('in the folder of another, unless it is to go on or to replace it', async () => {
    const error = await refusal(prune(elsewhere(finished, 'other-out'), silent));
    expect(error).toMatchObject({ code: 'RUN_EXISTS', message: expect.stringContaining(finished.runDir) });
  });

  it('in a folder with other files, even by force', async () => {
    const wanted = request('foreign');
    await mkdir(wanted.runDir);
    await writeFile(join(wanted.runDir, 'thesis.txt'), 'mine');
    for (const force of [false, true]) {
      expect(await refusal(prune({ ...wanted, force }, silent))).toMatchObject({
        code: 'RUN_FOLDER_FOREIGN',
        message: expect.stringContaining(wanted.runDir),
      });
    }
    expect(readdirSync(wanted.runDir)).toEqual(['thesis.txt']);
  });

  it('while another process is at work in it', async () => {
    const wanted = request('locked');
    await stop(wanted);
    const other = spawn('sleep', ['60']);
    await writeFile(join(wanted.runDir, 'lock'), String(other.pid));
    for (const how of [{ resume: true }, { force: true }]) {
      expect(await refusal(prune({ ...wanted, ...how }, silent))).toMatchObject({
        code: 'RUN_IN_USE',
        message: expect.stringContaining(String(other.pid)),
      });
    }
    expect(readFileSync(join(wanted.runDir, 'lock'), 'utf8'), 'the lock is the other’s').toBe(
      String(other.pid),
    );
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill();
    await ended;
    await prune({ ...wanted, resume: true }, silent); // the lock of a process that is gone
  });

  it('when it goes on with other settings, calibration or model, saying which', async () => {
    const wanted = request('differs');
    await stop(wanted);
    const resume = { ...wanted, resume: true };
    const refused = (changes: Partial<PruneRequest>) => refusal(prune({ ...resume, ...changes }, silent));
    const settings = { ...wanted.settings, damping: 0.02, seed: 3 };
    expect(await refused({ settings })).toMatchObject({
      code: 'RUN_DIFFERS',
      message: expect.stringMatching(/damping was 0.01 and is now 0.02; seed was 0 and is now 3/),
    });
    const tokens = { kind: 'tokens' as const, ...writeToyTokens(folder, 2) };
    expect(await refused({ calibration: tokens })).toMatchObject({
      code: 'RUN_DIFFERS',
      message: expect.stringContaining('domain calibration was '),
    });
    expect(await refused({ dumpImportanceDir: join(folder, 'dump') })).toMatchObject({ code: 'RUN_DIFFERS' });
    expect(readdirSync(wanted.runDir), 'the lock is given back').not.toContain('lock');
    await prune(resume, silent);
  });

  it('when it is to dump what is no longer there', async () => {
    const late = { ...elsewhere(finished, 'late'), resume: true };
    // What a dump needs has to have been computed by the run in the first place.
    expect(await refusal(prune({ ...late, dumpImportanceDir: join(folder, 'dump') }, silent))).toMatchObject({
      code: expect.stringMatching(/^(DUMP_TOO_LATE|RUN_DIFFERS)$/),
    });
  });

  it('but may go on with another sparsity, μ or blocking: these choose the mask alone', async () => {
    const wanted = request('choose');
    await stop(wanted);
    const settings = {
      ...wanted.settings,
      sparsity: 0.25,
      mu: 0.7,
      blocking: 'iterative' as const,
      blockSize: 8,
    };
    const resumed = await prune({ ...wanted, settings, resume: true }, silent);
    const anew = await prune(request('choose-anew', settings), silent);
    expect(resumed.export.matrices).toEqual(anew.export.matrices);
    expect(resumed.export.zeros).toBe(0.25 * resumed.export.size);
  });

  it('when its record is damaged', async () => {
    const wanted = request('damaged');
    await stop(wanted);
    await writeFile(join(wanted.runDir, 'run.json'), '{"format":1}');
    expect(await refusal(prune({ ...wanted, resume: true }, silent))).toMatchObject({
      code: 'RUN_RECORD_INVALID',
      message: expect.stringContaining('run.json'),
    });
    await prune({ ...wanted, force: true }, silent);
  });

  const disk = mountSmallDisk(join(folder, 'disk'), 400);
  it.skipIf(!disk)(
    'when the disk is full; once there is room it goes on (needs the right to mount one)',
    async () => {
      const wanted = request('full', {}, { runDir: join(disk as string, 'run') });
      const filler = join(disk as string, 'filler');
      await writeFile(filler, Buffer.alloc(340 * 1024));
      expect(await refusal(prune(wanted, silent))).toMatchObject({ code: 'DISK_SHORT' });
      await rm(filler);
      // There is room when the run begins, and none any more when it is at work.
      const fill = () => {
        if (!existsSync(filler)) writeFileSync(filler, Buffer.alloc(340 * 1024));
      };
      expect(await refusal(prune(wanted, fill))).toMatchObject({
        code: 'DISK_FULL',
        message: expect.stringContaining(wanted.runDir),
      });
      expect(existsSync(wanted.outDir)).toBe(false);
      await rm(filler);
      await prune({ ...wanted, resume: true }, silent);
      expect(outcomeOf(wanted)).toEqual(outcomeOf(finished));
    },
  );
});
