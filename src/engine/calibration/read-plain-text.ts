import { readLines } from './read-utf8.ts';
import type { Row } from './row.ts';

/**
 * The texts of a plain-text file, as the field `text`: blocks of lines with blank lines between them.
 *
 * @throws UserError: what readLines throws.
 */
export async function* readPlainText(path: string): AsyncGenerator<Row> {
  let block: string[] = [];
  let start = 1;
  const row = (): Row => ({ fields: new Map([['text', block.join('\n')]]), place: `line ${start}` });
  for await (const { text, number } of readLines(path)) {
    if (text.trim() !== '') {
      if (block.length === 0) start = number;
      block.push(text);
    } else if (block.length > 0) {
      yield row();
      block = [];
    }
  }
  if (block.length > 0) yield row();
}
