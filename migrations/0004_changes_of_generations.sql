-- What operators and projectors do to generations of read models, and what they have done.

ALTER TABLE daybook.generation
  -- The generation whose place it took when it last became the live one: where a rollback goes.
  ADD COLUMN replaced integer,
  -- Nobody fills it while this is set; all three are set together.
  ADD COLUMN paused_at timestamptz,
  ADD COLUMN paused_by text,
  ADD COLUMN pause_reason text,
  ADD CHECK (num_nulls(paused_at, paused_by, pause_reason) IN (0, 3));

-- A rebuild that was interrupted is gone on with, so there is never a second one.
CREATE UNIQUE INDEX only_one_building_generation ON daybook.generation (state)
  WHERE state = 'building';

-- One line per change, for ever: also of generations that are gone.
CREATE TABLE daybook.generation_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  changed_at timestamptz NOT NULL DEFAULT now(),
  generation integer NOT NULL,
  change text NOT NULL CHECK (change IN ('begun', 'made live', 'paused', 'resumed', 'dropped')),
  -- Who did it: `cli:<user>`, or `projector` when it did so by itself.
  actor text NOT NULL,
  reason text NOT NULL
);
