import { type EntryRow } from '../../projections/entry/queries.js';

/** An entry as it is answered: `transferId` says enough of a batch. */
export type EntryAnswer = Omit<EntryRow, 'batchIndex'>;

export function entryAnswer({ revision, transferId, leg, side, ...entry }: EntryRow): EntryAnswer {
  const { amount, balance, effectiveAt, recordedAt, counterparty, description } = entry;
  return {
    ...{ revision, transferId, leg, side, amount, balance },
    ...{ effectiveAt, recordedAt, counterparty, description },
  };
}
