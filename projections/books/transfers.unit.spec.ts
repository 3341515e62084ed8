// How the books follow transfers that are held, captured, released, turned back and made in batches.
import { formatAmount } from '../../src/domain/money.js';
import { given, recorded } from '../../test/support/bookings.js';
import { everyKindOfEvent, happening } from '../../test/support/every-kind.js';
import { fold } from '../../test/support/given-when-then.js';
import { accountEvents } from '../../test/support/ledger-factories.js';
import { type Booking } from './booking.js';
import { addressesTouched, transferTouched } from './touched.js';

const HISTORY = everyKindOfEvent('shop');

function booked(idOrType: string): Booking {
  const { event, before } = happening(HISTORY, idOrType);
  return given(...before).then(event);
}

/** `debits/credits` posted, then pending, at a version. */
function sums({ accounts }: Booking): string[] {
  return accounts.map(({ address, version, posted, pending, scale }) => {
    const written = (units: bigint) => formatAmount(units, scale);
    const line = [posted, pending].map((sum) => `${written(sum.debits)}/${written(sum.credits)}`);
    return `${address} v${version}: ${line.join(', ')} pending`;
  });
}

const entries = ({ movements }: Booking) =>
  movements.map(
    ({ transferId, batchIndex, leg, side, account, amount, balance }) =>
      `${transferId}[${batchIndex}].${leg} ${side} ${account} ${amount} = ${balance}`,
  );
const totals = ({ totals: legs = [] }: Partial<NonNullable<Booking['actedOn']>>) =>
  legs.map(({ held, posted, reversed }) => `${held} ${posted} ${reversed}`);

describe('booking what is held', () => {
  it('adds to what is pending, and moves nothing', () => {
    const booking = booked('order');
    expect(sums(booking)).toEqual([
      'ann v3: 0.00/100.00, 25.00/0.00 pending',
      'bob v2: 0.00/0.00, 0.00/21.00 pending',
      'cash v3: 100.00/0.00, 1.00/5.00 pending',
    ]);
    expect(entries(booking)).toEqual([]);
    const [order] = booking.decided;
    expect([order?.state, order?.batch]).toEqual(['pending', null]);
    expect(totals(order ?? {})).toEqual(['20.00 0.00 0.00', '5.00 0.00 0.00', '1.00 0.00 0.00']);
  });

  it('moves what is captured, as entries of the transfer, and keeps the rest', () => {
    const booking = booked('order-1');
    expect(sums(booking)).toEqual([
      'ann v4: 8.00/100.00, 17.00/0.00 pending',
      'bob v3: 0.00/8.00, 0.00/13.00 pending',
    ]);
    expect(entries(booking)).toEqual([
      'order[0].0 debit ann 8.00 = 92.00',
      'order[0].0 credit bob 8.00 = 8.00',
    ]);
    expect(booking.decided).toEqual([]);
    expect(booking.actedOn?.state).toBe('pending');
    expect(totals(booking.actedOn ?? {})[0]).toBe('12.00 8.00 0.00');
  });

  it('releases what a final capture leaves, each account at one version more', () => {
    const booking = booked('order-2');
    expect(sums(booking)).toEqual([
      'ann v7: 18.00/103.00, 0.00/0.00 pending',
      'bob v5: 3.00/18.00, 0.00/0.00 pending',
      'cash v5: 100.00/0.00, 0.00/0.00 pending',
    ]);
    expect(booking.actedOn?.state).toBe('posted');
    expect(totals(booking.actedOn ?? {})).toEqual([
      '0.00 18.00 3.00',
      '0.00 0.00 0.00',
      '0.00 0.00 0.00',
    ]);
  });

  it('releases what is voided, in part and wholly', () => {
    const part = booked('order-void');
    expect(sums(part)).toEqual([
      'ann v6: 8.00/103.00, 12.00/0.00 pending',
      'cash v4: 100.00/0.00, 1.00/0.00 pending',
    ]);
    expect([part.actedOn?.state, entries(part)]).toEqual(['pending', []]);
    expect(booked('dropped-void').actedOn?.state).toBe('voided');
  });

  it('releases what expires', () => {
    const booking = booked('TransferExpired');
    expect([booking.actedOn?.request.id, booking.actedOn?.state]).toEqual(['late', 'expired']);
    expect(totals(booking.actedOn ?? {})).toEqual(['0.00 0.00 0.00']);
  });
});

