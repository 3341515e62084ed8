// What a first start shows: a small bakery's books. Everything has an id of its own and the days are
// fixed, so that seeding twice changes nothing.
import { NO_RULES } from '../domain/ledger/open-ledger.js';
import { type LedgerWriters } from '../commands/ledger-writer/ledger-writers.js';
import { type AccountType } from '../domain/ledger/events.js';
import { type Causation } from '../event-store/codec.js';
import { utcNow } from '../platform/clock.js';

const DEMO_LEDGER = 'demo';

const NAME = 'Demo bakery';
const CURRENCY = 'EUR';
const ACTOR = 'daybook:demo';
const NO_LIMIT = null;

type AccountLine = readonly [address: string, type: AccountType, overdraftLimit: string | null];

const ACCOUNTS: readonly AccountLine[] = [
  ['bank:main', 'asset', '2000'],
  ['cash:till', 'asset', '0'],
  ['stock:flour', 'asset', '0'],
  ['equipment:oven', 'asset', '0'],
  ['suppliers:mill', 'liability', NO_LIMIT],
  ['customers:alice:wallet', 'liability', '0'],
  ['customers:bob:wallet', 'liability', '0'],
  ['customers:cafe-luna', 'asset', NO_LIMIT],
  ['equity:founders', 'equity', '0'],
  ['income:bread', 'income', '0'],
  ['income:cakes', 'income', '0'],
  ['expense:rent', 'expense', '0'],
  ['expense:wages', 'expense', '0'],
  ['expense:flour', 'expense', '0'],
  ['expense:bank-fees', 'expense', '0'],
];

/** `debit credit amount`, one to a leg. */
type LegLine = readonly [debit: string, credit: string, amount: string];
type TransferLine = readonly [day: string, description: string, ...legs: LegLine[]];

// prettier-ignore
const TRANSFERS: readonly TransferLine[] = [
  ['2026-01-02', 'Founders pay in', ['bank:main', 'equity:founders', '12000.00']],
  ['2026-01-02', 'Change for the till', ['cash:till', 'bank:main', '150.00']],
  ['2026-01-03', 'Second-hand oven', ['equipment:oven', 'bank:main', '4800.00']],
  ['2026-01-03', 'Rent for January', ['expense:rent', 'bank:main', '950.00']],
  ['2026-01-05', 'Flour, 400 kg on account', ['stock:flour', 'suppliers:mill', '336.00']],
  ['2026-01-05', 'Shop takings',
    ['cash:till', 'income:bread', '212.40'],
    ['cash:till', 'income:cakes', '96.50']],
  ['2026-01-05', 'Alice tops up her wallet', ['bank:main', 'customers:alice:wallet', '50.00']],
  ['2026-01-06', 'Alice buys bread', ['customers:alice:wallet', 'income:bread', '7.20']],
  ['2026-01-06', 'Shop takings',
    ['cash:till', 'income:bread', '188.10'],
    ['cash:till', 'income:cakes', '120.00']],
  ['2026-01-07', 'Café Luna, bread for the week',
    ['customers:cafe-luna', 'income:bread', '245.00']],
  ['2026-01-07', 'Bob tops up his wallet', ['cash:till', 'customers:bob:wallet', '20.00']],
  ['2026-01-08', 'Bob buys a birthday cake', ['customers:bob:wallet', 'income:cakes', '18.50']],
  ['2026-01-09', 'Cash to the bank', ['bank:main', 'cash:till', '450.00']],
  ['2026-01-09', 'Flour used in the week', ['expense:flour', 'stock:flour', '126.00']],
  ['2026-01-12', 'Shop takings',
    ['cash:till', 'income:bread', '231.70'],
    ['cash:till', 'income:cakes', '88.00']],
  ['2026-01-13', 'Alice buys a cake', ['customers:alice:wallet', 'income:cakes', '22.00']],
  ['2026-01-14', 'Café Luna pays', ['bank:main', 'customers:cafe-luna', '245.00']],
  ['2026-01-14', 'Café Luna, bread for the week',
    ['customers:cafe-luna', 'income:bread', '260.00']],
  ['2026-01-15', 'The mill is paid', ['suppliers:mill', 'bank:main', '336.00']],
  ['2026-01-16', 'Cash to the bank', ['bank:main', 'cash:till', '200.00']],
  ['2026-01-16', 'Flour used in the week', ['expense:flour', 'stock:flour', '131.25']],
  ['2026-01-19', 'Flour, 300 kg on account', ['stock:flour', 'suppliers:mill', '258.00']],
  ['2026-01-30', 'Wages for January',
    ['expense:wages', 'bank:main', '1450.00'],
    ['expense:wages', 'bank:main', '720.00']],
  ['2026-01-31', 'Bank fees', ['expense:bank-fees', 'bank:main', '9.90']],
];

/**
 * Opens the ledger `demo` with its accounts and transfers, or adds what an interrupted start left out.
 * A ledger of that name that is somebody's own is left alone. Throws what LedgerWriters throws.
 */
export async function seedDemo(writers: LedgerWriters): Promise<void> {
  const { header, decidedAt } = await writers.current(DEMO_LEDGER);
  const isComplete = decidedAt.get(idOf(TRANSFERS.length - 1)) !== undefined;
  if (header && (header.name !== NAME || isComplete)) return;
  const now = utcNow();
  await submit(writers, {
    type: 'OpenLedger',
    ledger: DEMO_LEDGER,
    name: NAME,
    assets: [],
    rules: NO_RULES,
    now,
  });
  for (const [address, accountType, overdraftLimit] of ACCOUNTS) {
    const limits = { overdraftLimit, balanceLimit: null };
    const account = { address, accountType, currency: CURRENCY, ...limits, metadata: {}, now };
    await submit(writers, { type: 'OpenAccount', ...account });
  }
  for (const [index, [day, description, ...legs]] of TRANSFERS.entries()) {
    await submit(writers, {
      type: 'PostTransfer',
      id: idOf(index),
      legs: legs.map(([debit, credit, amount]) => ({ debit, credit, amount, currency: CURRENCY })),
      effectiveAt: `${day}T12:00:00.000Z`,
      reference: null,
      description,
      metadata: {},
      conditions: [],
      pending: null,
      now,
    });
  }
}

const idOf = (index: number): string => `demo-${index + 1}`;

const CAUSATION: Causation = {
  actor: ACTOR,
  requestId: 'demo',
  correlationId: 'demo',
  causationId: 'demo',
  clientAddress: null,
};

async function submit(
  writers: LedgerWriters,
  command: Parameters<LedgerWriters['submit']>[1],
): Promise<void> {
  const outcome = await writers.submit(DEMO_LEDGER, command, CAUSATION);
  if (outcome.kind === 'recorded' && outcome.event.type !== 'TransferRefused') return;
  const why = outcome.kind === 'rejected' ? outcome.rejection.message : 'it was refused';
  throw new Error(`The demo ledger did not take ${JSON.stringify(command)}: ${why}`);
}
