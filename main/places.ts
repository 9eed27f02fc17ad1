import { join } from 'node:path';
import { app } from 'electron';

/** Where the parts of the application lie: in the project's folder, or in what the installer has put there. */
export const places = {
  /** The built interface; nothing else is served. */
  get interface(): string {
    return join(app.getAppPath(), 'dist', 'renderer');
  },
  get preload(): string {
    return join(app.getAppPath(), 'dist', 'main', 'preload.cjs');
  },
  get icon(): string {
    return join(app.getAppPath(), 'dist', 'main', 'icon.png');
  },
  get service(): string {
    return join(serviceFolder(), 'src', 'service', 'main.ts');
  },
  get node(): string {
    const name = process.platform === 'win32' ? 'node.exe' : 'node';
    if (app.isPackaged) return join(process.resourcesPath, 'node', name);
    const platform = process.platform === 'win32' ? 'win' : process.platform;
    return (
      process.env.DPRUNER_NODE ??
      join(app.getAppPath(), 'node_modules', `node-${platform}-${process.arch}`, 'bin', name)
    );
  },
};

/** The service and its workers run on plain Node, which cannot read an archive: they lie beside it. */
function serviceFolder(): string {
  return app.isPackaged ? join(process.resourcesPath, 'service') : app.getAppPath();
}
