// What a caller says of a transfer that is to be captured later.
import { type Pending } from '../../domain/ledger/transfer-events.js';
import { Field } from '../../platform/http/fields.js';
import { dateTime, utcOf } from '../../platform/http/instant.js';

export class PendingBody {
  /** Absent is without end. */
  @Field(dateTime, { optional: true, example: '2026-01-22T09:30:00Z' })
  expiresAt?: string | null;
}

/** Null is a transfer that is posted at once. */
export function pendingOf(body: PendingBody | null | undefined): Pending | null {
  return body ? { expiresAt: utcOf(body.expiresAt) ?? null } : null;
}
