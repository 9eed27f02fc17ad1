/** A process that carries out one request to prune, given as JSON, and tells its parent how it goes. */
import type { PruneRequest } from '../../../src/engine/prune-run.ts';
import { prune } from '../../../src/engine/prune-run.ts';

const request: PruneRequest = JSON.parse(process.argv[2]);
process.send?.('started');
await prune(request, ({ stage }) => void process.send?.(stage));
process.disconnect?.();
