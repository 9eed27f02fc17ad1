import { Command } from 'commander';
import { fisherCommand } from './experiment/fisher-command.ts';
import { distributionsCommand, similarityCommand } from './experiment/run-commands.ts';
import { SWEEP_WORDS, sweepCommand } from './experiment/sweep-command.ts';

const EXAMPLES = `
Each writes its table (.md, .csv), everything it depends on (.json) and its plot (.svg). One that was stopped goes on when the
command is given again.

Examples:
  dpruner experiment sparsity --model smollm2 --preset legal --data casehold=casehold.jsonl \\
    --data billsum=billsum.jsonl --open c4.jsonl --perplexity legal=legal.txt --out sparsity
  dpruner experiment similarity --run legal=smollm2-legal-run --run health=smollm2-health-run --out similarity`;

/** `experiment NAME`: the paper's experiments on a user's own model and texts. */
export function experimentCommand(): Command {
  const command = new Command('experiment')
    .description('Prune a model again and again with one thing changed, or look into the scores of runs.')
    .addHelpText('after', EXAMPLES);
  for (const words of SWEEP_WORDS) command.addCommand(sweepCommand(words));
  for (const inner of [similarityCommand(), distributionsCommand(), fisherCommand()])
    command.addCommand(inner);
  return command;
}
