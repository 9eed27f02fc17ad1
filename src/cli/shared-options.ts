import { Option } from 'commander';
import { BACKENDS } from '../engine/tensor/backend.ts';

/** What every command takes; these options read and mean the same everywhere. */
export const jsonOption = () =>
  new Option('--json', 'one JSON object on standard output, all else on standard error');

export const backendOption = () =>
  new Option('--backend <name>', 'what computes (default: the best that works)').choices(BACKENDS);

export const forceOption = () => new Option('--force', 'replace the output if it is there already');
