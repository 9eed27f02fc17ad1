-- What a search and the order of the list read, apart from the long columns: those of 10,000 runs are hundreds of megabytes.
CREATE INDEX runs_listed ON runs (created_at, id, status, search);
DROP INDEX runs_by_creation;
