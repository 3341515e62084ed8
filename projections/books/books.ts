// Adds events up to balances, independently of the write side, and checks each against what the
// event recorded: two ways to the same number. Holds only the part of the books that is needed.
import { type LedgerOpened } from '../../src/domain/ledger/events.js';
import {
  type BatchPosted,
  type Leg,
  type TransferCaptured,
  type TransferExpired,
  type TransferHeld,
  type TransferPosted,
  type TransferVoided,
} from '../../src/domain/ledger/transfer-events.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { changedAccount, openedAccount, placeOf } from './account-books.js';
import { type Booking, type LedgerBook } from './booking.js';
import { type Shift, type Touching, checkBalances, shift } from './shifts.js';
import { type Books, keyIn } from './touched.js';
import { actedOn, decidedTransfer, transferActedOn } from './transfer-books.js';
import { missingEvents, violation } from './violation.js';

/**
 * Books one event. Throws InvariantViolation, and leaves the books as they were, when the event cannot
 * follow from what went before: a gap, an unknown account, a balance that the sums do not give.
 */
export function book(books: Books, recorded: RecordedEvent): Booking {
  const booking = bookingOf(books, recorded);
  const { ledger, accounts, decided } = booking;
  books.ledgers.set(ledger.id, ledger);
  for (const account of accounts) books.accounts.set(keyIn(ledger.id, account.address), account);
  for (const transfer of [...decided, booking.actedOn]) {
    if (transfer) books.transfers.set(keyIn(ledger.id, transfer.request.id), transfer);
  }
  return booking;
}

function bookingOf(books: Books, recorded: RecordedEvent): Booking {
  const { event } = recorded;
  const nothing = { recorded, accounts: [], decided: [], actedOn: undefined, movements: [] };
  if (event.type === 'LedgerOpened') {
    return { ...nothing, ledger: openedLedger(books, recorded, event.data) };
  }
  const ledger = nextRevision(books, recorded);
  const unmoved = { ...nothing, ledger };
  switch (event.type) {
    case 'PeriodClosed':
      return { ...unmoved, ledger: { ...ledger, closedThrough: event.data.through } };
    case 'PeriodReopened':
      return { ...unmoved, ledger: { ...ledger, closedThrough: event.data.closedThrough } };
    case 'AccountOpened':
      return { ...unmoved, accounts: [openedAccount(books, ledger, recorded, event.data)] };
    case 'AccountChanged':
    case 'AccountFrozen':
    case 'AccountUnfrozen':
    case 'AccountClosed':
      return { ...unmoved, accounts: [changedAccount(books, recorded, event)] };
    case 'TransferPosted':
    case 'TransferHeld':
      return { ...unmoved, ...bookTransfer(touching(books, recorded), event) };
    case 'TransferCaptured':
    case 'TransferVoided':
    case 'TransferExpired':
      return { ...unmoved, ...bookAct(touching(books, recorded), event) };
    case 'BatchPosted':
      return { ...unmoved, ...bookBatch(touching(books, recorded), event.data) };
    case 'TransferRefused': {
      const outcome = { state: 'refused', refusal: event.data.refusal } as const;
      return { ...unmoved, decided: [decidedTransfer(recorded, event.data, outcome)] };
    }
    case 'CaptureRefused':
    case 'VoidRefused':
    case 'BatchRefused':
      return unmoved;
    default:
      throw violation(recorded, `its type is not known: ${JSON.stringify(event satisfies never)}`);
  }
}

function openedLedger(
  books: Books,
  recorded: RecordedEvent,
  { ledger: id, name, assets, rules, recordedAt }: LedgerOpened['data'],
): LedgerBook {
  if (id !== recorded.ledger) throw violation(recorded, `it opens another ledger, "${id}"`);
  if (books.ledgers.has(id)) throw violation(recorded, 'the ledger is open already');
  if (recorded.revision !== 0) throw missingEvents(recorded, 'events before it are missing');
  const place = placeOf(recorded);
  return { id, name, assets, rules, closedThrough: null, openedAt: recordedAt, ...place };
}

