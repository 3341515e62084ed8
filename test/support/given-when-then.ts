// Domain rules as sentences: given what happened, when a command comes, then this happens (or is turned
// away). `then` also folds the new event, so that every spec checks `evolve` along with `decide`.
import { decide, differences, type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { evolve } from '../../src/domain/ledger/evolve.js';
import { transferToRecall } from '../../src/domain/ledger/recall.js';
import { transferFrom } from '../../src/domain/ledger/transfer.js';
import {
  type LedgerLayer,
  type LedgerState,
  type SettledState,
  emptyLedger,
  layerOver,
  settle,
} from '../../src/domain/ledger/state.js';
import { type AccountSeen, type RejectionCode } from '../../src/domain/errors.js';

export function given(...history: readonly LedgerEvent[]) {
  const settled = fold(history);
  return {
    when(command: LedgerCommand) {
      const state = recalling(settled, history, command);
      const decision = decide(state, command);
      return {
        decision,
        /** The command leads to exactly this event, which can be folded. */
        then(expected: LedgerEvent): void {
          expect(decision).toEqual({ kind: 'event', event: expected });
          evolve(layerOver(state), expected);
        },
        /** The command leads to an event of which these parts matter here. */
        thenEvent(type: LedgerEvent['type'], data: object): void {
          expect(decision).toMatchObject({ kind: 'event', event: { type, data } });
          if (decision.kind === 'event') evolve(layerOver(state), decision.event);
        },
        /** Nothing is recorded; the code, and the fields that have to change, are told. */
        thenRejected(code: RejectionCode, ...fields: readonly string[]): void {
          if (decision.kind !== 'rejected') throw new Error(`got ${JSON.stringify(decision)}`);
          expect(decision.rejection.code).toBe(code);
          expect(decision.rejection.fields.map(({ field }) => field)).toEqual(fields);
        },
        /** What is asked for is so already; nothing is recorded. */
        thenUnchanged(): void {
          expect(decision).toEqual({ kind: 'unchanged' });
        },
        /** Nothing is recorded, for what the account is at present: these parts of it are told. */
        thenRejectedFor(code: RejectionCode, seen: Partial<AccountSeen>): void {
          const evidence = { revision: state.revision, accounts: [seen] };
          expect(decision).toMatchObject({ kind: 'rejected', rejection: { code, evidence } });
        },
        /** The same was decided before, by the event at this revision. */
        thenDecidedAt(revision: number, differing: readonly string[] = []): void {
          expect(decision).toEqual({ kind: 'decided', revision });
          const event = history[revision];
          if (!event) throw new Error(`the history has no revision ${revision}`);
          expect(differences(state, event, command)).toEqual(differing);
        },
      };
    },
  };
}

/** The state with the transfer that the command acts on, as the ledger writer would read it again. */
export function recalling(
  state: LedgerState,
  history: readonly LedgerEvent[],
  command: LedgerCommand,
): LedgerLayer {
  const layer = layerOver(state);
  const recall = transferToRecall(state, command);
  const decided = recall && history[recall.decidedAt];
  if (!decided) return layer;
  const lastAct = recall.actedAt === undefined ? undefined : history[recall.actedAt];
  const transfer = transferFrom(recall.id, decided, lastAct);
  if (transfer) layer.transfers.set(transfer.id, transfer);
  return layer;
}

/** A history, and what these commands add to it, each of which leads to an event. */
export function after(
  history: readonly LedgerEvent[],
  ...commands: readonly LedgerCommand[]
): LedgerEvent[] {
  const events = [...history];
  const state = fold(events);
  for (const command of commands) {
    const layer = recalling(state, events, command);
    const decision = decide(layer, command);
    if (decision.kind !== 'event') throw new Error(`got ${JSON.stringify(decision)}`);
    evolve(layer, decision.event);
    settle(layer, state);
    events.push(decision.event);
  }
  return events;
}

export function fold(history: readonly LedgerEvent[]): SettledState {
  const state = emptyLedger();
  for (const event of history) evolve(state, event);
  return state;
}
