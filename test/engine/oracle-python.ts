import { existsSync } from 'node:fs';
import { join } from 'node:path';

const local = join(import.meta.dirname, '../../.venv/bin/python');

/** A Python with test/oracle/requirements.txt, from DPRUNER_ORACLE_PYTHON or .venv; null where there is none. */
export const oraclePython: string | null =
  process.env.DPRUNER_ORACLE_PYTHON ?? (existsSync(local) ? local : null);

/** What to add to the name of a test that is skipped without it. */
export const withoutPython = oraclePython
  ? ''
  : ' (skipped: needs a Python with torch, see DPRUNER_ORACLE_PYTHON)';
