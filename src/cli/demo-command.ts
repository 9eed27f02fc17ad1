import { Command, Option } from 'commander';
import type { BackendName } from '../engine/tensor/backend.ts';
import { runOperation } from './operation.ts';
import { writeReport } from './outcome.ts';
import { backendOption, jsonOption } from './shared-options.ts';

interface DemoOptions {
  readonly out?: string;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** `demo`: the small model that comes with the program, pruned in front of the person's eyes. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Prune the small model that comes with the program, and measure what it keeps.')
    .addOption(new Option('--out <folder>', 'keep the pruned models here (default: they are removed)'))
    .addOption(backendOption())
    .addOption(jsonOption())
    .action(async (options: DemoOptions) => {
      const { out: outDir = null, backend = null } = options;
      const { runDemo } = await import('./demo.ts');
      const { formatDemoReport } = await import('./format-demo-report.ts');
      const report = await runOperation(
        (onProgress, signal) => runDemo({ outDir, backend, onProgress, signal }),
        'Run the command again; the demo begins anew.',
      );
      writeReport(report, options.json ?? false, formatDemoReport);
    });
}
