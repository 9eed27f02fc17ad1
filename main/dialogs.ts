import {
  type BaseWindow,
  type BrowserWindow,
  dialog,
  type FileFilter,
  type OpenDialogOptions,
} from 'electron';
import type { MainWindow } from './window.ts';

interface Filter {
  readonly name: string;
  readonly extensions: readonly string[];
}

export async function chooseFolder(window: MainWindow, title: string): Promise<{ path: string | null }> {
  const { filePaths } = await open(window, { title, properties: ['openDirectory', 'createDirectory'] });
  return { path: filePaths[0] ?? null };
}

export async function chooseFiles(
  window: MainWindow,
  request: { title: string; filters: readonly Filter[]; multiple: boolean },
): Promise<{ paths: string[] }> {
  const { filePaths } = await open(window, {
    title: request.title,
    filters: nativeFilters(request.filters),
    properties: request.multiple ? ['openFile', 'multiSelections'] : ['openFile'],
  });
  return { paths: filePaths };
}

export async function chooseSaveFile(
  window: MainWindow,
  request: { title: string; defaultName: string; filters: readonly Filter[] },
): Promise<{ path: string | null }> {
  const options = {
    title: request.title,
    defaultPath: request.defaultName,
    filters: nativeFilters(request.filters),
    properties: ['createDirectory' as const, 'showOverwriteConfirmation' as const],
  };
  const parent = window.native;
  const { filePath, canceled } = await (parent
    ? dialog.showSaveDialog(parent, options)
    : dialog.showSaveDialog(options));
  return { path: canceled || !filePath ? null : filePath };
}

async function open(window: MainWindow, options: OpenDialogOptions): Promise<{ filePaths: string[] }> {
  const parent: BrowserWindow | BaseWindow | null = window.native;
  const { canceled, filePaths } = await (parent
    ? dialog.showOpenDialog(parent, options)
    : dialog.showOpenDialog(options));
  return { filePaths: canceled ? [] : filePaths };
}

function nativeFilters(filters: readonly Filter[]): FileFilter[] {
  return filters.map(({ name, extensions }) => ({ name, extensions: [...extensions] }));
}