function nextRevision(books: Books, recorded: RecordedEvent): LedgerBook {
  const ledger = books.ledgers.get(recorded.ledger);
  const last = ledger?.revision ?? -1;
  if (!ledger || recorded.revision !== last + 1) {
    throw missingEvents(recorded, `it does not follow revision ${last}, the last one applied`);
  }
  return { ...ledger, ...placeOf(recorded) };
}

/** What an event about money adds to a booking. */
type Moved = Pick<Booking, 'accounts' | 'movements'> &
  Partial<Pick<Booking, 'decided' | 'actedOn'>>;

function touching(books: Books, recorded: RecordedEvent): Touching {
  return { books, recorded, touched: new Map() };
}

function bookTransfer(at: Touching, { type, data }: TransferPosted | TransferHeld): Moved {
  const state = type === 'TransferHeld' ? 'pending' : 'posted';
  const movements = shift(at, shiftsOf(data.legs, state === 'pending' ? 'hold' : 'post'), {
    ...{ transferId: data.id, batchIndex: 0 },
    ...{ effectiveAt: data.effectiveAt, description: data.description },
  });
  checkBalances(at, data.balances);
  const decided = [decidedTransfer(at.recorded, data, { state })];
  const moved = { accounts: [...at.touched.values()], movements, decided };
  return type === 'TransferPosted' && data.reverses
    ? { ...moved, actedOn: turnedBack(at, data, data.reverses) }
    : moved;
}

function turnedBack(
  at: Touching,
  { legs, totals = [] }: TransferPosted['data'],
  { transfer, legs: numbers }: NonNullable<TransferPosted['data']['reverses']>,
) {
  const takings = legs.map((leg, index) => ({
    ...{ number: numbers[index] ?? -1, leg, effect: 'reverse' as const },
  }));
  return actedOn(at, transferActedOn(at.books, at.recorded, transfer), takings, totals);
}

function bookAct(
  at: Touching,
  { type, data }: TransferCaptured | TransferVoided | TransferExpired,
): Moved {
  const transfer = transferActedOn(at.books, at.recorded, data.transfer);
  const captured = type === 'TransferCaptured' ? data : undefined;
  const shifts = [
    ...(captured?.legs ?? []).map((leg) => ({ number: leg.leg, leg, effect: 'capture' as const })),
    ...data.released.map((leg) => ({ number: leg.leg, leg, effect: 'release' as const })),
  ];
  const { effectiveAt = data.recordedAt, description = null } = captured ?? {};
  const entry = { transferId: data.transfer, batchIndex: 0, effectiveAt, description };
  const movements = shift(at, shifts, entry);
  checkBalances(at, data.balances);
  const after = actedOn(at, transfer, shifts, data.totals);
  if (type === 'TransferExpired' && after.state === 'pending') {
    throw violation(at.recorded, `${data.transfer} expires, but not all that it holds is released`);
  }
  return { accounts: [...at.touched.values()], movements, actedOn: after };
}

function bookBatch(at: Touching, { id, transfers, balances }: BatchPosted['data']): Moved {
  const booked = transfers.map((request, index) => {
    const state = request.pending ? 'pending' : 'posted';
    const { id: transferId, effectiveAt, description } = request;
    const shifts = shiftsOf(request.legs, state === 'pending' ? 'hold' : 'post');
    const entry = { transferId, batchIndex: index, effectiveAt, description };
    return {
      movements: shift(at, shifts, entry),
      decided: decidedTransfer(at.recorded, request, { state, batch: { id, index } }),
    };
  });
  checkBalances(at, balances);
  return {
    accounts: [...at.touched.values()],
    movements: booked.flatMap(({ movements }) => movements),
    decided: booked.map(({ decided }) => decided),
  };
}

function shiftsOf(legs: readonly Leg[], effect: Shift['effect']): Shift[] {
  return legs.map((leg, number) => ({ number, leg, effect }));
}
