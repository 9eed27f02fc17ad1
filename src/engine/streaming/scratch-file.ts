import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { UserError } from '../../contract/error.ts';
import { explainWriteError } from '../checkpoint/durable-file.ts';
import { makeRoomFor } from '../tensor/reclaim.ts';

/** Where something lies in the scratch file, and the CRC-32 of what was written there last. */
export interface Place {
  readonly position: number;
  readonly bytes: number;
  checksum: number;
}

/** What is used of an open file. */
export type ScratchHandle = Pick<FileHandle, 'read' | 'write' | 'close'>;
export type OpenScratch = (path: string) => Promise<ScratchHandle>;

const openPrivate: OpenScratch = (path) => open(path, 'w+', 0o600);

/**
 * One file in a folder of its own for what does not fit in memory: written at places, read back, checked, and removed with
 * its folder on `close`. Both are there only once something is written, and for their owner alone. Places that are given
 * back are used again. What lies in the file is still served from the system's page cache while that has room.
 */
export class ScratchFile {
  private readonly free = new Map<number, number[]>();
  private length = 0;
  private file: Promise<ScratchHandle> | null = null;
  private readonly folder: string;
  private readonly openFile: OpenScratch;

  constructor(folder: string, openFile: OpenScratch = openPrivate) {
    this.folder = folder;
    this.openFile = openFile;
  }

  /** A place for so many bytes; nothing is there yet. */
  reserve(bytes: number): Place {
    const position = this.free.get(bytes)?.pop() ?? this.length;
    if (position === this.length) this.length += bytes;
    return { position, bytes, checksum: 0 };
  }

  /** Gives a place back. */
  release({ position, bytes }: Place): void {
    const others = this.free.get(bytes);
    if (others) others.push(position);
    else this.free.set(bytes, [position]);
  }

  /** @throws UserError DISK_FULL, OUTPUT_NOT_WRITABLE */
  async write(place: Place, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    place.checksum = crc32(bytes);
    try {
      this.file ??= this.openInFolder();
      const file = await this.file;
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, place.position + done);
        done += bytesWritten;
      }
    } catch (error) {
      throw explainWriteError(error, this.path);
    }
  }

  /** @throws UserError SCRATCH_DAMAGED if the disk gives back something else than was written */
  async read(place: Place): Promise<Uint8Array<ArrayBuffer>> {
    makeRoomFor(place.bytes);
    const bytes = new Uint8Array(place.bytes);
    const file = await this.file;
    if (!file) throw new Error('nothing was written to the scratch file');
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, place.position + done);
      if (bytesRead === 0) throw damaged(this.path, `it ends before byte ${place.position + bytes.length}`);
      done += bytesRead;
    }
    if (crc32(bytes) !== place.checksum)
      throw damaged(this.path, `its bytes from ${place.position} on have another checksum`);
    return bytes;
  }

  async close(): Promise<void> {
    const opened = this.file;
    this.file = null;
    const file = await opened?.catch(() => null);
    if (!file) return;
    await file.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async openInFolder(): Promise<ScratchHandle> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    return this.openFile(this.path);
  }

  private get path(): string {
    return join(this.folder, 'activations.bin');
  }
}

const damaged = (path: string, found: string) =>
  new UserError(
    'SCRATCH_DAMAGED',
    `The scratch file ${path} does not hold what was written to it: ${found}.`,
    'Check this disk, or choose a run folder on another one, and go on with --resume: finished layers are kept.',
  );
