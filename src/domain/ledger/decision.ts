// What a decision can come to. One command leads to at most one event: nothing relies on two events
// landing together, because a store may keep a part of an append that was cut off.
import { type FieldProblem, type Rejection, type RejectionCode } from '../errors.js';
import { type LedgerEvent } from './events.js';

export type Decision =
  /** Append this event; it is the answer. */
  | { readonly kind: 'event'; readonly event: LedgerEvent }
  /** Decided before, by the event at this revision; it is the answer if the request is the same. */
  | { readonly kind: 'decided'; readonly revision: number }
  /** What is asked for is so already; nothing is recorded. */
  | { readonly kind: 'unchanged' }
  /** Turned away; nothing is recorded. */
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

export function happened(event: LedgerEvent): Decision {
  return { kind: 'event', event };
}

export function decidedBefore(revision: number): Decision {
  return { kind: 'decided', revision };
}

export const UNCHANGED: Decision = { kind: 'unchanged' };

export function rejected(
  code: RejectionCode,
  message: string,
  fields: readonly FieldProblem[] = [],
): Decision {
  return { kind: 'rejected', rejection: { code, message, fields } };
}

/** The recorded time of a new event: now, but never before what the ledger recorded last. */
export function recordedAtOf(now: string, lastRecordedAt: string): string {
  return now > lastRecordedAt ? now : lastRecordedAt;
}
