// Deciding commands that will be appended together. Each is decided on what the ones before it leave,
// in a layer over the state: until the store has taken the events, nothing has happened.
import { type Rejection } from '../../domain/errors.js';
import { type LedgerCommand, decide } from '../../domain/ledger/decide.js';
import { type LedgerEvent } from '../../domain/ledger/events.js';
import { evolve } from '../../domain/ledger/evolve.js';
import { type LedgerLayer, type LedgerState, layerOver } from '../../domain/ledger/state.js';
import { type Transfer } from '../../domain/ledger/transfer.js';
import { type Causation, encode } from '../../event-store/codec.js';
import { type NewEvent } from '../../event-store/event-store.js';

/** Commands decided together at most. */
export const GROUP_COMMANDS_MAX = 500;
/** Bytes in UTF-8 that the events of a group may have; a store takes 1 MiB in one append. */
export const APPEND_BYTES_MAX = 1_000_000;

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
}

/** `recalled`: the transfers that the requests act on and the state does not hold. */
export function decideGroup<R extends Request>(
  base: {
    readonly stream: string;
    readonly state: LedgerState;
    readonly hash: string;
    readonly writer?: string;
  },
  requests: readonly R[],
  recalled: readonly Transfer[] = [],
): Group<R> {
  const layer = layerOver(base.state);
  for (const transfer of recalled) layer.transfers.set(transfer.id, transfer);
  const verdicts: Verdict<R>[] = [];
  const events: NewEvent[] = [];
  let previousHash = base.hash;
  let bytes = 0;
  for (const request of requests) {
    if (verdicts.length === GROUP_COMMANDS_MAX) break;
    const decision = decide(layer, request.command);
    if (decision.kind !== 'event') {
      verdicts.push({ ...decision, request });
      continue;
    }
    const { event } = decision;
    const revision = layer.revision + 1;
    const place = { stream: base.stream, revision, previousHash, writer: base.writer };
    const { hash, ...encoded } = encode(event, place, request.causation);
    const { data, metadata } = encoded.json;
    const size = Buffer.byteLength(data) + Buffer.byteLength(metadata);
    if (events.length > 0 && bytes + size > APPEND_BYTES_MAX) break;
    bytes += size;
    evolve(layer, event);
    events.push(encoded);
    verdicts.push({ kind: 'event', request, event, revision, id: encoded.id });
    previousHash = hash;
  }
  return { verdicts, events, layer, hash: previousHash };
}
