// The ledgers of a bench in Daybook's log: opened there directly, in groups, and read back from it.
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { NO_RULES } from '../../src/domain/ledger/open-ledger.js';
import { toMinorUnits } from '../../src/domain/money.js';
import { decode } from '../../src/event-store/codec.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { addressAt, pairsOf } from '../load/account-choice.js';
import { BEFORE, type Booked, type Books } from './contender.js';
import { LedgerLogWriter, groupsOf } from './ledger-log-writer.js';

const CURRENCY = 'EUR';
const SCALE = 2;

/** Opens a ledger, and fills it with transfers where there are to be some before it is measured. */
export async function openInLog(
  store: EventStore,
  ledger: string,
  books: Books,
  transfersBefore: number,
): Promise<void> {
  const writer = new LedgerLogWriter(store, ledger);
  const commands = commandsOf(ledger, books, transfersBefore);
  for (const group of groupsOf(commands)) await writer.append(group);
}

function* commandsOf(
  ledger: string,
  books: Books,
  transfersBefore: number,
): Generator<LedgerCommand> {
  yield* openingOf(ledger, books);
  const pair = pairsOf(books.spread);
  for (let n = 0; n < transfersBefore; n += 1) yield transferBefore(n, pair());
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
