// How a block becomes slices: in Postgres, when the transaction that completes the block commits, so that
// all its entries are there, and the projector never reads them back.

/** Times in a slice: its row is then small enough for Postgres to store it as it is, in one piece. */
export const SLICE_LENGTH = 40;

interface Sliced {
  /** The table whose new rows are sliced, and the one that the slices go to. */
  readonly blocks: string;
  readonly slices: string;
  /** The columns that tell whose sums they are. */
  readonly owner: string;
  /** The entries of the block NEW: its owner, effective_at, side and amount. */
  readonly entries: string;
}

/** The statements that make a trigger on the blocks. */
export function sliceTrigger(schema: string, sliced: Sliced): string[] {
  const { blocks, slices, owner, entries } = sliced;
  const name = `${schema}.slice_${blocks}`;
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $trigger$
     BEGIN
       INSERT INTO ${schema}.${slices}
         (ledger, ${owner}, length, block, effective_from, effective_at, debits, credits)
       SELECT NEW.ledger, ${owner}, NEW.length, NEW.block, min(effective_at),
         array_agg(effective_at ORDER BY effective_at),
         array_agg(debits ORDER BY effective_at), array_agg(credits ORDER BY effective_at)
       FROM (
         SELECT ${owner}, effective_at,
           sum(sum(CASE side WHEN 'debit' THEN amount ELSE 0 END)) OVER in_time AS debits,
           sum(sum(CASE side WHEN 'credit' THEN amount ELSE 0 END)) OVER in_time AS credits,
           (row_number() OVER in_time - 1) / ${SLICE_LENGTH} AS slice
         FROM (${entries}) AS entry (${owner}, effective_at, side, amount)
         GROUP BY ${owner}, effective_at
         WINDOW in_time AS (PARTITION BY ${owner} ORDER BY effective_at)
       ) AS point
       GROUP BY ${owner}, slice;
       RETURN NULL;
     END $trigger$`,
    `CREATE CONSTRAINT TRIGGER slice AFTER INSERT ON ${schema}.${blocks}
     DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ${name}()`,
  ];
}
