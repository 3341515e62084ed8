-- Snapshots of folded ledgers: a cache of the write side. All three tables may be emptied together at any
-- time; the snapshots are then written again in time. Rows belong to their snapshot without a foreign key,
-- which would cost more than the rows themselves: they are only ever written and removed with its head.
CREATE TABLE daybook.snapshot (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ledger text COLLATE "C" NOT NULL UNIQUE,
  -- The version of the code that folded it.
  fold_version integer NOT NULL,
  -- Of the last event folded.
  revision bigint NOT NULL,
  hash text NOT NULL,
  summary text NOT NULL,
  -- Of the summary, as of every row below: CRC-32 of what the row holds.
  checksum bigint NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- What changes, by its key: accounts and the like. Replaced one by one.
CREATE TABLE daybook.snapshot_value (
  snapshot bigint NOT NULL,
  map text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  value text NOT NULL,
  checksum bigint NOT NULL,
  PRIMARY KEY (snapshot, map, key)
) WITH (fillfactor = 80);

-- What only grows: packed ids with their revisions.
CREATE TABLE daybook.snapshot_records (
  snapshot bigint NOT NULL,
  map text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  records bytea NOT NULL,
  checksum bigint NOT NULL,
  PRIMARY KEY (snapshot, map, number)
);

-- Ids do not get any smaller by compression.
ALTER TABLE daybook.snapshot_records ALTER COLUMN records SET STORAGE EXTERNAL;
