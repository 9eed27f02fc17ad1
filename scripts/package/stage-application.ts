import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFolder } from '../bootstrap/project.mjs';

/**
 * The folder that Forge packages: the built main process and interface. Forge takes Electron's version from the
 * package.json in it, so that the older Electron can be packaged without a change to the project's own.
 */
export function stageApplication(folder: string, electronVersion: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(projectFolder, 'dist'), join(folder, 'dist'), { recursive: true });
  const { name, productName, version, description, license, main } = JSON.parse(
    readFileSync(join(projectFolder, 'package.json'), 'utf8'),
  );
  const author = 'The D-Pruner Desktop authors';
  const content = {
    ...{ name, productName, version, description, license, main, author },
    devDependencies: { electron: electronVersion },
    // By this Forge knows that it need not look further up.
    config: { forge: './forge.config.mjs' },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(content, null, 2));
  const config = pathToFileURL(join(projectFolder, 'forge.config.ts')).href;
  writeFileSync(join(folder, 'forge.config.mjs'), `export { default } from '${config}';\n`);
}
