// Every statement of the service; the name makes Postgres keep it prepared on each connection.

/** $1 ledger, $2 addresses. Locks in the order of ids, so that no ring of waiting comes about. */
export const LOCK_ACCOUNTS = {
  name: 'lock-accounts',
  text: `SELECT id, address, type, currency, overdraft_limit, balance, version
    FROM account WHERE ledger = $1 AND address = ANY($2) ORDER BY id FOR UPDATE`,
};

/**
 * $1 ledger, then a list for each column: ids, currencies, effective times, references, descriptions,
 * metadata; $8 the time of recording. Leaves out ids that are taken, and returns the others.
 */
export const INSERT_TRANSFERS = {
  name: 'insert-transfers',
  text: `INSERT INTO transfer
      (ledger, id, currency, effective_at, recorded_at, reference, description, metadata)
    SELECT $1, id, currency, coalesce(effective_at, $8::timestamptz), $8, reference, description, metadata
    FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::jsonb[])
      AS sent (id, currency, effective_at, reference, description, metadata)
    ON CONFLICT (ledger, id) DO NOTHING
    RETURNING id, number`,
};

/**
 * $1 ids of accounts with their new $2 balances and $3 versions; then the entries, a list for each column:
 * transfers, accounts, sides, amounts, balances, versions.
 */
export const MOVE = {
  name: 'move',
  text: `WITH moved AS (
      UPDATE account SET balance = changed.balance, version = changed.version
      FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS changed (id, balance, version)
      WHERE account.id = changed.id
    )
    INSERT INTO entry (transfer, account, side, amount, balance, version)
    SELECT * FROM unnest(
      $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[])`,
};

/**
 * The two above at once, for one transfer: $1 to $8 as there, $9 to $11 the accounts as for the
 * next, $12 the sides of their entries and $13 the amount.
 */
export const POST_ONE = {
  name: 'post-one',
  text: `WITH posted AS (
      INSERT INTO transfer
        (ledger, id, currency, effective_at, recorded_at, reference, description, metadata)
      VALUES ($1, $2, $3, coalesce($4::timestamptz, $8), $8, $5, $6, $7)
      ON CONFLICT (ledger, id) DO NOTHING
      RETURNING number
    ), moved AS (
      UPDATE account SET balance = changed.balance, version = changed.version
      FROM posted, unnest($9::bigint[], $10::bigint[], $11::bigint[]) AS changed (id, balance, version)
      WHERE account.id = changed.id
    )
    INSERT INTO entry (transfer, account, side, amount, balance, version)
    SELECT posted.number, changed.account, changed.side, $13::bigint, changed.balance, changed.version
    FROM posted, unnest($9::bigint[], $12::text[], $10::bigint[], $11::bigint[])
      AS changed (account, side, balance, version)
    RETURNING transfer AS number`,
};

/** $1 ledger, $2 ids: what was recorded under them, one row for each entry, the debit first. */
export const RECORDED = {
  name: 'recorded',
  text: `SELECT transfer.id, transfer.number, transfer.currency, transfer.reference,
      transfer.description, transfer.metadata, transfer.effective_at, transfer.recorded_at,
      entry.amount, entry.balance, entry.version, account.address
    FROM transfer
    JOIN entry ON entry.transfer = transfer.number
    JOIN account ON account.id = entry.account
    WHERE transfer.ledger = $1 AND transfer.id = ANY($2)
    ORDER BY transfer.number, entry.side DESC`,
};

/** $1 ledger, $2 address. */
export const ACCOUNT = {
  name: 'account',
  text: `SELECT address, type, currency, overdraft_limit, balance, version
    FROM account WHERE ledger = $1 AND address = $2`,
};
