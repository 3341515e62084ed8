// Fetches the transfers that a batch of events acts on, unless they are not stored yet.
import { type TransferState } from '../../src/domain/ledger/transfer.js';
import {
  type Condition,
  type Exchange,
  type Leg,
  type LegTotals,
  type Pending,
  type Reverses,
} from '../../src/domain/ledger/transfer-events.js';
import { type Refusal } from '../../src/domain/errors.js';
import { type Metadata } from '../../src/domain/ledger/metadata.js';
import { type TransferBook } from './booking.js';
import {
  type BooksSource,
  type PlaceColumns,
  assertNotBehind,
  eventPlace,
} from './books-source.js';
import { type Touches, keyIn } from './touched.js';

/** Throws CheckpointMoved when somebody else has applied an event behind the checkpoint to one of them. */
export async function fetchTransfers(
  { database, schema, books, checkpoint }: BooksSource,
  touches: readonly Touches[],
): Promise<void> {
  const wanted = touches.flatMap(({ ledger, transfer: id }) =>
    id === undefined || books.transfers.has(keyIn(ledger, id)) ? [] : [{ ledger, id }],
  );
  if (wanted.length === 0) return;
  const { rows } = await database.query<TransferRow>(
    `SELECT transfer.* FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[])) AS wanted (ledger, id)
     JOIN ${schema}.transfer USING (ledger, id)`,
    [wanted.map(({ ledger }) => ledger), wanted.map(({ id }) => id)],
  );
  for (const book of rows.map(transferBook)) {
    assertNotBehind(checkpoint, book.statePosition);
    books.transfers.set(keyIn(book.ledger, book.request.id), book);
  }
}

interface TransferRow extends PlaceColumns {
  ledger: string;
  id: string;
  batch_id: string | null;
  batch_index: number;
  state: TransferState;
  legs: Leg[];
  totals: LegTotals[];
  effective_at: Date;
  recorded_at: Date;
  reference: string | null;
  description: string | null;
  metadata: Metadata;
  conditions: Condition[] | null;
  pending: Pending | null;
  reverses: Reverses | null;
  exchange: Exchange | null;
  refusal: Refusal | null;
  state_position: string;
}

function transferBook(row: TransferRow): TransferBook {
  const { ledger, id, state, legs, totals, refusal, conditions, pending, reverses, exchange } = row;
  return {
    ledger,
    request: {
      id,
      legs,
      effectiveAt: row.effective_at.toISOString(),
      recordedAt: row.recorded_at.toISOString(),
      reference: row.reference,
      description: row.description,
      metadata: row.metadata,
      ...(conditions && { conditions }),
      ...(pending && { pending }),
      ...(reverses && { reverses }),
      ...(exchange && { exchange }),
    },
    state,
    totals,
    batch: row.batch_id === null ? null : { id: row.batch_id, index: row.batch_index },
    refusal,
    ...eventPlace(row),
    statePosition: BigInt(row.state_position),
  };
}
