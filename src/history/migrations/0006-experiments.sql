CREATE TABLE experiments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  experiment TEXT NOT NULL,
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
  request TEXT NOT NULL CHECK (json_valid(request)),
  problem TEXT CHECK (json_valid(problem))
) STRICT;

CREATE INDEX experiments_by_status ON experiments (status, queued_at);
