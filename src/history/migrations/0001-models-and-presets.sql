CREATE TABLE models (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  dir TEXT NOT NULL UNIQUE,
  fingerprint TEXT NOT NULL,
  inspection TEXT NOT NULL CHECK (json_valid(inspection)),
  added_at TEXT NOT NULL
) STRICT;

CREATE TABLE presets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  preset TEXT NOT NULL CHECK (json_valid(preset)),
  saved_at TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT;
