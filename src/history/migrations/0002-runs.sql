CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  status TEXT NOT NULL
    CHECK (status IN ('queued', 'running', 'paused', 'interrupted', 'failed', 'cancelled', 'finished')),
  created_at TEXT NOT NULL,
  -- When it was put into the queue last; the queue's order.
  queued_at TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT,
  worked_ms REAL NOT NULL DEFAULT 0,
  model_name TEXT NOT NULL,
  model_dir TEXT NOT NULL,
  domain TEXT,
  method TEXT NOT NULL,
  criterion TEXT NOT NULL,
  sparsity REAL NOT NULL,
  mu REAL NOT NULL,
  seed INTEGER NOT NULL,
  out_dir TEXT NOT NULL,
  domain_dense REAL,
  domain_pruned REAL,
  general_dense REAL,
  general_pruned REAL,
  app_version TEXT NOT NULL,
  repeats INTEGER REFERENCES runs (id) ON DELETE SET NULL,
  request TEXT NOT NULL CHECK (json_valid(request)),
  -- What was measured and written so far; a resumed run goes on from it.
  outcome TEXT NOT NULL CHECK (json_valid(outcome)),
  problem TEXT CHECK (json_valid(problem)),
  -- Name, model, domain and output folder in lower case.
  search TEXT NOT NULL
) STRICT;

CREATE INDEX runs_by_creation ON runs (created_at);
CREATE INDEX runs_by_status ON runs (status, queued_at);

-- Data files by path and hash, never by content.
CREATE TABLE datasets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  UNIQUE (path, sha256)
) STRICT;

CREATE TABLE run_datasets (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id),
  -- The part of the mix, or what else it was read for.
  part TEXT NOT NULL,
  PRIMARY KEY (run_id, dataset_id, part)
) STRICT, WITHOUT ROWID;
