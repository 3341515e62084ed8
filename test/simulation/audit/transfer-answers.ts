// How transfers have to be told, posted, held or refused.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type TransferData, transferIn } from './transfer-data.js';

/** An event, or one that was only foreseen. */
export type Told = Pick<StoredEvent, 'type' | 'data' | 'revision'>;

/** What is answered is made of the event alone, so that every repetition is told the same. */
export function transferAnswer(event: Told): object {
  const data = transferIn(event);
  const { totals, balances } = data;
  return { ...transferMade(data, event.revision), totals, balances };
}

/** A transfer that happened, without what it left. */
export function transferMade(data: TransferData, revision: number): object {
  const { id, legs, effectiveAt, recordedAt, reference, description, metadata } = data;
  const { conditions, pending, reverses, exchange } = data;
  return {
    ...{ id, state: pending ? 'pending' : 'posted', legs, effectiveAt, recordedAt, revision },
    ...{ reference, description, metadata, conditions, pending, reverses, exchange },
  };
}

export function refusedTransferDetails(event: Told, hasOneLeg: boolean): object {
  const { id, recordedAt, refusal } = transferIn(event);
  const evidence = inWordsOf(refusal?.evidence ?? {}, hasOneLeg);
  return { transferId: id, recordedAt, evidence };
}

/** The fields of an only leg are named as in the request, where it stands at the top. */
export function inWordsOf(evidence: object, hasOneLeg: boolean): object {
  if (!hasOneLeg) return evidence;
  return JSON.parse(JSON.stringify(evidence).replaceAll('"legs[0].', '"')) as object;
}
