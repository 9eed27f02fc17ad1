CREATE TABLE exports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'failed', 'cancelled')),
  created_at TEXT NOT NULL,
  -- As the contract's ModelExport.
  export TEXT NOT NULL CHECK (json_valid(export))
) STRICT;

CREATE INDEX exports_by_run ON exports (run_id);
