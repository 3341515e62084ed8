// What a recorded decision says of itself: what it saw, what it checked, and whether it holds.
import { fold, recalling } from '../../../test/support/given-when-then.js';
import {
  NOON,
  accountEvents,
  accountOpened,
  ledgerOpened,
  leg,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import { REFUSAL_CODES } from '../errors.js';
import { type TransferCommand, decide } from './decide.js';
import { type LedgerEvent } from './events.js';
import { CHECKS_MAX, type Explanation, explain } from './explain.js';
import { type DecidedEvent, isDecided } from './recorded-command.js';
import { BATCH_TRANSFERS_MAX } from './post-batch.js';
import { type WrittenTransfer } from './transfer-request.js';

const BOOKS: readonly LedgerEvent[] = [
  ledgerOpened(),
  accountOpened('world', 'asset', { overdraftLimit: null }),
  accountOpened('alice', 'liability', { overdraftLimit: '5.00' }),
  accountOpened('bob', 'liability', { balanceLimit: '50.00' }),
];
const toBob = (id: string, amount: string, ask: Partial<WrittenTransfer> = {}) =>
  postTransfer(id, [leg('alice', 'bob', amount)], ask);
const batch = (id: string, transfers: readonly WrittenTransfer[]): TransferCommand => ({
  ...{ type: 'PostBatch', id, transfers, now: NOON },
});

/** Decides the command after the history, and explains what it came to. */
function explained(
  history: readonly LedgerEvent[],
  command: TransferCommand,
  id = command.id,
  tampered: (event: DecidedEvent) => DecidedEvent = (event) => event,
): Explanation {
  const state = recalling(fold(history), history, command);
  const decision = decide(state, command);
  if (decision.kind !== 'event' || !isDecided(decision.event)) {
    throw new Error(`nothing was recorded: ${JSON.stringify(decision)}`);
  }
  return explain(state, tampered(decision.event), id);
}

describe('the explanation of a decision', () => {
  it('shows every rule with its numbers, kept and broken alike', () => {
    const { checks, ...rest } = explained(BOOKS, toBob('t', '60.00'));
    expect(rest).toEqual({
      id: 't',
      kind: 'transfer',
      revision: 4,
      recordedAt: NOON,
      outcome: {
        refusal: 'INSUFFICIENT_FUNDS',
        message: 'An account would fall below what its overdraft limit allows.',
      },
      agrees: true,
      state: {
        revision: 3,
        closedThrough: null,
        accounts: [
          expect.objectContaining({ account: 'alice', balance: '0.00', overdraftLimit: '5.00' }),
          expect.objectContaining({ account: 'bob', balanceLimit: '50.00' }),
        ],
      },
    });
    expect(checks).toContainEqual({
      check: 'INSUFFICIENT_FUNDS',
      account: 'alice',
      passed: false,
      seen: { available: '0.00' },
      asked: { change: '-60.00', available: '-60.00' },
      limit: { overdraftLimit: '5.00' },
    });
    expect(checks).toContainEqual({
      check: 'BALANCE_LIMIT_EXCEEDED',
      account: 'bob',
      passed: false,
      seen: { highestBalance: '0.00' },
      asked: { highestBalance: '60.00' },
      limit: { balanceLimit: '50.00' },
    });
    expect(checks).toContainEqual({
      check: 'ACCOUNT_CLOSED',
      account: 'bob',
      passed: true,
      seen: { status: 'open' },
    });
  });

  it('has the checks in the order in which refusals win', () => {
    const conditions = [{ account: 'bob', version: 1 }];
    const pending = { expiresAt: '2027-01-01T00:00:00.000Z' };
    const { checks } = explained(BOOKS, toBob('t', '1.00', { conditions, pending }));
    const order = checks.map(({ check }) => REFUSAL_CODES.indexOf(check));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(new Set(checks.map(({ check }) => check))).toEqual(
      new Set([
        ...['TRANSFER_EXPIRED', 'EFFECTIVE_AT_OUT_OF_RANGE', 'PERIOD_CLOSED'],
        ...['CONDITIONS_NOT_MET', 'ACCOUNT_CLOSED', 'ACCOUNT_FROZEN'],
        ...['INSUFFICIENT_FUNDS', 'BALANCE_LIMIT_EXCEEDED', 'AMOUNT_OVERFLOW'],
      ]),
    );
  });

  it('shows conditions that were met beside those that were not', () => {
    const conditions = [{ account: 'bob', version: 2, available: { lte: '0.00' } }];
    const { checks } = explained(BOOKS, toBob('t', '1.00', { conditions }));
    expect(checks.filter(({ check }) => check === 'CONDITIONS_NOT_MET')).toEqual([
      {
        ...{ check: 'CONDITIONS_NOT_MET', account: 'bob', field: 'conditions[0].version' },
        ...{ passed: false, seen: { value: '1' }, limit: { value: '2' } },
      },
      {
        ...{ check: 'CONDITIONS_NOT_MET', account: 'bob', field: 'conditions[0].available.lte' },
        ...{ passed: true, seen: { value: '0.00' }, limit: { value: '0.00' } },
      },
    ]);
  });

  it('shows what a freeze stood against', () => {
    const frozen = [...BOOKS, accountEvents('alice').frozen(2, 'debits')];
    const { checks } = explained(frozen, toBob('t', '1.00'));
    expect(checks.find(({ passed }) => !passed)).toEqual({
      check: 'ACCOUNT_FROZEN',
      account: 'alice',
      passed: false,
      seen: { freeze: 'debits' },
      asked: {
        posted: { debits: '1.00', credits: '0.00' },
        pending: { debits: '0.00', credits: '0.00' },
      },
    });
  });

  it('of a batch goes transfer by transfer, each on what those before it left', () => {
    const command = batch('b', [toBob('b1', '4.00'), toBob('b2', '2.00')]);
    const { kind, outcome, checks } = explained(BOOKS, command);
    expect({ kind, outcome }).toMatchObject({
      kind: 'batch',
      outcome: { refusal: 'BATCH_REFUSED' },
    });
    expect(checks.filter(({ passed }) => !passed)).toEqual([
      expect.objectContaining({
        ...{ transfer: 'b2', check: 'INSUFFICIENT_FUNDS', seen: { available: '-4.00' } },
      }),
    ]);
  });

  it('of one transfer of a batch has its own checks alone', () => {
    const command = batch('b', [toBob('b1', '4.00'), toBob('b2', '1.00')]);
    const { id, batch: of, outcome, agrees, checks } = explained(BOOKS, command, 'b2');
    expect({ id, of, outcome, agrees }).toEqual({
      ...{ id: 'b2', of: 'b', outcome: { state: 'posted' }, agrees: true },
    });
    expect(new Set(checks.map(({ transfer }) => transfer))).toEqual(new Set(['b2']));
  });

  it('of a large batch leaves off passed checks, and never a failed one', () => {
    const rich = accountOpened('rich', 'liability', { overdraftLimit: null });
    const many = Array.from({ length: BATCH_TRANSFERS_MAX - 1 }, (_, n) =>
      postTransfer(`b${n}`, [leg('rich', 'alice', '0.01')]),
    );
    const command = batch('b', [...many, toBob('last', '60.00')]);
    const { checks, checksLeftOff } = explained([...BOOKS, rich], command);
    expect(checks).toHaveLength(CHECKS_MAX);
    expect(checksLeftOff).toBeGreaterThan(0);
    expect(checks.filter(({ passed }) => !passed)).toEqual(
      [
        expect.objectContaining({
          transfer: 'last',
          check: 'INSUFFICIENT_FUNDS',
          account: 'alice',
        }),
        expect.objectContaining({ transfer: 'last', check: 'BALANCE_LIMIT_EXCEEDED' }),
      ].slice(0, checks.filter(({ passed }) => !passed).length),
    );
  });

  it('finds a recorded event that the same command does not come to', () => {
    const tampered = (event: DecidedEvent): DecidedEvent =>
      event.type === 'TransferPosted'
        ? { ...event, data: { ...event.data, balances: event.data.balances.slice(1) } }
        : event;
    const found = explained(BOOKS, toBob('t', '1.00'), 't', tampered);
    expect(found.agrees).toBe(false);
    expect(found.disagreement).toMatchObject({
      recorded: { data: { balances: [{ account: 'bob' }] } },
      decided: { kind: 'event', event: { data: { balances: [{ account: 'alice' }, {}] } } },
    });
  });

  it('finds a recorded event that the state before it cannot lead to', () => {
    const command = toBob('t', '1.00');
    const elsewhere = (event: DecidedEvent): DecidedEvent =>
      event.type === 'TransferPosted'
        ? { ...event, data: { ...event.data, legs: [leg('alice', 'nobody', '1.00')] } }
        : event;
    const found = explained(BOOKS, command, 't', elsewhere);
    expect(found).toMatchObject({ agrees: false, checks: [] });
    expect(found.disagreement?.decided).toMatchObject({ kind: 'rejected' });
  });
});
