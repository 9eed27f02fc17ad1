import type { Application } from './launch.ts';

/** The system's dialogs, which no program can press the buttons of, answer from now on with these paths. */
export async function answerDialogs(
  { electron }: Application,
  answers: { readonly open?: readonly string[]; readonly save?: string },
): Promise<void> {
  await electron.evaluate(({ dialog }, { open = [], save = '' }) => {
    dialog.showOpenDialog = async () => ({ canceled: open.length === 0, filePaths: [...open] });
    dialog.showSaveDialog = async () => ({ canceled: save === '', filePath: save });
  }, answers);
}
