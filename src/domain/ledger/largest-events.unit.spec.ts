// The largest request of every kind fits into one event, however it is decided: nothing that was
// accepted can turn out to be too large to record.
import { fold } from '../../../test/support/given-when-then.js';
import {
  accountOpened,
  ledgerOpened,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import {
  captureTransfer,
  reverseTransfer,
  voidTransfer,
  exchangeMoney,
} from '../../../test/support/transfer-factories.js';
import { ADDRESS_LENGTH_MAX } from './account.js';
import { REASON_LENGTH_MAX } from './account-life.js';
import { CONDITIONS_MAX } from './conditions.js';
import { type LedgerCommand, decide } from './decide.js';
import { type LedgerEvent } from './events.js';
import { evolve } from './evolve.js';
import { RATE_SOURCE_LENGTH_MAX } from './exchange-money.js';
import {
  METADATA_KEYS_MAX,
  METADATA_KEY_LENGTH_MAX,
  METADATA_VALUE_LENGTH_MAX,
} from './metadata.js';
import { EVENT_DATA_BYTES_MAX } from './post-batch.js';
import { layerOver } from './state.js';
import { type Bounds } from './transfer-events.js';
import { DESCRIPTION_LENGTH_MAX, LEGS_MAX, REFERENCE_LENGTH_MAX } from './transfer-request.js';

// Escaped in JSON, each of these takes six bytes; nothing that a text may hold takes more.
const long = (length: number) => '\u0001'.repeat(length);
const id = (first: string) => first.padEnd(64, 'x');
const address = (index: number) =>
  `${'a'.repeat(64)}:${'b'.repeat(64)}:${'c'.repeat(64)}:`.padEnd(ADDRESS_LENGTH_MAX - 4, 'd') +
  String(index).padStart(4, '0');
const metadata = Object.fromEntries(
  Array.from({ length: METADATA_KEYS_MAX }, (_, index) => [
    long(METADATA_KEY_LENGTH_MAX - 2) + String(index).padStart(2, '0'),
    long(METADATA_VALUE_LENGTH_MAX),
  ]),
);
const told = {
  ...{ reference: long(REFERENCE_LENGTH_MAX), description: long(DESCRIPTION_LENGTH_MAX), metadata },
};
const AMOUNT = `${'9'.repeat(29)}.${'9'.repeat(18)}`;
const SUM = `-${'9'.repeat(36)}.${'9'.repeat(18)}`;

const finest = { currency: 'ABCDEFGHIJKLMNOP', overdraftLimit: null };
const books: LedgerEvent[] = [
  ledgerOpened({ assets: [{ code: finest.currency, scale: 18 }] }),
  ...Array.from({ length: 2 * LEGS_MAX }, (_, index) =>
    accountOpened(address(index), 'liability', finest),
  ),
];
const legs = Array.from({ length: LEGS_MAX }, (_, index) => ({
  ...{ debit: address(2 * index), credit: address(2 * index + 1), amount: AMOUNT },
  currency: finest.currency,
  expectedVersions: { debit: 1, credit: 1 },
}));
const unmet: Bounds = { gte: SUM.slice(1), lte: SUM, eq: SUM };
const conditions = Array.from({ length: CONDITIONS_MAX }, (_, index) => ({
  ...{ account: address(index), version: Number.MAX_SAFE_INTEGER },
  ...{ balance: unmet, available: unmet },
}));
const met = conditions.map(({ account }) => ({
  account,
  balance: { gte: SUM, lte: SUM.slice(1) },
}));
const parts = legs.map(({ amount }, leg) => ({ leg, amount }));
const reason = long(REASON_LENGTH_MAX);

function bytesOf(history: readonly LedgerEvent[], ...commands: readonly LedgerCommand[]) {
  const state = layerOver(fold(history));
  let event: LedgerEvent | undefined;
  for (const command of commands) {
    const decision = decide(state, command);
    if (decision.kind !== 'event') throw new Error(JSON.stringify(decision).slice(0, 500));
    event = decision.event;
    evolve(state, event);
  }
  return { type: event?.type, bytes: Buffer.byteLength(JSON.stringify(event?.data)) };
}

const hold = postTransfer(id('h'), legs, {
  ...told,
  conditions: met,
  pending: { expiresAt: null },
});
const post = postTransfer(id('t'), legs, { ...told, conditions: met });

describe('the largest', () => {
  it.each<[string, LedgerEvent['type'], LedgerCommand[]]>([
    ['transfer', 'TransferPosted', [post]],
    ['pending transfer', 'TransferHeld', [hold]],
    ['unmet conditions', 'TransferRefused', [{ ...post, conditions }]],
    [
      'capture',
      'TransferCaptured',
      [
        hold,
        captureTransfer(id('c'), id('h'), {
          ...told,
          parts: parts.map((part) => ({ ...part, amount: '1.000000000000000001' })),
          final: true,
        }),
      ],
    ],
    ['void', 'TransferVoided', [hold, voidTransfer(id('v'), id('h'), { parts, reason })]],
    [
      'reversal',
      'TransferPosted',
      [post, reverseTransfer(id('r'), id('t'), { ...told, parts, reason })],
    ],
  ])('%s fits into one event', (_what, type, commands) => {
    const largest = bytesOf(books, ...commands);
    expect(largest.type).toBe(type);
    expect(largest.bytes).toBeLessThan(EVENT_DATA_BYTES_MAX);
  });

  it('refusal for the rules of the accounts fits into one event', () => {
    const poor = books.map((event): LedgerEvent =>
      event.type === 'AccountOpened'
        ? accountOpened(event.data.address, 'liability', {
            ...finest,
            overdraftLimit: '0',
            balanceLimit: '0',
          })
        : event,
    );
    const [first] = legs;
    if (!first) throw new Error('there are legs');
    const postedBack = { ...first, debit: first.credit, credit: address(3) };
    const both = [...legs.slice(1), postedBack];
    expect(bytesOf(poor, { ...post, legs: both, conditions: met }).bytes).toBeLessThan(
      EVENT_DATA_BYTES_MAX,
    );
  });

  it('exchange fits into one event', () => {
    const other = { currency: 'ABCDEFGHIJKLMNO', overdraftLimit: null };
    const [from, sell, to, buy, rest] = [0, 1, 1000, 1001, 1002].map(address);
    if (!from || !sell || !to || !buy || !rest) throw new Error('there are five accounts');
    const assets = [finest, other].map(({ currency }) => ({ code: currency, scale: 18 }));
    const opened = [to, buy, rest].map((name) => accountOpened(name, 'equity', other));
    const exchange = exchangeMoney(id('x'), {
      ...{ from, to, via: { sell, buy }, rounding: { mode: 'half-even', account: rest } },
      ...{ amount: AMOUNT, rate: `0.${'9'.repeat(18)}`, source: long(RATE_SOURCE_LENGTH_MAX) },
      ...told,
      conditions,
    });
    const history = [ledgerOpened({ assets }), ...books.slice(1), ...opened];
    expect(bytesOf(history, exchange).bytes).toBeLessThan(EVENT_DATA_BYTES_MAX);
  });
});
