// The SQL of snapshots. A head is given by three parameters: fold version, revision, hash.

// What a crash of Postgres loses of a cache is written again; waiting for its disk is not worth it.
export const BEGIN_WRITING =
  "BEGIN; SET LOCAL lock_timeout = '5s'; SET LOCAL synchronous_commit = off";
// Pages are read along the primary key. Right after a first snapshot was written, without statistics, the
// planner would rather sort all rows for every page.
export const BEGIN_READING =
  'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ' +
  'SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off';

export const HEAD = `
  SELECT id, fold_version, revision, hash, summary, checksum
  FROM daybook.snapshot WHERE ledger = $1`;

/** Nothing is returned when there is a head already. */
export const FIRST_HEAD = `
  INSERT INTO daybook.snapshot (ledger, fold_version, revision, hash, summary, checksum)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (ledger) DO NOTHING RETURNING id`;

/** Nothing is returned when the head is not the one that the last three parameters tell. */
export const NEXT_HEAD = `
  UPDATE daybook.snapshot
  SET fold_version = $2, revision = $3, hash = $4, summary = $5, checksum = $6, written_at = now()
  WHERE ledger = $1 AND fold_version = $7 AND revision = $8 AND hash = $9 RETURNING id`;

export const REMOVE = `
  WITH gone AS (
    DELETE FROM daybook.snapshot
    WHERE ledger = $1 AND fold_version = $2 AND revision = $3 AND hash = $4 RETURNING id
  ), gone_values AS (
    DELETE FROM daybook.snapshot_value USING gone WHERE snapshot = gone.id
  )
  DELETE FROM daybook.snapshot_records USING gone WHERE snapshot = gone.id`;

/** $3 holds lines, see value-lines.ts. */
export const PUT_VALUES = String.raw`
  INSERT INTO daybook.snapshot_value (snapshot, map, key, value, checksum)
  SELECT $1, $2, split_part(line, E'\t', 2), split_part(line, E'\t', 3),
    split_part(line, E'\t', 1)::bigint
  FROM string_to_table($3, E'\n') AS line
  ON CONFLICT (snapshot, map, key)
  DO UPDATE SET value = EXCLUDED.value, checksum = EXCLUDED.checksum`;

export const DROP_VALUES = `
  DELETE FROM daybook.snapshot_value WHERE snapshot = $1 AND map = $2 AND key = ANY ($3)`;

/** At most $4 values after the key $3 of the map $2, in the order of maps and keys, as lines. */
export const VALUES_AFTER = String.raw`
  SELECT map, max(key) AS last_key,
    string_agg(checksum || E'\t' || key || E'\t' || value, E'\n') AS lines
  FROM (
    SELECT map, key, value, checksum FROM daybook.snapshot_value
    WHERE snapshot = $1 AND (map, key) > ($2, $3) ORDER BY map, key LIMIT $4
  ) AS page
  GROUP BY map ORDER BY map`;

export const ADD_RECORDS = `
  INSERT INTO daybook.snapshot_records (snapshot, map, number, records, checksum)
  SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4
  FROM daybook.snapshot_records WHERE snapshot = $1 AND map = $2`;

/** At most $4 rows after the number $3 of the map $2, in the order of maps and numbers. */
export const RECORDS_AFTER = `
  SELECT map, number, records, checksum FROM daybook.snapshot_records
  WHERE snapshot = $1 AND (map, number) > ($2, $3) ORDER BY map, number LIMIT $4`;
