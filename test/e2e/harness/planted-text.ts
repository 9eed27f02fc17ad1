import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inflateSync } from 'node:zlib';

/** A word that is nowhere else in the world, to be planted in a text and looked for afterwards. */
export const newMarker = (): string => `Zylo${randomBytes(9).toString('hex')}`;

/** The ways in which a text may lie in a file: as it is, and in the two bytes a letter of JavaScript's own stores. */
export const formsOfText = (text: string): Buffer[] => [Buffer.from(text), Buffer.from(text, 'utf16le')];

/** The ways in which token ids may lie in a file: as a list of numbers, or as binary ones. */
export function formsOfTokens(ids: readonly number[]): Buffer[] {
  return [
    ...[',', ', ', ',\n', ' '].map((separator) => Buffer.from(ids.join(separator))),
    ...[Uint16Array, Int32Array, Float32Array].map((numbers) => Buffer.from(numbers.from(ids).buffer)),
    Buffer.from(BigInt64Array.from(ids.map(BigInt)).buffer),
  ];
}

/** The files below a folder, hidden ones too, in which one of the forms is found. */
export function filesWith(folder: string, forms: readonly Buffer[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return files
    .filter((file) => {
      const content = contentOf(file);
      return forms.some((form) => content.some((part) => part.includes(form)));
    })
    .map((file) => relative(folder, file))
    .sort();
}

/** Letters are numbers of a font's drawings in a PDF; without this program its text cannot be looked through. */
export const canReadPdf = spawnSync('pdftotext', ['-v']).status === 0;

/** A file's bytes; of a PDF what is packed in it and, where that can be had, its text, too. */
function contentOf(file: string): Buffer[] {
  const bytes = readIfThere(file);
  if (!bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) return [bytes];
  const text = canReadPdf ? [spawnSync('pdftotext', [file, '-']).stdout] : [];
  return [bytes, ...unpackedStreams(bytes), ...text];
}

function unpackedStreams(pdf: Buffer): Buffer[] {
  const streams: Buffer[] = [];
  for (let at = pdf.indexOf('stream\n'); at !== -1; at = pdf.indexOf('stream\n', at + 1)) {
    try {
      streams.push(inflateSync(pdf.subarray(at + 'stream\n'.length), { finishFlush: 2 }));
    } catch {
      // the end of a stream, or one that is not packed
    }
  }
  return streams;
}

/** Chromium may remove a file of its cache while this looks round. */
function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
