// What a command is decided on: the accounts that it touches, and how far the stream was then.
import { type Pool } from 'pg';
import { type AccountRow, openAccountOf } from '../baseline-http/account-row.js';
import { type OpenAccount } from '../baseline-http/decide.js';
import { ledgerStream } from './events.js';

/** One statement, so that both are of one moment. $1 stream, $2 ledger, $3 addresses, $4 ids. */
const STATE = {
  name: 'state',
  text: `SELECT
      (SELECT stream_position FROM emt_streams WHERE stream_id = $1 AND NOT is_archived) AS position,
      (SELECT coalesce(json_agg(id), '[]') FROM transfer WHERE ledger = $2 AND id = ANY($4)) AS taken,
      (SELECT coalesce(json_agg(json_build_object('address', address,
          'type', type, 'currency', currency, 'overdraft_limit', overdraft_limit::text,
          'balance', balance::text, 'version', version::text)), '[]')
        FROM account WHERE ledger = $2 AND address = ANY($3)) AS accounts`,
};

export interface State {
  /** What the next append expects. */
  readonly position: bigint;
  /** Those of the ids that belong to a transfer already. */
  readonly taken: ReadonlySet<string>;
  readonly accounts: ReadonlyMap<string, OpenAccount>;
}

export async function readState(
  pool: Pool,
  ledger: string,
  { addresses, ids }: { addresses: readonly string[]; ids: readonly string[] },
): Promise<State> {
  const { rows } = await pool.query<{
    position: string | null;
    taken: string[];
    accounts: AccountRow[];
  }>({ ...STATE, values: [ledgerStream(ledger), ledger, addresses, ids] });
  const [row] = rows;
  if (row === undefined) throw new Error('a query without FROM came to nothing');
  const accounts = new Map(row.accounts.map((each) => [each.address, openAccountOf(each)]));
  return { position: BigInt(row.position ?? 0), taken: new Set(row.taken), accounts };
}