describe('booking a reversal', () => {
  it('posts it, and counts it on the transfer that it turns back, while that one is pending', () => {
    const booking = booked('order-back');
    expect(entries(booking)).toEqual([
      'order-back[0].0 debit bob 3.00 = 5.00',
      'order-back[0].0 credit ann 3.00 = 95.00',
    ]);
    expect(booking.decided.map(({ request, state }) => [request.id, state])).toEqual([
      ['order-back', 'posted'],
    ]);
    expect([booking.actedOn?.request.id, booking.actedOn?.state]).toEqual(['order', 'pending']);
    expect(totals(booking.actedOn ?? {})[0]).toBe('12.00 8.00 3.00');
  });
});

describe('booking a batch', () => {
  it('raises the version of each account by every transfer that touches it', () => {
    const { event, before } = happening(HISTORY, 'batch');
    const books = given(...before);
    const version = books.books.accounts.get('shop/ann')?.version ?? 0;
    const booking = books.then(event);
    expect(booking.accounts.map(({ address, version: now }) => [address, now])).toEqual([
      ['cash', 8],
      ['ann', version + 3],
      ['bob', 13],
    ]);
    expect(booking.decided.map(({ request, state, batch }) => [request.id, state, batch])).toEqual([
      ['batch-0', 'posted', { id: 'batch', index: 0 }],
      ['batch-1', 'pending', { id: 'batch', index: 1 }],
      ['batch-2', 'posted', { id: 'batch', index: 2 }],
    ]);
    expect(entries(booking).map((line) => line.split(' = ', 1)[0])).toEqual([
      'batch-0[0].0 debit cash 2.00',
      'batch-0[0].0 credit ann 2.00',
      'batch-0[0].1 debit ann 1.00',
      'batch-0[0].1 credit bob 1.00',
      'batch-2[2].0 debit ann 0.50',
      'batch-2[2].0 credit bob 0.50',
      'batch-2[2].1 debit bob 0.25',
      'batch-2[2].1 credit cash 0.25',
    ]);
  });
});

describe('booking what moves no money', () => {
  it('knows up to when the ledger is closed', () => {
    expect(booked('PeriodClosed').ledger.closedThrough).toBe('2026-02-28');
    expect(booked('PeriodReopened').ledger.closedThrough).toBe('2026-01-31');
  });

  it.each(['too-late', 'void-late', 'no-batch'])('passes over the refused %s', (id) => {
    const { accounts, decided, movements, actedOn } = booked(id);
    expect([accounts, decided, movements, actedOn]).toEqual([[], [], [], undefined]);
  });

  it('keeps refused transfers with nothing in their totals', () => {
    const [refused] = booked('too-much').decided;
    expect([refused?.state, refused?.refusal?.code]).toEqual(['refused', 'INSUFFICIENT_FUNDS']);
    expect(totals(refused ?? {})).toEqual(['0.00 0.00 0.00']);
  });

  it('does not close an account that holds something', () => {
    const { before } = happening(HISTORY, 'order-1');
    expect(() => given(...before).then(accountEvents('bob').closed(3))).toThrow(/bob has holds/);
  });
});

it('comes to what the write side folds, after every event', () => {
  expect(new Set(HISTORY.map(({ type }) => type)).size).toBe(18);
  HISTORY.forEach((_event, index) => {
    const soFar = HISTORY.slice(0, index + 1);
    const { books } = given(...soFar);
    const state = fold(soFar);
    for (const { address, version, posted, pending, status } of books.accounts.values()) {
      const account = state.accounts.get(address);
      expect({ version, posted, pending, status }).toEqual({
        ...{ version: account?.version, posted: account?.posted, pending: account?.pending },
        status: account?.status,
      });
    }
    for (const transfer of books.transfers.values()) {
      const kept = state.transfers.get(transfer.request.id);
      if (kept) expect([transfer.state, transfer.totals]).toEqual([kept.state, kept.totals]);
      else expect(transfer.state).not.toBe('pending');
    }
  });
});

it('names the accounts and the transfer that an event touches', () => {
  const touched = (idOrType: string) => {
    const event = recorded(happening(HISTORY, idOrType).event, 0);
    return [[...new Set(addressesTouched(event))], transferTouched(event)];
  };
  expect(touched('order')).toEqual([['ann', 'bob', 'cash'], undefined]);
  expect(touched('order-2')).toEqual([['ann', 'bob', 'cash'], 'order']);
  expect(touched('order-void')).toEqual([['ann', 'cash'], 'order']);
  expect(touched('TransferExpired')).toEqual([['ann', 'bob'], 'late']);
  expect(touched('deposit-back')).toEqual([['ann', 'cash'], 'deposit']);
  expect(touched('batch')).toEqual([['cash', 'ann', 'bob'], undefined]);
  expect(touched('too-late')).toEqual([[], undefined]);
  expect(touched('PeriodClosed')).toEqual([[], undefined]);
});
