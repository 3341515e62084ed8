// Histories at random, made to come close: most acts are on something that was decided before.
import fc from 'fast-check';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type LedgerRules } from '../../src/domain/ledger/events.js';
import { capture, expire, release, reverse } from './act-moves.js';
import { isFields } from './answer.js';
import { SCALES, stateOf } from './books.js';
import { batch, exchange, post } from './transfer-moves.js';
import { ADDRESSES, CURRENCIES, HOURS, type Move, START, hoursAfter, nat, pick } from './world.js';

/** Hours from one command to the next; below zero when a clock goes back. */
export interface Turn {
  readonly hours: number;
  readonly move: Move;
  /** Whether the events so far are stored after this command, or are still being decided. */
  readonly ends: 'nothing' | 'group' | 'lost group';
}

const limit = fc.constantFrom(null, '0', '5', '20.00', '0.001');
const account = fc
  .record({
    address: nat,
    limits: fc.tuple(limit, limit),
    what: nat,
    version: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, fc.nat(9)),
  })
  .map(({ address: index, limits, what, version }): Move => ({ books, now }) => {
    const common = { address: pick(ADDRESSES, index), reason: 'asked for', now };
    const [overdraftLimit, balanceLimit] = limits;
    const frozen = books.accounts.find(({ freeze }) => freeze !== null);
    switch (what % 8) {
      case 0:
        return { type: 'FreezeAccount', freeze: what % 3 === 0 ? 'all' : 'debits', ...common };
      case 1:
      case 2:
        return { type: 'UnfreezeAccount', ...common, address: frozen?.address ?? common.address };
      case 3:
        return { type: 'CloseAccount', ...common };
      case 4: {
        const { address } = common;
        const currency = pick(CURRENCIES, what);
        const opened = { address, currency, overdraftLimit, balanceLimit, metadata: {}, now };
        return { type: 'OpenAccount', accountType: what % 3 === 0 ? 'asset' : 'income', ...opened };
      }
      default:
        return {
          ...{ type: 'ChangeAccount', address: common.address, now, expectedVersion: version },
          overdraftLimit: what % 3 === 0 ? undefined : overdraftLimit,
          balanceLimit: what % 3 === 1 ? undefined : balanceLimit,
          metadata: what % 5 === 0 ? { k: String(what) } : undefined,
        };
    }
  });

const period = fc
  .tuple(fc.boolean(), fc.integer({ min: -4, max: 0 }), nat)
  .map(([closes, days, all]): Move => ({ now }) => {
    const day = hoursAfter(now, days * 24).slice(0, 10);
    const reason = 'month end';
    return closes
      ? { type: 'ClosePeriod', through: day, reason, now }
      : { type: 'ReopenPeriod', closedThrough: all % 3 === 2 ? null : day, reason, now };
  });

/** The same, with the fields of what it holds in another order. */
function withFieldsReversed(command: LedgerCommand): LedgerCommand {
  return JSON.parse(JSON.stringify(command), (_key, value: unknown) =>
    isFields(value) ? Object.fromEntries(Object.entries(value).reverse()) : value,
  ) as LedgerCommand;
}

/** A command of before again, as it was or not quite. */
const again = fc.tuple(nat, nat).map(([which, change]): Move => ({ past, books, now }) => {
  const batches = past.filter(({ type }) => type === 'PostBatch');
  const among = change % 12 < 7 && change % 12 > 4 && batches.length > 0 ? batches : past;
  const command = { ...pick(among, which), now };
  const recordedAt =
    'id' in command && books.decided.find(({ id }) => id === command.id)?.recordedAt;
  switch (change % 12) {
    case 8:
      return 'description' in command ? { ...command, description: 'another' } : command;
    case 1:
      return 'amount' in command ? { ...command, amount: '7' } : command;
    case 2:
      return 'parts' in command && command.amount !== null
        ? { ...command, parts: [{ leg: 0, amount: command.amount }], amount: null }
        : command;
    case 3:
      return 'effectiveAt' in command && recordedAt !== undefined && recordedAt !== false
        ? { ...command, effectiveAt: recordedAt }
        : command;
    case 4:
      return 'final' in command ? { ...command, final: !command.final } : command;
    case 5:
      return 'transfers' in command
        ? { ...command, transfers: command.transfers.slice(1), id: command.transfers[0]?.id ?? 'b' }
        : command;
    case 6:
      return 'transfers' in command ? { ...command, id: command.transfers[0]?.id ?? 'b' } : command;
    case 7:
      return 'legs' in command ? { ...command, legs: command.legs.slice(1) } : command;
    case 0:
      return 'reference' in command ? { ...command, reference: 'r3' } : command;
    case 9:
      return withFieldsReversed(command);
    default:
      return command;
  }
});

