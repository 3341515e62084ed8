-- What the verifier in the background last came to, of each generation of read models.
CREATE TABLE daybook.verification (
  generation integer PRIMARY KEY REFERENCES daybook.generation ON DELETE CASCADE,
  -- Every row was last proven at this position; both null before the first time.
  verified_position bigint,
  verified_at timestamptz,
  -- The last time that verification came to an end, whatever it found.
  ended_at timestamptz NOT NULL,
  -- What it found then, the first of it as `findings`: an array of objects, empty when all was well.
  finding_count integer NOT NULL,
  findings jsonb NOT NULL
);
