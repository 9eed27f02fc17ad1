import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { exportPruned } from '../../../src/engine/export/export-pruned.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint.ts';

const folder = temporaryFolder();
const engine = new URL('../../../src/engine/', import.meta.url).href;

/** Exports without masks and then, where `hangIn` says, waits for ever after printing a line. */
const program = `
const [model, out, hangIn] = process.argv.slice(1);
const { openCheckpoint } = await import('${engine}checkpoint/open-checkpoint.ts');
const { exportPruned } = await import('${engine}export/export-pruned.ts');
const hang = () => { console.log('hanging'); setInterval(() => {}, 1000); return new Promise(() => {}); };
await exportPruned({
  checkpoint: await openCheckpoint(model), outDir: out, record: {}, force: false,
  maskOf: (name) => (hangIn === 'mask' && name.includes('layers.1') ? hang() : Promise.resolve(null)),
  verify: () => (hangIn === 'verify' ? hang() : Promise.resolve()),
});
`;

it.each(['mask', 'verify'])(
  'an export killed in %s leaves nothing under its name, and the next one cleans up',
  async (hangIn) => {
    const dir = join(folder, hangIn);
    const model = await writeTinyCheckpoint(join(dir, 'model'), { shards: 2 });
    const out = join(dir, 'out');
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, model.dir, out, hangIn], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await readdir(dir)).toEqual(['model', `out.partial-${child.pid}`]);

    const checkpoint = await openCheckpoint(model.dir);
    await exportPruned({ checkpoint, outDir: out, maskOf: async () => null, record: {}, force: false });
    await checkpoint.close();
    expect(await readdir(dir)).toEqual(['model', 'out']);
  },
);
