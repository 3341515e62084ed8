// The ledger against the books of a child: random histories of every command, each decided by both. What
// they answer and what they come to must be the same after every command; a longer run looks at more of
// them: DAYBOOK_MODEL_RUNS=100000. fast-check prints the seed of a history that fails, and shrinks it.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { type LedgerCommand, decide, differences } from '../../src/domain/ledger/decide.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { evolve } from '../../src/domain/ledger/evolve.js';
import { transferToRecall } from '../../src/domain/ledger/recall.js';
import {
  type LedgerState,
  type SettledState,
  emptyLedger,
  layerOver,
  settle,
} from '../../src/domain/ledger/state.js';
import { transferFrom } from '../../src/domain/ledger/transfer.js';
import { type Answer } from './answer.js';
import { type Books, NO_BOOKS, stateOf } from './books.js';
import { histories, opening } from './histories.js';
import { accountsOf, expectInvariants, expectSoundTransfers } from './invariants.js';
import { step } from './step.js';
import { answerOf, booksTold, ledgerTold } from './told.js';
import { START, hoursAfter } from './world.js';

const RUNS = Number(process.env['DAYBOOK_MODEL_RUNS'] ?? 500);
const TURNS_MAX = 40;

/** The ledger as the writer keeps it: a settled state, and a layer for the group being decided. */
class Ledger {
  readonly events: LedgerEvent[] = [];
  readonly settled: SettledState = emptyLedger();
  private layer = layerOver(this.settled);
  private group: { readonly command: LedgerCommand; readonly decision: string }[] = [];

  get state(): LedgerState {
    return this.layer;
  }

  submit(command: LedgerCommand): Answer {
    this.recall(command);
    const decision = decide(this.layer, command);
    this.group.push({ command, decision: JSON.stringify(decision) });
    if (decision.kind === 'event') {
      evolve(this.layer, decision.event);
      this.events.push(decision.event);
    }
    if (decision.kind !== 'decided') return answerOf(decision);
    const event = this.events[decision.revision];
    if (!event) throw new Error(`nothing happened at ${decision.revision}`);
    const { revision } = decision;
    return {
      kind: 'decided',
      revision,
      same: differences(this.layer, event, command).length === 0,
    };
  }

  /** The store took the group. */
  store(): void {
    settle(this.layer, this.settled);
    this.begin();
  }

  /** The store did not: the settled state is as it was, and all of it is decided again. */
  lose(): void {
    const group = this.group;
    this.events.length = this.settled.revision + 1;
    this.begin();
    for (const { command, decision } of group) {
      this.submit(command);
      expectSame(this.group.at(-1)?.decision, decision);
    }
  }

  private begin(): void {
    this.layer = layerOver(this.settled);
    this.group = [];
  }

  /** What the command acts on, if only the log knows it: as it was before the group. */
  private recall(command: LedgerCommand): void {
    const recall = transferToRecall(this.settled, command);
    const decided = recall && this.events[recall.decidedAt];
    if (!decided || this.layer.transfers.get(recall.id)) return;
    const lastAct = recall.actedAt === undefined ? undefined : this.events[recall.actedAt];
    const transfer = transferFrom(recall.id, decided, lastAct);
    if (transfer) this.layer.transfers.set(transfer.id, transfer);
  }
}

/** `toEqual` alone takes most of the time of a run. */
function expectSame(one: unknown, other: unknown): void {
  if (!isDeepStrictEqual(one, other)) expect(one).toStrictEqual(other);
}

/** Folded from its events alone, as they are stored, the ledger is what it was. */
function expectSameWhenFoldedAgain({ events, settled }: Ledger, books: Books): void {
  const stored = JSON.parse(JSON.stringify(events)) as LedgerEvent[];
  expectSame(stored, events);
  const folded = emptyLedger();
  for (const event of stored) evolve(folded, event);
  const expected = booksTold(books);
  const pending = books.transfers.filter((transfer) => stateOf(transfer) === 'pending');
  const [first = null] = pending.flatMap(({ expiresAt }) => expiresAt ?? []).sort();
  for (const state of [folded, settled]) {
    expectSame(ledgerTold(state, books), expected);
    const kept = [...state.transfers.values()].map(({ id }) => id);
    expectSame(kept.sort(), pending.map(({ id }) => id).sort());
    const noneBefore = first === null || (state.nextExpiry !== null && state.nextExpiry <= first);
    expectSame(noneBefore, true);
  }
  const actedAt = ({ actedAt: at }: LedgerState) => books.transfers.map(({ id }) => at.get(id));
  expectSame(actedAt(folded), actedAt(settled));
}

it(`the ledger and the books agree on ${RUNS} histories`, () => {
  fc.assert(
    fc.property(histories(TURNS_MAX), ({ rules, turns }) => {
      const ledger = new Ledger();
      const past: LedgerCommand[] = [];
      let books: Books = NO_BOOKS;
      const submit = (command: LedgerCommand) => {
        past.push(command);
        const addresses = books.accounts.map(({ address }) => address);
        const before = accountsOf(ledger.state, addresses);
        const answered = ledger.submit(command);
        const [expected, after] = step(books, command);
        const said = `${past.length - 1}. ${JSON.stringify(command)}`;
        expectSame({ said, ...answered }, { said, ...expected });
        const moved = answered.kind === 'event' && !answered.refused;
        if (moved) expectSame(ledgerTold(ledger.state, after), booksTold(after));
        expectInvariants(before, accountsOf(ledger.state, addresses), answered);
        expectSoundTransfers(
          ledger.state,
          after.transfers.map(({ id }) => id),
        );
        books = after;
      };
      for (const command of opening(rules)) submit(command);
      let now = START;
      for (const { hours, move, ends } of turns) {
        now = hoursAfter(now, hours);
        submit(move({ books, past, now }));
        if (ends === 'lost group') ledger.lose();
        if (ends !== 'nothing') ledger.store();
      }
      ledger.store();
      expectSameWhenFoldedAgain(ledger, books);
    }),
    { numRuns: RUNS },
  );
});
