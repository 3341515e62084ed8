// A transfer as it is answered. What says nothing of it is absent.
import {
  type CaptureRow,
  type ReversalRow,
  type TransferRow,
  type VoidRow,
} from '../../projections/transfer/queries.js';
import { type Refusal } from '../domain/errors.js';
import { type TransferRequest } from '../domain/ledger/transfer-events.js';

type Told = 'id' | 'state' | 'legs' | 'effectiveAt' | 'recordedAt' | 'revision';
type Said = 'reference' | 'description' | 'metadata' | 'totals';

export interface TransferAnswer extends Pick<TransferRow, Told | Said>, Kinds {
  /** Of a refused transfer only. */
  readonly refusal?: Refusal;
  /** The atomic batch that it was made in, and its place there, counted from 0. */
  readonly batch?: { readonly id: string; readonly index: number };
  readonly captures: readonly Omit<CaptureRow, 'kind'>[];
  readonly voids: readonly Omit<VoidRow, 'kind'>[];
  readonly reversals: readonly Omit<ReversalRow, 'kind'>[];
  /** When what it still held was released because nobody captured it in time. */
  readonly expiredAt?: string;
}

/** What the request had beyond legs. */
type Kinds = Pick<TransferRequest, 'conditions' | 'pending' | 'reverses' | 'exchange'>;

export function transferAnswer(row: TransferRow): TransferAnswer {
  const { id, state, legs, effectiveAt, recordedAt, revision, ...rest } = row;
  const { reference, description, metadata, refusal, batchId, batchIndex, totals, acts } = rest;
  const { conditions, pending, reverses, exchange } = rest;
  const expiry = acts.find(({ kind }) => kind === 'expiry');
  return {
    ...{ id, state, legs, effectiveAt, recordedAt, revision, reference, description, metadata },
    ...(refusal && { refusal }),
    ...(conditions && { conditions }),
    ...(pending && { pending }),
    ...(reverses && { reverses }),
    ...(exchange && { exchange }),
    ...(batchId !== null && { batch: { id: batchId, index: batchIndex } }),
    totals,
    captures: acts.flatMap((act) => (act.kind === 'capture' ? [captureAnswer(act)] : [])),
    voids: acts.flatMap((act) => (act.kind === 'void' ? [voidAnswer(act)] : [])),
    reversals: acts.flatMap((act) => (act.kind === 'reversal' ? [reversalAnswer(act)] : [])),
    ...(expiry && { expiredAt: expiry.recordedAt }),
  };
}

function captureAnswer(act: CaptureRow): TransferAnswer['captures'][number] {
  const { id, legs, released, final, effectiveAt, recordedAt, revision } = act;
  return { id, legs, released, final, effectiveAt, recordedAt, revision };
}

function voidAnswer(act: VoidRow): TransferAnswer['voids'][number] {
  const { id, released, reason, recordedAt, revision } = act;
  return { id, released, reason, recordedAt, revision };
}

function reversalAnswer(act: ReversalRow): TransferAnswer['reversals'][number] {
  const { id, legs, reason, recordedAt, revision } = act;
  return { id, legs, reason, recordedAt, revision };
}
