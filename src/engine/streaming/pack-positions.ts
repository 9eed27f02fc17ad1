import type { ModelConfig } from '../checkpoint/config.ts';
import { disposePositions, type Positions, positionsOf } from '../model/positions.ts';
import type { Pack } from '../model/segments.ts';

/** Positions of so many bytes stay on the device; however many samples there are, it is no more. */
const KEPT_BYTES = 64 * 2 ** 20;

/** Without what is small whatever the text. */
const bytesOf = ({ kinds }: Positions): number =>
  kinds.reduce((sum, { rotary, mask }) => sum + 8 * rotary.cos.size + 4 * (mask?.size ?? 0), 0);

/** The positions of micro-batches, made when they are asked for; the first ones are kept. */
export class PackPositions {
  private readonly kept = new Map<number, Positions>();
  private keptBytes = 0;
  private latest: { readonly pack: number; readonly positions: Positions } | null = null;
  private readonly config: ModelConfig;
  private readonly packs: readonly Pack[];

  constructor(config: ModelConfig, packs: readonly Pack[]) {
    this.config = config;
    this.packs = packs;
  }

  /** Those of a pack, on the device until another pack's are asked for. */
  of(pack: number): Positions {
    const known = this.latest?.pack === pack ? this.latest.positions : this.kept.get(pack);
    if (known) return known;
    const { segments, rows } = this.packs[pack];
    const positions = positionsOf(this.config, segments, rows);
    const bytes = bytesOf(positions);
    if (this.keptBytes + bytes <= KEPT_BYTES) {
      this.kept.set(pack, positions);
      this.keptBytes += bytes;
    } else {
      this.forgetLatest();
      this.latest = { pack, positions };
    }
    return positions;
  }

  dispose(): void {
    this.forgetLatest();
    for (const positions of this.kept.values()) disposePositions(positions);
    this.kept.clear();
    this.keptBytes = 0;
  }

  private forgetLatest(): void {
    if (this.latest) disposePositions(this.latest.positions);
    this.latest = null;
  }
}
