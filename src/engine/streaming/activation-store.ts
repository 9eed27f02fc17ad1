import {
  ACTIVATION_BYTES,
  type ActivationFormat,
  decodeActivations,
  encodeActivations,
} from './activation-format.ts';
import { type OpenScratch, type Place, ScratchFile } from './scratch-file.ts';

export interface ActivationStoreOptions {
  /** Past so many bytes in memory the rest goes to the scratch file. */
  readonly memoryBytes: number;
  readonly format: ActivationFormat;
  readonly openFile?: OpenScratch;
}

/**
 * Keeps the activations at layer boundaries, one slot a (boundary, pack), first in memory and, past the budget, in
 * a scratch file. They derive from people's texts: the file is readable by its owner alone and is removed on `close`. All
 * are rounded to the format, wherever they lie, so that a run's outcome does not depend on the budget.
 */
export class ActivationStore {
  private readonly inMemory = new Map<string, Uint8Array<ArrayBuffer>>();
  private readonly inFile = new Map<string, Place>();
  private memoryBytes = 0;
  private readonly file: ScratchFile;
  private readonly budgetBytes: number;
  private readonly format: ActivationFormat;

  constructor(scratchDir: string, { memoryBytes, format, openFile }: ActivationStoreOptions) {
    this.file = new ScratchFile(scratchDir, openFile);
    this.budgetBytes = memoryBytes;
    this.format = format;
  }

  /**
   * Stores a pack's activations at a boundary, or replaces them by others of the same size.
   * @throws UserError DISK_FULL, OUTPUT_NOT_WRITABLE
   */
  async write(boundary: number, pack: number, values: Float32Array<ArrayBuffer>): Promise<void> {
    const key = slot(boundary, pack);
    const bytes = values.length * ACTIVATION_BYTES[this.format];
    const known = this.inFile.get(key);
    if (!known && (this.inMemory.has(key) || this.memoryBytes + bytes <= this.budgetBytes)) {
      if (!this.inMemory.has(key)) this.memoryBytes += bytes;
      this.inMemory.set(key, encodeActivations(values, this.format));
      return;
    }
    const place = known ?? this.file.reserve(bytes);
    this.inFile.set(key, place);
    await this.file.write(place, encodeActivations(values, this.format));
  }

  /** @throws UserError SCRATCH_DAMAGED */
  async read(boundary: number, pack: number): Promise<Float32Array<ArrayBuffer>> {
    const key = slot(boundary, pack);
    const kept = this.inMemory.get(key);
    if (kept) return decodeActivations(kept, this.format);
    const place = this.inFile.get(key);
    if (!place) throw new Error(`no activations at boundary ${boundary}, pack ${pack}`);
    return decodeActivations(await this.file.read(place), this.format);
  }

  /** Forgets a boundary that will not be read again; its memory and its places in the file can then be used for others. */
  drop(boundary: number, packs: number): void {
    for (let pack = 0; pack < packs; pack++) {
      const key = slot(boundary, pack);
      this.memoryBytes -= this.inMemory.get(key)?.byteLength ?? 0;
      this.inMemory.delete(key);
      const place = this.inFile.get(key);
      if (place) this.file.release(place);
      this.inFile.delete(key);
    }
  }

  async close(): Promise<void> {
    this.inMemory.clear();
    this.inFile.clear();
    await this.file.close();
  }
}

const slot = (boundary: number, pack: number): string => `${boundary}/${pack}`;
