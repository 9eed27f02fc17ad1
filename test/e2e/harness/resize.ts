import type { Application } from './launch.ts';

/** Gives the window's content this size. */
export async function resizeWindow({ electron }: Application, width: number, height: number): Promise<void> {
  await electron.evaluate(
    ({ BrowserWindow }, [width, height]) =>
      BrowserWindow.getAllWindows()[0]?.setContentBounds({ x: 10, y: 10, width, height }),
    [width, height] as const,
  );
}
