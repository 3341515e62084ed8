// The ledgers of a bench in Daybook's log: opened there directly, in groups, and read back from it.
import { decideGroup } from '../../src/commands/ledger-writer/decide-group.js';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { NO_RULES } from '../../src/domain/ledger/open-ledger.js';
import { emptyLedger, settle } from '../../src/domain/ledger/state.js';
import { toMinorUnits } from '../../src/domain/money.js';
import { decode } from '../../src/event-store/codec.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { GENESIS_HASH } from '../../src/event-store/hash-chain.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { addressAt, pairsOf } from '../load/account-choice.js';
import { BEFORE, type Booked, type Books } from './contender.js';

const GROUP_COMMANDS_MAX = 500;
const CURRENCY = 'EUR';
const SCALE = 2;

const causation = {
  actor: 'bench',
  requestId: 'opening',
  correlationId: 'opening',
  causationId: 'opening',
  clientAddress: null,
};

/** Appends commands to a ledger that nobody else writes to yet, decided like any others. */
class LogWriter {
  private readonly state = emptyLedger();
  private hash = GENESIS_HASH;

  constructor(
    private readonly store: EventStore,
    private readonly ledger: string,
  ) {}

  async append(commands: readonly LedgerCommand[]): Promise<void> {
    const stream = ledgerStream(this.ledger);
    for (let from = 0; from < commands.length; from += GROUP_COMMANDS_MAX) {
      const group = commands.slice(from, from + GROUP_COMMANDS_MAX);
      const requests = group.map((command) => ({ command, causation }));
      const base = { stream, state: this.state, hash: this.hash };
      const { events, layer, hash } = decideGroup(base, requests);
      if (events.length < group.length) throw new Error('a command of the bench was not taken');
      const appended = await this.store.append(stream, this.state.revision, events);
      if (appended.kind === 'conflict') throw new Error(`somebody else writes to ${this.ledger}`);
      settle(layer, this.state);
      this.hash = hash;
    }
  }
}

/** Opens a ledger, and fills it with transfers where there are to be some before it is measured. */
export async function openInLog(
  store: EventStore,
  ledger: string,
  books: Books,
  transfersBefore: number,
): Promise<void> {
  const writer = new LogWriter(store, ledger);
  await writer.append(openingOf(ledger, books));
  const pair = pairsOf(books.spread);
  for (let from = 0; from < transfersBefore; from += GROUP_COMMANDS_MAX) {
    const length = Math.min(GROUP_COMMANDS_MAX, transfersBefore - from);
    await writer.append(Array.from({ length }, (_, n) => transferBefore(from + n, pair())));
  }
}

function transferBefore(n: number, [debit, credit]: readonly [number, number]): LedgerCommand {
  return {
    type: 'PostTransfer',
    id: `${BEFORE}${n}`,
    legs: [
      { debit: addressAt(debit), credit: addressAt(credit), amount: '1.25', currency: CURRENCY },
    ],
    ...{ effectiveAt: null, reference: null, description: null, metadata: {} },
    ...{ conditions: [], pending: null, now: new Date().toISOString() },
  };
}

function openingOf(ledger: string, { spread, overdraftLimit }: Books): LedgerCommand[] {
  const now = new Date().toISOString();
  const opened = (_: unknown, n: number): LedgerCommand => ({
    type: 'OpenAccount',
    ...{ address: addressAt(n), accountType: 'asset', currency: CURRENCY },
    ...{ overdraftLimit, balanceLimit: null, metadata: {}, now },
  });
  return [
    { type: 'OpenLedger', ledger, name: ledger, assets: [], rules: NO_RULES, now },
    ...Array.from({ length: spread.accounts }, opened),
  ];
}

/** What was posted, and what was captured of what was held. */
export async function* bookedInLog(store: EventStore, ledger: string): AsyncIterable<Booked> {
  for await (const stored of store.readStream(ledgerStream(ledger), { from: 0 })) {
    const { event, revision } = decode(stored);
    switch (event.type) {
      case 'TransferPosted':
        yield bookedOf(event.data, revision);
        break;
      case 'TransferCaptured':
        yield bookedOf({ id: event.data.transfer, legs: event.data.legs }, revision);
        break;
      case 'BatchPosted':
        for (const transfer of event.data.transfers) yield bookedOf(transfer, revision);
        break;
      default:
    }
  }
}

interface Posted {
  readonly id: string;
  readonly legs: readonly {
    readonly debit: string;
    readonly credit: string;
    readonly amount: string;
  }[];
}

function bookedOf({ id, legs: [leg] }: Posted, revision: number): Booked {
  if (leg === undefined) throw new Error(`${id} has no leg`);
  const { debit, credit, amount } = leg;
  return { id, revision, debit, credit, amount: toMinorUnits(amount, SCALE) };
}
