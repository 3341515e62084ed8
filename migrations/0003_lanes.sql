-- Up to where the log was looked at: at the last event applied or behind it, where nothing is to be applied
-- or a ledger is parked. The id tells whether the log still holds the event there.
ALTER TABLE daybook.checkpoint
  ADD scanned_position bigint,
  ADD scanned_event_id uuid,
  -- The first event of the log, of any ledger: what the log is known by.
  ADD log_position bigint,
  ADD log_event_id uuid;

COMMENT ON COLUMN daybook.checkpoint.epoch IS
  'Raised by whoever takes over, and when the generation is retired: who still writes under an older one changes nothing';

UPDATE daybook.checkpoint SET scanned_position = position, scanned_event_id = event_id;

-- Ledgers with an event that cannot be applied. Nothing of such a ledger is applied from there on, so that
-- nothing is skipped; other ledgers go on. Written in the same statement as rows and checkpoint.
CREATE TABLE daybook.parked_lane (
  generation integer NOT NULL REFERENCES daybook.generation ON DELETE CASCADE,
  ledger text COLLATE "C" NOT NULL,
  -- Why: unknown_type, corrupt_payload, upcast, contiguity, invariant or db_permanent.
  category text NOT NULL,
  -- The event that cannot be applied, and what is wrong with it, in words.
  event_id uuid NOT NULL,
  event_type text NOT NULL,
  revision bigint NOT NULL,
  position bigint NOT NULL,
  reason text NOT NULL,
  -- When that event was recorded: the ledger's rows are as they were before.
  stale_since timestamptz NOT NULL,
  -- An operator wants it tried again; the projector sees to it and clears this.
  retry_requested boolean NOT NULL DEFAULT false,
  PRIMARY KEY (generation, ledger)
);
