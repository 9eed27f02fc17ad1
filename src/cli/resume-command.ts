/** The command that goes on with an interrupted run: the same one with --resume, as it can be pasted into a shell. */
export function resumeCommand(commandArguments: readonly string[], platform = process.platform): string {
  const kept = commandArguments.filter((argument) => argument !== '--resume');
  return [...invocation(), ...[...kept, '--resume'].map((argument) => quote(argument, platform))].join(' ');
}

/** How the person started this program. */
function invocation(): string[] {
  return process.env.npm_lifecycle_event === 'dpruner' ? ['npm run -s dpruner --'] : ['dpruner'];
}

function quote(argument: string, platform: NodeJS.Platform): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  return platform === 'win32'
    ? `"${argument.replaceAll('"', '""')}"`
    : `'${argument.replaceAll("'", "'\\''")}'`;
}
