import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wantedFuses } from '../../scripts/package/fuses.ts';
import { sha256 } from '../../scripts/set-up/sha256.ts';
import { DebianPackage } from './harness/debian-package.ts';
import { startDemo } from './harness/demo-run.ts';
import { hasDesktop, requireDesktop } from './harness/desktop.ts';
import { eventually } from './harness/eventually.ts';
import { projectFolder } from './harness/launch.ts';
import { launchInstalled } from './harness/launch-piped.ts';
import { commandLineOf, processTree } from './harness/process-tree.ts';

describe.skipIf(!hasDesktop || process.platform !== 'linux')('the .deb', () => {
  const made = mkdtempSync(join(tmpdir(), 'dpruner-e2e-make-'));
  let deb: DebianPackage;
  /** Why it is only unpacked; null where dpkg has installed it. */
  let obstacle: string | null;
  /** Where it is installed, or else unpacked. */
  let root: string;
  const installed = () => join(root, 'opt', 'd-pruner-desktop');
  const executable = () => join(installed(), 'd-pruner-desktop');

  beforeAll(() => {
    execFileSync(process.execPath, [join(projectFolder, 'scripts', 'make.ts'), 'deb'], {
      cwd: projectFolder,
      env: { ...process.env, DPRUNER_MAKE_FOLDER: made },
      stdio: 'pipe',
    });
    deb = new DebianPackage(join(made, 'make', debName()));
    obstacle = deb.obstacle;
    root = obstacle === null ? '/' : join(made, 'root');
    if (obstacle === null) deb.install();
    else deb.unpack(root);
  }, 400_000);
  afterAll(() => {
    if (obstacle === null && deb.isInstalled) deb.purge();
    rmSync(made, { recursive: true, force: true });
  });

  it('says what it is and what it needs', () => {
    expect(deb.field('Package')).toBe('d-pruner-desktop');
    expect(deb.field('Depends')).toContain('libnss3');
  });

  it('comes with its checksums and a list of its parts', async () => {
    const sums = readFileSync(join(made, 'make', 'SHA256SUMS'), 'utf8')
      .trim()
      .split('\n');
    expect(sums.map((line) => line.slice(66)).sort()).toEqual([debName(), 'sbom.cdx.json'].sort());
    for (const line of sums) {
      expect(await sha256(join(made, 'make', line.slice(66)))).toBe(line.slice(0, 64));
    }
    const { bomFormat, components } = JSON.parse(readFileSync(join(made, 'make', 'sbom.cdx.json'), 'utf8'));
    expect(bomFormat).toBe('CycloneDX');
    const names = components.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['electron', 'node', 'better-sqlite3', 'zod']));
  });

  it('has its fuses set as they are to be', async () => {
    const wire = await getCurrentFuseWire(executable());
    const wanted = wantedFuses(requireDesktop().electronVersion, 'linux');
    const found = Object.fromEntries(
      Object.keys(wanted).map((fuse) => [fuse, wire[Number(fuse) as keyof typeof wire]]),
    );
    const [off, on] = ['0', '1'].map((sign) => sign.charCodeAt(0));
    expect(found).toEqual(
      Object.fromEntries(Object.entries(wanted).map(([fuse, isOn]) => [fuse, isOn ? on : off])),
    );
  });

  it('holds in its archive the built application and nothing else, and nowhere a switch that opens the sandbox', () => {
    const archive = join(installed(), 'resources', 'app.asar');
    const files = listPackage(archive, { isPack: false });
    expect(files.filter((file) => !/^\/(dist(\/|$)|package\.json$)/.test(file))).toEqual([]);
    expect(extractFile(archive, 'dist/main/main.cjs').toString()).not.toContain('no-sandbox');
    const entry = join(root, 'usr/share/applications/d-pruner-desktop.desktop');
    expect(readFileSync(entry, 'utf8')).toMatch(/^Exec=\/opt\/d-pruner-desktop\/d-pruner-desktop$/m);
  });

  it('opens its window and takes the demo to its end with what came in the package', async () => {
    const application = await launchInstalled(executable(), join(made, 'home'));
    try {
      expect(await application.evaluate('location.href')).toMatch(/^app:\/\/dpruner\/index\.html/);
      const finished = await startDemo(application);
      const libraries = () => librariesOfWorker(application.process.pid ?? 0);
      const loaded = await eventually(
        libraries,
        (paths) => paths.some((path) => /tfjs_binding|better_sqlite3/.test(path)),
        60_000,
      );
      for (const path of loaded) expect(path.startsWith(installed())).toBe(true);
      await finished();
    } finally {
      await application.close();
    }
  }, 300_000);

  it('is installed by dpkg with a command of its own, and leaves nothing when it is purged', ({ skip }) => {
    if (obstacle !== null) skip(obstacle);
    expect(realpathSync('/usr/bin/d-pruner-desktop')).toBe(executable());
    expect(statSync(join(installed(), 'chrome-sandbox'))).toMatchObject({ mode: 0o104755, uid: 0 });
    const paths = deb.ownPaths();
    expect(paths).toContain('/usr/share/applications/d-pruner-desktop.desktop');
    expect(paths.length).toBeGreaterThan(100);
    deb.purge();
    expect(deb.isInstalled).toBe(false);
    expect(paths.filter((path) => existsSync(path))).toEqual([]);
    const records = readdirSync('/var/lib/dpkg/info').filter((name) => name.startsWith('d-pruner'));
    expect(records).toEqual([]);
  });

  function debName(): string {
    const [name = ''] = readdirSync(join(made, 'make', 'deb')).filter((one) => one.endsWith('.deb'));
    return join('deb', name);
  }

  /** The program itself and what is ours of what it has loaded. */
  function librariesOfWorker(root: number): string[] {
    const worker = processTree(root).find((pid) => commandLineOf(pid).includes('src/service/worker.ts'));
    if (worker === undefined) return [];
    const maps = readFileSync(`/proc/${worker}/maps`, 'utf8');
    const paths = new Set(
      [...maps.matchAll(/ (\/.*(?:tensorflow|\.node)\S*)$/gm)].map(([, path]) => path ?? ''),
    );
    return [readlinkSync(`/proc/${worker}/exe`), ...paths];
  }
});
