// A decision as it was made: the event, and the state that it was decided on, folded anew from the log and
// apart from the state that commands are decided on.
import { randomInt } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InvariantViolation } from '../../domain/errors.js';
import { type LedgerEvent } from '../../domain/ledger/events.js';
import { evolve } from '../../domain/ledger/evolve.js';
import { type DecidedEvent, commandOf, isDecided } from '../../domain/ledger/recorded-command.js';
import { type Recall, transferToRecall } from '../../domain/ledger/recall.js';
import { type LedgerState, emptyLedger, layerOver } from '../../domain/ledger/state.js';
import { transferFrom } from '../../domain/ledger/transfer.js';
import { decode } from '../../event-store/codec.js';
import { type EventStore, EventStoreUnavailable } from '../../event-store/event-store.js';
import { ledgerStream } from '../../event-store/stream-names.js';

/** How long events may be folded without letting commands and questions have their turn. */
const FOLD_SLICE_MS = 5;
const WORD = 2 ** 32;

/** The ledger is too long to be folded in the time there is. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

export interface DecisionPlace {
  readonly ledger: string;
  /** Of an event that decided an id. */
  readonly revision: number;
  /** When to give up, by `performance.now()`. */
  readonly deadline: number;
}

export interface RecordedDecision {
  readonly event: DecidedEvent;
  /** The state before the event, with the transfer that it acted on. */
  readonly state: LedgerState;
}

/** Throws TooLong, EventStoreUnavailable; InvariantViolation when the log is damaged. */
export async function recordedDecision(
  store: EventStore,
  place: DecisionPlace,
): Promise<RecordedDecision> {
  const state = await stateBefore(store, place);
  const event = await eventAt(store, place.ledger, place.revision);
  if (!isDecided(event)) {
    throw new InvariantViolation(`${place.ledger}@${place.revision} decided no id`);
  }
  const recall = transferToRecall(state, commandOf(event));
  return { event, state: recall ? await recalled(store, place.ledger, state, recall) : state };
}

async function stateBefore(
  store: EventStore,
  { ledger, revision, deadline }: DecisionPlace,
): Promise<LedgerState> {
  const state = emptyLedger([randomInt(WORD), randomInt(WORD)]);
  const all = { from: 0, limit: revision };
  let sliceEndsAt = 0;
  for await (const stored of store.readStream(ledgerStream(ledger), all)) {
    if (stored.revision !== state.revision + 1) {
      throw new InvariantViolation(`${ledger}@${state.revision + 1} is missing from the log`);
    }
    evolve(state, decode(stored).event);
    if (performance.now() < sliceEndsAt) continue;
    await nextTurn();
    if (performance.now() > deadline) throw new TooLong(`not folded beyond ${stored.revision}`);
    sliceEndsAt = performance.now() + FOLD_SLICE_MS;
  }
  return state;
}

/** The state with a transfer that it does not hold, because it was not pending any more. */
async function recalled(
  store: EventStore,
  ledger: string,
  state: LedgerState,
  { id, decidedAt, actedAt }: Recall,
): Promise<LedgerState> {
  const decided = await eventAt(store, ledger, decidedAt);
  const lastAct = actedAt === undefined ? undefined : await eventAt(store, ledger, actedAt);
  const transfer = transferFrom(id, decided, lastAct);
  const layer = layerOver(state);
  if (transfer) layer.transfers.set(id, transfer);
  return layer;
}

async function eventAt(store: EventStore, ledger: string, revision: number): Promise<LedgerEvent> {
  const one = { from: revision, limit: 1 };
  for await (const stored of store.readStream(ledgerStream(ledger), one)) {
    if (stored.revision === revision) return decode(stored).event;
  }
  throw new EventStoreUnavailable(`${ledger}@${revision} could not be read again`);
}
