// What a server's answer to an append means.
import { type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { AppendRejected, type AppendResult } from './event-store.js';

/** The messages inside an error that say that the same append can never succeed. */
const FINAL = new Set([
  'event_store.client.StreamDeleted',
  'event_store.client.AccessDenied',
  'event_store.client.MaximumAppendSizeExceeded',
  'event_store.client.BadRequest',
]);
const WRONG_EXPECTED_VERSION = 'event_store.client.WrongExpectedVersion';
const BITS = 64;
const BITS_PER_DIGIT = 4;

/** Throws AppendRejected; any other error when the outcome is still unknown. */
export function appendResultOf(reply: BatchAppendResp): AppendResult {
  const success = reply.getSuccess();
  if (success) {
    const position = BigInt(success.getPosition()?.getCommitPosition() ?? 0);
    return { kind: 'appended', revision: Number(success.getCurrentRevision()), position };
  }
  const error = reply.getError();
  const kind = error?.getDetails()?.getTypeName() ?? '';
  if (kind === WRONG_EXPECTED_VERSION) return { kind: 'conflict' };
  const message = `${kind}: ${error?.getMessage() ?? 'an answer that says nothing'}`;
  throw FINAL.has(kind) ? new AppendRejected(message) : new Error(message);
}

/** The digits of the id that an answer repeats: servers write it as a text, or sometimes as two numbers. */
export function repliedTo(reply: BatchAppendResp): string {
  const id = reply.getCorrelationId();
  const halves = id?.getStructured();
  if (!halves) return digitsOf(id?.getString() ?? '');
  return [halves.getMostSignificantBits(), halves.getLeastSignificantBits()]
    .map((half) => BigInt.asUintN(BITS, BigInt(half)).toString(16))
    .map((digits) => digits.padStart(BITS / BITS_PER_DIGIT, '0'))
    .join('');
}

/** Of a UUID, without the dashes. */
export function digitsOf(uuid: string): string {
  return uuid.replaceAll('-', '');
}
