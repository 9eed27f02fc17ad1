import { Command, Option } from 'commander';
import { appVersion } from '../engine/run/app-version.ts';
import { compareCommand } from './compare.ts';
import { demoCommand } from './demo-command.ts';
import { doctorCommand } from './doctor.ts';
import { evaluateCommand } from './evaluate.ts';
import { experimentCommand } from './experiment.ts';
import { generateCommand } from './generate.ts';
import { planCommand } from './plan.ts';
import { pruneCommand } from './prune.ts';
import { remaskCommand } from './remask.ts';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 not called as it should be, 130 interrupted (a pruning run can be resumed).
Nothing leaves this machine: no command uses the network.`;

/** The whole command line. Whatever ends the parsing is thrown, never an exit of the process. */
export function dprunerCommand(): Command {
  const program = new Command('dpruner')
    .description(
      'Prune a language model (LLaMA, Mistral, Qwen, SmolLM, Phi-3, Gemma, BLOOM) for one domain, on your own machine, offline.',
    )
    .version(appVersion, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'print what a command takes')
    .addHelpText('after', EXIT_CODES);
  for (const command of [
    pruneCommand(),
    planCommand(),
    remaskCommand(),
    evaluateCommand(),
    compareCommand(),
    experimentCommand(),
    generateCommand(),
    doctorCommand(),
    demoCommand(),
  ]) {
    program.addCommand(command);
  }
  throwInsteadOfExit(program);
  return program;
}

function throwInsteadOfExit(command: Command): void {
  // The message is written once, by who catches the error.
  command
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .allowExcessArguments(false);
  const help = new Option('-h, --help', 'print this help');
  command.addHelpOption(help.helpGroup(command.options.at(-1)?.helpGroupHeading ?? 'Options:'));
  for (const inner of command.commands) throwInsteadOfExit(inner);
}
