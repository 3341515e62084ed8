// Deciding commands that will be appended together. Each is decided on what the ones before it leave,
// in a layer over the state: until the store has taken the events, nothing has happened.
import { type Rejection } from '../../domain/errors.js';
import { type LedgerCommand, decide } from '../../domain/ledger/decide.js';
import { type LedgerEvent } from '../../domain/ledger/events.js';
import { evolve } from '../../domain/ledger/evolve.js';
import { type LedgerLayer, type LedgerState, layerOver } from '../../domain/ledger/state.js';
import { type Causation, encode } from '../../event-store/codec.js';
import { type NewEvent } from '../../event-store/event-store.js';

/** Commands decided together at most. */
export const GROUP_COMMANDS_MAX = 500;
/**
 * A group is closed once its events have so many bytes in UTF-8. The largest event that limits on requests
 * allow is well below what is left up to the 1 MiB that a store takes in one append.
 */
export const GROUP_BYTES_MAX = 640 * 1024;

export interface Request {
  readonly command: LedgerCommand;
  readonly causation: Causation;
}

export type Verdict<R extends Request> =
  | {
      readonly kind: 'event';
      readonly request: R;
      readonly event: LedgerEvent;
      readonly revision: number;
      readonly id: string;
    }
  /** Decided before, at this revision: in the log already, or earlier in this very group. */
  | { readonly kind: 'decided'; readonly request: R; readonly revision: number }
  | { readonly kind: 'unchanged'; readonly request: R }
  | { readonly kind: 'rejected'; readonly request: R; readonly rejection: Rejection };

export interface Group<R extends Request> {
  readonly verdicts: readonly Verdict<R>[];
  readonly events: readonly NewEvent[];
  /** The state and the hash as they will be once the events are stored. */
  readonly layer: LedgerLayer;
  readonly hash: string;
  /** Requests that did not fit into this group. */
  readonly rest: readonly R[];
}

export function decideGroup<R extends Request>(
  base: { readonly stream: string; readonly state: LedgerState; readonly hash: string },
  requests: readonly R[],
): Group<R> {
  const layer = layerOver(base.state);
  const verdicts: Verdict<R>[] = [];
  const events: NewEvent[] = [];
  let previousHash = base.hash;
  let bytes = 0;
  for (const request of requests) {
    if (verdicts.length === GROUP_COMMANDS_MAX || bytes >= GROUP_BYTES_MAX) break;
    const decision = decide(layer, request.command);
    if (decision.kind !== 'event') {
      verdicts.push({ ...decision, request });
      continue;
    }
    const { event } = decision;
    const revision = layer.revision + 1;
    const place = { stream: base.stream, revision, previousHash };
    const { hash, ...encoded } = encode(event, place, request.causation);
    evolve(layer, event);
    events.push(encoded);
    verdicts.push({ kind: 'event', request, event, revision, id: encoded.id });
    previousHash = hash;
    bytes += Buffer.byteLength(JSON.stringify(encoded));
  }
  return { verdicts, events, layer, hash: previousHash, rest: requests.slice(verdicts.length) };
}
