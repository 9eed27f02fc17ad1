import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { runCli } from './run-cli.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = temporaryFolder();
const page = readFileSync(join(ROOT, 'docs/tasks.md'), 'utf8');

/** The commands of a section, as a person would paste them; models go into a folder that is removed. */
function commandsOf(section: string): string[][] {
  const [, text = ''] = page.split(`\n## ${section}\n`);
  const [, block = ''] = /```\n([\s\S]*?)```/.exec(text) ?? [];
  const lines = block.replaceAll('\\\n', ' ').trim().split('\n');
  return lines.map((line) =>
    line
      .split(/\s+/)
      .slice(1)
      .map((word) => (word.startsWith('demo-') ? join(folder, word) : word)),
  );
}

describe('docs/tasks.md', () => {
  it.each([
    ["Data of one's own", ['multiple-choice', 'desk', 'summaries']],
    ['Worked example: finance', ['finance-news']],
    ['Worked example: education', ['exercises']],
  ])(
    '%s: its commands do what they show',
    async (section, labels) => {
      const commands = commandsOf(section);
      expect(commands.length).toBeGreaterThan(0);
      let output = '';
      for (const command of commands) {
        const { exitCode, stdout, stderr } = await runCli([...command, '--json'], { cwd: ROOT });
        expect(exitCode, stderr).toBe(0);
        output = stdout;
      }
      expect(JSON.parse(output).tasks.map(({ label }: { label: string }) => label)).toEqual(labels);
    },
    120_000,
  );
});
