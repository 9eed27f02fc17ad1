import type { Generated } from 'kysely';
import type { ExperimentName } from '../contract/experiment.ts';
import type { RunStatus } from '../contract/run.ts';

/** The tables as the newest migration leaves them; columns of JSON text are written and read by their stores alone. */
export interface Tables {
  models: {
    id: Generated<number>;
    name: string;
    dir: string;
    fingerprint: string;
    inspection: string;
    added_at: string;
  };
  presets: { id: Generated<number>; preset: string; saved_at: string };
  settings: { name: string; value: string };
  runs: RunTable;
  datasets: { id: Generated<number>; path: string; sha256: string; bytes: number };
  run_datasets: { run_id: number; dataset_id: number; part: string };
  exports: { id: Generated<number>; run_id: number; status: string; created_at: string; export: string };
  experiments: ExperimentTable;
  audit: {
    sequence: Generated<number>;
    at: string;
    who: string;
    action: string;
    subject: string;
    details: string;
    previous_hash: string;
    hash: string;
  };
  sqlite_sequence: { name: string; seq: number };
}

/** What runs and experiments have in common. */
interface WorkTable {
  id: Generated<number>;
  name: string;
  status: RunStatus;
  created_at: string;
  queued_at: string;
  started_at: string | null;
  ended_at: string | null;
  worked_ms: Generated<number>;
  model_name: string;
  model_dir: string;
  request: string;
  problem: string | null;
}

interface RunTable extends WorkTable {
  domain: string | null;
  method: string;
  criterion: string;
  sparsity: number;
  mu: number;
  seed: number;
  out_dir: string;
  domain_dense: number | null;
  domain_pruned: number | null;
  general_dense: number | null;
  general_pruned: number | null;
  app_version: string;
  repeats: number | null;
  outcome: string;
  search: string;
}

interface ExperimentTable extends WorkTable {
  experiment: ExperimentName;
}
