import { runCommand } from './command.ts';
import { Unavailable } from './unavailable.ts';

/** The name of a Python 3 that has pip. */
export async function findPythonWithPip(): Promise<string> {
  for (const python of ['python3', 'python']) {
    const { exitCode } = await runCommand(python, ['-m', 'pip', '--version']);
    if (exitCode === 0) return python;
  }
  throw new Unavailable(
    'Neither python3 nor python has pip, which downloads the TensorFlow library.',
    'Install them (on Debian and Ubuntu: sudo apt-get install python3 python3-pip) and run "npm run setup".',
  );
}
