// What the books do not take: events that say something else than what the log adds up to.
import { InvariantViolation } from '../../src/domain/errors.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { type LegShare } from '../../src/domain/ledger/transfer-events.js';
import { given } from '../../test/support/bookings.js';
import { everyKindOfEvent, happening } from '../../test/support/every-kind.js';

const HISTORY = everyKindOfEvent('shop');

function at(idOrType: string) {
  const { event, before } = happening(HISTORY, idOrType);
  return { event, before: given(...before) };
}

describe('booking is refused, and leaves the books as they were, when', () => {
  type Data = Record<string, unknown>;
  const balancesOff = ({ balances }: Data, field: string, value: unknown) => ({
    balances: (balances as object[]).map((balance, index) =>
      index === 0 ? { ...balance, [field]: value } : balance,
    ),
  });
  const shares = (data: Data, field: string, change: Partial<LegShare>) => ({
    [field]: (data[field] as LegShare[]).map((share) => ({ ...share, ...change })),
  });
  const totalsOff = ({ totals: legs }: Data, which: string) => ({
    totals: (legs as Data[]).map((leg, index) => (index === 0 ? { ...leg, [which]: '1.23' } : leg)),
  });
  const HELD = [
    'order',
    'order-1',
    'order-2',
    'order-void',
    'TransferExpired',
    'batch',
    'order-back',
  ];

  const cases: [what: string, id: string, change: (data: Data) => object, message: RegExp][] = [
    ...HELD.flatMap((id): typeof cases => [
      ['a balance is another one', id, (data) => balancesOff(data, 'balance', '7.77'), /records/],
      ['less is available', id, (data) => balancesOff(data, 'available', '-1.00'), /records/],
      ['a version is skipped', id, (data) => balancesOff(data, 'version', 99), /at version 99/],
      [
        'a balance is missing',
        id,
        ({ balances }) => ({ balances: (balances as []).slice(1) }),
        /every account/,
      ],
    ]),
    [
      'more is captured than held',
      'order-1',
      (d) => shares(d, 'legs', { amount: '25.01' }),
      /hold/,
    ],
    [
      'more is captured of a leg',
      'order-1',
      (d) => shares(d, 'legs', { amount: '8.01' }),
      /records/,
    ],
    ['what moves is less', 'order-2', (data) => ({ ...data, legs: [] }), /records/],
    ['another leg is captured', 'order-1', (d) => shares(d, 'legs', { leg: 1 }), /another one/],
    ['a leg is that there is not', 'order-1', (d) => shares(d, 'legs', { leg: 3 }), /another one/],
    ['nothing is there to capture', 'order-1', () => ({ transfer: 'deposit' }), /another one|left/],
    [
      'what is captured is not there',
      'order-1',
      () => ({ transfer: 'never' }),
      /no transfer never/,
    ],
    [
      'what is voided is not there',
      'order-void',
      () => ({ transfer: 'never' }),
      /no transfer never/,
    ],
    ['totals of a capture are off', 'order-1', (data) => totalsOff(data, 'held'), /other totals/],
    ['totals of a void are off', 'order-void', (data) => totalsOff(data, 'posted'), /other totals/],
    ['totals of a reversal are off', 'order-back', (d) => totalsOff(d, 'reversed'), /other totals/],
    ['totals are missing', 'order-back', () => ({ totals: [] }), /other totals/],
    [
      'what is reversed is another leg',
      'order-back',
      (data) => ({ reverses: { ...(data['reverses'] as object), legs: [1] } }),
      /another one/,
    ],
    [
      'what is reversed was never posted',
      'deposit-back',
      (data) => ({ reverses: { ...(data['reverses'] as object), transfer: 'never' } }),
      /no transfer never/,
    ],
  ];
  it.each(cases)('%s (%s)', (_what, id, change, message) => {
    const { event, before } = at(id);
    const data = { ...event.data, ...change({ ...event.data }) };
    const books = () => [before.books.ledgers, before.books.accounts, before.books.transfers];
    const kept = books().map((part) => [...part]);
    const attempt = () => before.then({ ...event, data } as LedgerEvent);
    expect(attempt).toThrow(InvariantViolation);
    expect(attempt).toThrow(message);
    expect(books().map((part) => [...part])).toEqual(kept);
    before.then(event);
  });

  it('the same act comes again', () => {
    for (const id of ['order-1', 'order-back', 'dropped-void', 'TransferExpired']) {
      const { event, before } = at(id);
      const { ledger } = before.then(event);
      expect(() => before.then(event, ledger.revision + 1)).toThrow(InvariantViolation);
    }
  });

  it('what expires still holds something', () => {
    const { event, before } = at('dropped-void');
    if (event.type !== 'TransferVoided') throw new Error(event.type);
    const { transfer, recordedAt, released, totals, balances } = event.data;
    const part = released.map((share) => ({ ...share, amount: '3.00' }));
    const expired: LedgerEvent = {
      type: 'TransferExpired',
      data: {
        ...{ transfer, recordedAt, expiresAt: recordedAt, released: part },
        totals: totals.map((leg) => ({ ...leg, held: '4.00' })),
        balances: balances.map((balance) =>
          balance.account === 'ann' ? { ...balance, available: '81.00' } : balance,
        ),
      },
    };
    expect(() => before.then(expired)).toThrow(/not all that it holds is released/);
  });
});
