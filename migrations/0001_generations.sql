-- What stands beside the read models. Their tables live in schemas of their own, rm_<generation>,
-- made and dropped by the projector; the schema "reporting" holds views on the live generation.
CREATE SCHEMA daybook;
CREATE SCHEMA reporting;

CREATE TABLE daybook.generation (
  number integer PRIMARY KEY CHECK (number > 0),
  state text NOT NULL CHECK (state IN ('building', 'live', 'retired')),
  -- The version of the code's read models that made the tables.
  version integer NOT NULL
);

CREATE UNIQUE INDEX only_one_live_generation ON daybook.generation (state) WHERE state = 'live';

-- Up to where a generation has applied the log. Written in the same transaction as the rows.
CREATE TABLE daybook.checkpoint (
  generation integer PRIMARY KEY REFERENCES daybook.generation ON DELETE CASCADE,
  -- Raised when a generation is retired: whoever still writes it then finds its epoch gone.
  epoch integer NOT NULL DEFAULT 0,
  -- The last event applied; all null before the first.
  position bigint,
  event_id uuid,
  event_hash text,
  ledger text,
  revision bigint,
  recorded_at timestamptz,
  -- Events applied in all.
  events bigint NOT NULL DEFAULT 0
);
