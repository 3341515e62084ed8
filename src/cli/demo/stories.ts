// What else happens at the demo bakery: orders that wait to be made, mistakes that are turned back,
// money that is not there, and a guest who pays in dollars.
import { type CaptureTransfer } from '../../domain/ledger/capture-transfer.js';
import { type TransferCommand } from '../../domain/ledger/decide.js';
import { type ExchangeMoney } from '../../domain/ledger/exchange-money.js';
import { type PostTransfer } from '../../domain/ledger/post-transfer.js';
import { type ReverseTransfer } from '../../domain/ledger/reverse-transfer.js';
import { type VoidTransfer } from '../../domain/ledger/void-transfer.js';
import { type LegLine, type TransferLine } from './transfers.js';

/** A command, and whether the books are to say no. */
export interface Story {
  readonly command: TransferCommand;
  readonly refused?: true;
}

/** All of them, in their order, as of `now`. */
export function storiesAt(now: string): Story[] {
  return [
    ...orders(now),
    ...mistakes(now),
    ...dora(now),
    { command: posted('demo-too-dear', TOO_DEAR, now), refused: true },
    { command: posted('demo-till-too-empty', TILL_TOO_EMPTY, now), refused: true },
  ];
}

const WEDDING_CAKE: TransferLine = [
  ...(['2026-02-07', 'Bob orders a wedding cake'] as const),
  ['customers:bob:wallet', 'income:cakes', '45.00'],
];
const CATERING: TransferLine = [
  ...(['2026-02-18', 'Café Luna orders catering'] as const),
  ['customers:cafe-luna', 'income:cakes', '180.00'],
];
const EASTER_LAMB: TransferLine = [
  ...(['2026-02-25', 'Bob orders an Easter lamb'] as const),
  ['customers:bob:wallet', 'income:cakes', '15.00'],
];
const COMMUNION: TransferLine = [
  ...(['2026-03-01', 'Café Luna orders cakes for a communion'] as const),
  ['customers:cafe-luna', 'income:cakes', '96.00'],
];
const TOO_DEAR: TransferLine = [
  ...(['2026-02-26', 'Bob wants three tiers'] as const),
  ['customers:bob:wallet', 'income:cakes', '80.00'],
];
const TILL_TOO_EMPTY: TransferLine = [
  ...(['2026-02-27', 'Cash to the bank, one zero too many'] as const),
  ['bank:main', 'cash:till', '7000.00'],
];
const DORA_BUYS: TransferLine = [
  ...(['2026-02-12', 'Dora buys pretzels for the hotel'] as const),
  ['customers:dora:wallet', 'income:bread', '88.40'],
];
/** The takings of 10 February, the second time. */
const ENTERED_TWICE = 'demo-31';

function orders(now: string): Story[] {
  return [
    { command: held('demo-wedding-cake', WEDDING_CAKE, now) },
    { command: captured('demo-wedding-cake-made', 'demo-wedding-cake', now) },
    { command: held('demo-catering', CATERING, now) },
    { command: voided('demo-catering-off', 'demo-catering', now) },
    { command: captured('demo-catering-late', 'demo-catering', now), refused: true },
    { command: held('demo-easter-lamb', EASTER_LAMB, now) },
    { command: held('demo-communion', COMMUNION, now) },
  ];
}

function mistakes(now: string): Story[] {
  const twice = { amount: null, reason: 'Entered twice', effectiveAt: noon('2026-02-11') };
  const leaned = { amount: '10.00', reason: 'The cake leaned', effectiveAt: noon('2026-02-15') };
  return [
    { command: reversed('demo-entered-once', ENTERED_TWICE, twice, now) },
    { command: reversed('demo-cake-refund', 'demo-wedding-cake', leaned, now) },
  ];
}

function dora(now: string): Story[] {
  return [
    { command: exchanged('demo-dora-1', '2026-02-06', ['sell', '50.00', '0.9213'], now) },
    { command: exchanged('demo-dora-2', '2026-02-11', ['sell', '75.50', '0.9187'], now) },
    { command: posted('demo-dora-pretzels', DORA_BUYS, now) },
    { command: exchanged('demo-dora-3', '2026-02-19', ['buy', '20.00', '0.9244'], now) },
  ];
}

/** A transfer as it is written in the lists of the demo. */
export function posted(id: string, line: TransferLine, now: string): PostTransfer {
  const [day, description, ...legs] = line;
  return {
    type: 'PostTransfer',
    id,
    legs: legs.map(([debit, credit, amount]: LegLine) => {
      return { debit, credit, amount, currency: debit === 'bank:usd' ? 'USD' : 'EUR' };
    }),
    effectiveAt: noon(day),
    reference: null,
    description,
    metadata: {},
    conditions: [],
    pending: null,
    now,
  };
}

function held(id: string, line: TransferLine, now: string): PostTransfer {
  return { ...posted(id, line, now), pending: { expiresAt: null } };
}

function captured(id: string, transfer: string, now: string): CaptureTransfer {
  const what = { amount: '40.00', parts: null, final: true, metadata: {} };
  const effectiveAt = noon('2026-02-14');
  const description = 'As it was made in the end';
  return { type: 'CaptureTransfer', id, transfer, ...what, effectiveAt, description, now };
}

function voided(id: string, transfer: string, now: string): VoidTransfer {
  const reason = 'The event was cancelled';
  return { type: 'VoidTransfer', id, transfer, amount: null, parts: null, reason, now };
}

type Reversal = Pick<ReverseTransfer, 'amount' | 'reason' | 'effectiveAt'>;

function reversed(id: string, transfer: string, what: Reversal, now: string): ReverseTransfer {
  const plain = { parts: null, description: null, metadata: {} };
  return { type: 'ReverseTransfer', id, transfer, ...plain, ...what, now };
}

/** Dollars of Dora's for euros. */
function exchanged(
  id: string,
  day: string,
  [given, amount, rate]: readonly [given: 'sell' | 'buy', amount: string, rate: string],
  now: string,
): ExchangeMoney {
  return {
    type: 'ExchangeMoney',
    ...{ id, from: 'customers:dora:usd', to: 'customers:dora:wallet' },
    ...{ via: { sell: 'fx:usd', buy: 'fx:eur' }, given, amount, rate, source: 'ECB' },
    rounding: { mode: 'half-even', account: 'fx:rounding' },
    ...{ effectiveAt: noon(day), reference: null, description: 'Dora changes dollars' },
    ...{ metadata: {}, conditions: [], now },
  };
}

const noon = (day: string) => `${day}T12:00:00.000Z`;
