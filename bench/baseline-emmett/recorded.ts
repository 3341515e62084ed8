// Transfers that were posted before, as their events tell of them.
import { type Pool } from 'pg';
import { type Outcome, type TransferRequest } from '../baseline-http/transfer.js';
import { type TransferPosted, ledgerStream } from './events.js';

/** $1 stream, $2 ledger, $3 ids. */
const RECORDED = {
  name: 'recorded',
  text: `SELECT message.stream_position AS position, message.message_data AS data
    FROM transfer JOIN emt_messages AS message
      ON message.stream_id = $1 AND message.stream_position = transfer.stream_position
    WHERE transfer.ledger = $2 AND transfer.id = ANY($3)`,
};

/** Without the balances of then, which nobody keeps. */
export async function recordedOutcomes(
  pool: Pool,
  ledger: string,
  requests: readonly TransferRequest[],
  taken: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Outcome>> {
  if (taken.size === 0) return new Map();
  const { rows } = await pool.query<{ position: string; data: TransferPosted['data'] }>({
    ...RECORDED,
    values: [ledgerStream(ledger), ledger, [...taken]],
  });
  const asked = new Map(requests.map((request) => [request.id, request]));
  return new Map(
    rows.map(({ position, data }) => {
      const { id } = data.request;
      return [id, outcomeOf(asked.get(id), data, Number(position))];
    }),
  );
}

function outcomeOf(
  asked: TransferRequest | undefined,
  { request, recordedAt }: TransferPosted['data'],
  revision: number,
): Outcome {
  if (JSON.stringify(asked) !== JSON.stringify(request)) return { kind: 'reused' };
  const { id, debit, credit, amount, currency } = request;
  const transfer = {
    ...{ id, state: 'posted' as const, legs: [{ debit, credit, amount, currency }] },
    ...{ effectiveAt: request.effectiveAt ?? recordedAt, recordedAt, revision },
    ...{ reference: request.reference ?? null, description: request.description ?? null },
    ...{ metadata: request.metadata ?? {}, balances: [] },
  };
  return { kind: 'posted', transfer, replayed: true };
}
