// The auditor agrees with every history that the domain decides, and tells each kind of lie in it.
import * as fc from 'fast-check';
import { type LedgerEvent } from '../../../src/domain/ledger/events.js';
import { recorded } from '../../../test/support/bookings.js';
import { everyKindOfEvent, happening } from '../../../test/support/every-kind.js';
import { after } from '../../../test/support/given-when-then.js';
import {
  accountCommands,
  accountEvents,
  leg,
  openAccount,
  openLedger,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import { closePeriod, reverseTransfer } from '../../../test/support/transfer-factories.js';
import { transferTouched } from '../../books/touched.js';
import { type Finding } from '../finding.js';
import { type TransferHistory } from '../transfer-histories.js';
import { Auditor } from './auditor.js';

const HISTORY = everyKindOfEvent('shop');

type Told = [revision: number | null, account: string | null, what: string];

function told({ revision, account, what }: Finding): Told {
  return [revision, account, what];
}

/** What the auditor tells of these events. */
function audited(history: readonly LedgerEvent[]): Finding[] {
  const findings: Finding[] = [];
  const auditor = new Auditor((finding) => findings.push(finding));
  history.forEach((event, revision) => {
    const one = recorded(event, revision);
    auditor.audit(one, historyOf(transferTouched(one), history.slice(0, revision)));
  });
  return findings;
}

function historyOf(
  id: string | undefined,
  before: readonly LedgerEvent[],
): TransferHistory | undefined {
  const events = before.map((event, revision) => recorded(event, revision));
  const decided = events.find(
    ({ event: { data } }) =>
      ('id' in data && data.id === id) ||
      ('transfers' in data && data.transfers.some((transfer) => transfer.id === id)),
  );
  if (id === undefined || !decided) return undefined;
  return { decided, lastAct: events.findLast((event) => transferTouched(event) === id) };
}

/** The history up to an event, with that one changed. */
function lying(idOrType: string, change: (data: Record<string, unknown>) => object): LedgerEvent[] {
  const { event, before } = happening(HISTORY, idOrType);
  const data = { ...event.data, ...change({ ...event.data }) };
  return [...before, { ...event, data } as LedgerEvent];
}

describe('the auditor', () => {
  it('agrees with everything that can happen', () => {
    expect(audited(HISTORY)).toEqual([]);
  });

  it('tells of a sum that is off, whichever it is, with the event and the account', () => {
    const amounts = HISTORY.flatMap(({ data }, revision) =>
      'balances' in data ? data.balances.map((_, index) => ({ revision, index })) : [],
    );
    const fields = fc.constantFrom('balance', 'available', 'version');
    fc.assert(
      fc.property(fc.constantFrom(...amounts), fields, ({ revision, index }, field) => {
        const event = HISTORY[revision];
        if (!event || !('balances' in event.data)) return;
        const balances = event.data.balances.map((balance, place) =>
          place === index ? { ...balance, [field]: field === 'version' ? 99 : '7.77' } : balance,
        );
        const changed = { ...event, data: { ...event.data, balances } } as LedgerEvent;
        const findings = audited([...HISTORY.slice(0, revision), changed]);
        const account = balances[index]?.account;
        expect(findings.map(told)).toEqual([
          [revision, account, 'recorded version, balance, available'],
        ]);
        expect(findings[0]?.eventId).toBe(recorded(changed, revision).id);
      }),
    );
  });

  const swapped = ({ legs }: Record<string, unknown>) => ({
    legs: (legs as { debit: string; credit: string }[]).map((one) => ({
      ...{ ...one, debit: one.credit, credit: one.debit },
    })),
  });
  const more = (field: string) => (data: Record<string, unknown>) => ({
    [field]: (data[field] as object[]).map((share) => ({ ...share, amount: '70.00' })),
  });
  const cases: [string, LedgerEvent[], string][] = [
    ['a sign is swapped', lying('deposit', swapped), 'recorded version, balance, available'],
    ['more is captured than held', lying('order-1', more('legs')), 'capture of leg 0 of order'],
    [
      'more is released than held',
      lying('order-void', more('released')),
      'release of leg 1 of order',
    ],
    ['held falls below zero', lying('order-void', more('released')), 'held'],
    [
      'more is reversed than posted',
      lying('order-back', more('legs')),
      'reverse of leg 0 of order',
    ],
    ['totals are off', lying('order-1', () => ({ totals: [] })), 'recorded totals of order'],
    [
      'another leg is captured',
      lying('order-2', () => ({ legs: [{ leg: 1, ...leg('ann', 'bob', '1.00') }] })),
      'leg 1 of order',
    ],
    [
      'it expires too early',
      lying('TransferExpired', () => ({ recordedAt: '2026-03-01T12:30:00.000Z' })),
      'expiry',
    ],
    [
      'it is captured too late',
      lying('order-1', () => ({ recordedAt: '2099-01-01T00:00:00.000Z' })),
      'effective time',
    ],
    [
      'currencies are mixed',
      lying('deposit', () => ({ legs: [leg('cash', 'ann-usd', '1.00')] })),
      'debits less credits posted in EUR, in its smallest unit',
    ],
    [
      'nothing is moved',
      lying('deposit', () => ({ legs: [leg('cash', 'ann', '0.00')] })),
      'amount of leg 0',
    ],
    ['a reference is used again', lying('exchange', () => ({ reference: 'first' })), 'reference'],
    [
      'it counts too long ago',
      lying('exchange', () => ({ effectiveAt: '1999-01-01T00:00:00.000Z' })),
      'effective time',
    ],
    [
      'a condition was not met',
      lying('exchange', () => ({ conditions: [{ account: 'ann', balance: { lte: '1.00' } }] })),
      'condition',
    ],
    [
      'a version was another one',
      lying('deposit', () => ({
        legs: [{ ...leg('cash', 'ann', '100.00'), expectedVersions: { debit: 7 } }],
      })),
      'condition',
    ],
  ];
  it.each(cases)('tells when %s', (_case, history, what) => {
    const findings = audited(history);
    expect(findings.map((finding) => finding.what)).toContain(what);
    expect(new Set(findings.map(({ revision }) => revision))).toEqual(
      new Set([history.length - 1]),
    );
  });
});

describe('rules that no code may break', () => {
  const BOOKS = after(
    [],
    openLedger(),
    openAccount({ address: 'cash', accountType: 'asset', overdraftLimit: null }),
    openAccount({ address: 'ann', balanceLimit: '50' }),
    openAccount({ address: 'bob' }),
    postTransfer('deposit', [leg('cash', 'ann', '40')]),
  );
  const NEXT = BOOKS.length;
  const { frozen, closed } = accountEvents('ann');
  // What the domain would decide without the rule: an account whose rules are no more.
  const without =
    (...history: readonly LedgerEvent[]) =>
    (id: string, ...legs: ReturnType<typeof leg>[]) => {
      const free = after(
        [...history],
        accountCommands('ann').change({ overdraftLimit: null, balanceLimit: null }),
      );
      const change = free.at(-1);
      const [made] = after(free, postTransfer(id, legs)).slice(-1);
      if (!change || made?.type !== 'TransferPosted') throw new Error('the rule is still there');
      const balances = made.data.balances.map((balance) => ({
        ...balance,
        version: balance.account === 'ann' ? balance.version - 1 : balance.version,
      }));
      return [...history, { ...made, data: { ...made.data, balances } }] as LedgerEvent[];
    };
  const posted = without(...BOOKS);

  it('an overdraft limit', () => {
    expect(audited(posted('t', leg('ann', 'bob', '41'))).map(told)).toEqual([
      [NEXT, 'ann', 'overdraft limit'],
    ]);
  });

  it('a balance limit', () => {
    expect(audited(posted('t', leg('cash', 'ann', '11'))).map(told)).toEqual([
      [NEXT, 'ann', 'balance limit'],
    ]);
  });

  it('a freeze', () => {
    const [, ...rest] = posted('t', leg('ann', 'bob', '1')).slice(NEXT - 1);
    const raised = rest.map((event) => versionsRaised(event, 'ann'));
    expect(audited([...BOOKS, frozen(3, 'debits'), ...raised]).map(told)).toEqual([
      [NEXT + 1, 'ann', 'frozen account'],
    ]);
  });

  it('the end of an account', () => {
    expect(audited([...BOOKS, closed(3)]).map(told)).toEqual([[NEXT, 'ann', 'closing']]);
    const emptied = after(
      BOOKS,
      postTransfer('out', [leg('ann', 'cash', '40')]),
      accountCommands('ann').close(),
    );
    const late = { ...accountEvents('ann').frozen(5) };
    expect(audited([...emptied, late]).map(told)).toEqual([[NEXT + 2, 'ann', 'closed account']]);
  });

  it('a closed period', () => {
    const history = after(
      BOOKS,
      closePeriod('2026-02-28'),
      postTransfer('t', [leg('ann', 'bob', '1')]),
    );
    const last = history.at(-1);
    if (last?.type !== 'TransferPosted') throw new Error('not posted');
    const early = { ...last, data: { ...last.data, effectiveAt: '2026-02-28T23:59:59.000Z' } };
    expect(audited([...history.slice(0, -1), early]).map(told)).toEqual([
      [NEXT + 1, null, 'effective time'],
    ]);
  });

  it('a reversal, which is not reversed', () => {
    const part = (id: string, amount: string) => reverseTransfer(id, 'deposit', { amount });
    const history = after(BOOKS, part('back', '10'), part('again', '5'));
    const last = history.at(-1);
    if (last?.type !== 'TransferPosted' || !last.data.reverses) throw new Error('not reversed');
    const reverses = { ...last.data.reverses, transfer: 'back' };
    const again = { ...last, data: { ...last.data, reverses } };
    const findings = audited([...history.slice(0, -1), again]).map(told);
    expect(findings).toContainEqual([NEXT + 1, null, 'reversal']);
  });
});

function versionsRaised(event: LedgerEvent, account: string): LedgerEvent {
  if (event.type !== 'TransferPosted') return event;
  const balances = event.data.balances.map((balance) =>
    balance.account === account ? { ...balance, version: balance.version + 1 } : balance,
  );
  return { ...event, data: { ...event.data, balances } };
}
