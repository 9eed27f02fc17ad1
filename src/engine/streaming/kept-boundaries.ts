/** Which boundaries a forward pass leaves for the backward pass. */
export interface KeptBoundaries {
  readonly layers: number;
  /** See `SpillPolicy`. */
  readonly keepEvery: number;
  /** The lowest layer that the gradient has to reach. */
  readonly lowest: number;
}

/** A layer's turn while the gradient comes down; `forward`: its texts go through it again, to the boundary above. */
export interface BackwardStep {
  readonly layer: number;
  readonly kind: 'forward' | 'backward';
}

const stretchOf = (layer: number, keepEvery: number): number => layer - (layer % keepEvery);

/** Whether the boundary below a layer is kept once the texts are past it. */
export function isKept({ layers, keepEvery, lowest }: KeptBoundaries, layer: number): boolean {
  if (layer < stretchOf(lowest, keepEvery)) return false;
  return layer % keepEvery === 0 || layer >= stretchOf(layers - 1, keepEvery);
}

/** From the last layer to the lowest, each stretch between two kept boundaries computed again before it, but for the last. */
export function backwardSteps({ layers, keepEvery, lowest }: KeptBoundaries): BackwardStep[] {
  const steps: BackwardStep[] = [];
  for (let first = stretchOf(layers - 1, keepEvery); first > lowest - keepEvery; first -= keepEvery) {
    const end = Math.min(first + keepEvery, layers);
    if (end < layers) {
      for (let layer = first; layer < end - 1; layer++) steps.push({ layer, kind: 'forward' });
    }
    for (let layer = end - 1; layer >= Math.max(first, lowest); layer--)
      steps.push({ layer, kind: 'backward' });
  }
  return steps;
}

/** Boundaries that are there at once: the kept ones, and those of the stretch at work with its gradient. */
export function boundariesAtOnce(layers: number, keepEvery: number): number {
  return Math.ceil(layers / keepEvery) + Math.min(keepEvery, layers);
}

/** Layers through which the texts go a second time. */
export const layersComputedAgain = (layers: number, keepEvery: number): number =>
  backwardSteps({ layers, keepEvery, lowest: 0 }).filter(({ kind }) => kind === 'forward').length;
