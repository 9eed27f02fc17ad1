import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explainWriteError } from '../checkpoint/durable-file.ts';

/**
 * Keeps the activations at layer boundaries, one slot a (boundary, pack), first in memory and, past the budget, in
 * a scratch file. They derive from people's texts: the folder is readable by its owner alone and is removed on
 * `close`. What lies in the file is still served from the system's page cache while that has room.
 */
export class ActivationStore {
  private readonly inMemory = new Map<string, Float32Array<ArrayBuffer>>();
  private readonly inFile = new Map<string, { position: number; bytes: number }>();
  private memoryBytes = 0;
  private fileBytes = 0;
  private file: FileHandle | null = null;
  private readonly scratchDir: string;
  private readonly memoryBudgetBytes: number;

  constructor(scratchDir: string, memoryBudgetBytes: number) {
    this.scratchDir = scratchDir;
    this.memoryBudgetBytes = memoryBudgetBytes;
  }

  /**
   * Stores a pack's activations at a boundary, or replaces them by others of the same size.
   * @throws UserError DISK_FULL, OUTPUT_NOT_WRITABLE
   */
  async write(boundary: number, pack: number, values: Float32Array<ArrayBuffer>): Promise<void> {
    const key = slot(boundary, pack);
    const known = this.inFile.get(key);
    if (known) return this.writeAt(known.position, values);
    if (this.inMemory.has(key) || this.memoryBytes + values.byteLength <= this.memoryBudgetBytes) {
      if (!this.inMemory.has(key)) this.memoryBytes += values.byteLength;
      this.inMemory.set(key, values);
      return;
    }
    const position = this.fileBytes;
    this.fileBytes += values.byteLength;
    this.inFile.set(key, { position, bytes: values.byteLength });
    await this.writeAt(position, values);
  }

  async read(boundary: number, pack: number): Promise<Float32Array<ArrayBuffer>> {
    const key = slot(boundary, pack);
    const values = this.inMemory.get(key);
    if (values) return values;
    const place = this.inFile.get(key);
    if (!place || !this.file) throw new Error(`no activations at boundary ${boundary}, pack ${pack}`);
    const bytes = Buffer.from(new ArrayBuffer(place.bytes));
    for (let done = 0; done < place.bytes; ) {
      const { bytesRead } = await this.file.read(bytes, done, place.bytes - done, place.position + done);
      if (bytesRead === 0) throw new Error('the scratch file is shorter than what was written to it');
      done += bytesRead;
    }
    return new Float32Array(bytes.buffer);
  }

  /** Forgets a boundary that will not be read again; its memory can then be used for others. */
  drop(boundary: number, packs: number): void {
    for (let pack = 0; pack < packs; pack++) {
      const values = this.inMemory.get(slot(boundary, pack));
      if (!values) continue;
      this.memoryBytes -= values.byteLength;
      this.inMemory.delete(slot(boundary, pack));
    }
  }

  async close(): Promise<void> {
    this.inMemory.clear();
    this.inFile.clear();
    if (!this.file) return;
    await this.file.close();
    this.file = null;
    await rm(this.scratchDir, { recursive: true, force: true });
  }

  private async writeAt(position: number, values: Float32Array<ArrayBuffer>): Promise<void> {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    try {
      this.file ??= await this.openScratch();
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    } catch (error) {
      throw explainWriteError(error, this.path);
    }
  }

  private async openScratch(): Promise<FileHandle> {
    await mkdir(this.scratchDir, { recursive: true, mode: 0o700 });
    return open(this.path, 'w+', 0o600);
  }

  private get path(): string {
    return join(this.scratchDir, 'activations.bin');
  }
}

const slot = (boundary: number, pack: number): string => `${boundary}/${pack}`;