/** Acts on nothing are dull: mostly, when nothing can be acted on, something is posted or held. */
const orPost = (wanted: string, acts: fc.Arbitrary<Move>) =>
  fc.tuple(acts, post, fc.nat(9)).map(([doAct, doPost, stray]): Move => (world) => {
    const some = world.books.transfers.some((transfer) => stateOf(transfer) === wanted);
    return some || stray === 9 ? doAct(world) : doPost(world);
  });

const move = fc.oneof(
  { weight: 30, arbitrary: post },
  { weight: 16, arbitrary: orPost('pending', capture) },
  { weight: 10, arbitrary: orPost('posted', reverse) },
  { weight: 8, arbitrary: orPost('pending', release) },
  { weight: 6, arbitrary: expire },
  { weight: 8, arbitrary: batch },
  { weight: 8, arbitrary: exchange },
  { weight: 14, arbitrary: account },
  { weight: 4, arbitrary: period },
  { weight: 10, arbitrary: again },
);

const turn: fc.Arbitrary<Turn> = fc.record({
  hours: fc.constantFrom(0, 0, 0, HOURS, HOURS, 2 * HOURS, 24, -HOURS),
  move,
  ends: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'group', 'lost group'),
});

const days = fc.constantFrom(null, null, null, 0, 2);
const rules: fc.Arbitrary<LedgerRules> = fc.record(
  {
    uniqueReferences: fc.boolean(),
    pastDaysMax: days,
    futureDaysMax: days,
  },
  { noNullPrototype: true },
);

export interface History {
  readonly rules: LedgerRules;
  readonly turns: readonly Turn[];
}

export function histories(turnsMax: number): fc.Arbitrary<History> {
  // Without bias: small numbers are no better than others here, as they only pick.
  return fc.noBias(
    fc.record({ rules, turns: fc.array(turn, { maxLength: turnsMax, size: 'max' }) }),
  );
}

/** Opens the books that histories are about, and puts something into them. */
export function opening(ledgerRules: LedgerRules): LedgerCommand[] {
  const assets = [{ code: 'ETH', scale: SCALES['ETH'] ?? 0 }];
  const ledger = { ledger: 'model', name: 'Model', assets, rules: ledgerRules, now: START };
  const open = (
    address: string,
    accountType: 'asset' | 'liability' | 'equity' | 'income' | 'expense',
    currency: string,
    limits: readonly [string | null, string | null],
  ): LedgerCommand => ({
    ...{ type: 'OpenAccount', address, accountType, currency, metadata: {}, now: START },
    ...{ overdraftLimit: limits[0], balanceLimit: limits[1] },
  });
  const free = [null, null] as const;
  const legs = (amount: string) => [{ debit: 'cash', credit: 'wallet', amount, currency: 'EUR' }];
  return [
    { type: 'OpenLedger', ...ledger },
    open('cash', 'asset', 'EUR', free),
    open('wallet', 'liability', 'EUR', ['0', '90.00']),
    open('shop', 'liability', 'EUR', ['25', null]),
    open('fees', 'income', 'EUR', free),
    open('cost', 'expense', 'EUR', ['10', '40']),
    open('yen', 'equity', 'JPY', free),
    open('tea', 'liability', 'JPY', ['2000', '9000']),
    open('dust', 'income', 'JPY', free),
    open('coin', 'equity', 'ETH', free),
    open('mint', 'liability', 'ETH', ['10', '50']),
    {
      ...{ type: 'PostTransfer', id: 'top-up', legs: legs('50.00'), effectiveAt: null },
      ...{ reference: null, description: null, metadata: {}, conditions: [], pending: null },
      now: START,
    },
  ];
}
