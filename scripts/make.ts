/** `npm run make`: the installers of this platform, a list of their parts (SBOM) and their checksums, in out/make. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { projectFolder, say } from './bootstrap/project.mjs';
import { buildDesktop } from './electron/build-desktop.ts';
import { provideRuntime } from './electron/runtime.ts';
import { packagePlaces } from './package/places.ts';
import { stageApplication } from './package/stage-application.ts';
import { stageNode, stageService } from './package/stage-service.ts';
import { zipRuntime } from './package/zip-runtime.ts';
import { sha256 } from './set-up/sha256.ts';

const runtime = await provideRuntime();
await buildDesktop();
stageApplication(packagePlaces.application, runtime.version);
stageService(packagePlaces.service);
stageNode(packagePlaces.node);
process.env.DPRUNER_ELECTRON_ZIPS = zipRuntime(runtime, packagePlaces.electronZips);
// Read after the environment is set: the configuration looks into it.
const { api } = await import('@electron-forge/core');
const targets = process.argv.slice(2);
rmSync(packagePlaces.artefacts, { recursive: true, force: true });
const results = await api.make({
  dir: packagePlaces.application,
  interactive: false,
  ...(targets.length > 0 ? { overrideTargets: targets } : {}),
});
const artefacts = results.flatMap((result) => result.artifacts);
mkdirSync(packagePlaces.artefacts, { recursive: true });
const sbom = join(packagePlaces.artefacts, 'sbom.cdx.json');
writeFileSync(sbom, componentList(runtime.version));
const sums = [];
for (const file of [...artefacts, sbom]) {
  sums.push(`${await sha256(file)}  ${relative(packagePlaces.artefacts, file)}`);
}
writeFileSync(join(packagePlaces.artefacts, 'SHA256SUMS'), `${sums.join('\n')}\n`);
rmSync(join(packagePlaces.out, 'stage'), { recursive: true, force: true });
say(`Made with Electron ${runtime.version}:\n${artefacts.map((file) => `  ${file}`).join('\n')}`);
say(
  `  with ${readdirSync(packagePlaces.artefacts)
    .map((name) => basename(name))
    .join(', ')}`,
);

/** npm's list of the packages, with what npm does not know: Electron, Node. */
function componentList(electronVersion: string): string {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const listed = execFileSync(npm, ['sbom', '--omit=dev', '--sbom-format=cyclonedx'], {
    cwd: projectFolder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const content = JSON.parse(listed);
  const { license } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
  content.metadata.component.licenses ??= [{ license: { id: license } }];
  content.components.push(
    {
      type: 'framework',
      name: 'electron',
      version: electronVersion,
      purl: `pkg:npm/electron@${electronVersion}`,
    },
    { type: 'platform', name: 'node', version: process.versions.node },
    { type: 'library', name: 'tensorflow-cpu', version: '2.21.0', purl: 'pkg:pypi/tensorflow-cpu@2.21.0' },
  );
  return `${JSON.stringify(content, null, 2)}\n`;
}
