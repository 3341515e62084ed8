// Goal: the auditor finds nothing in a true record, and something in every lie. Method: a short history
// over HTTP on the real event node; then its stream or its journal is doctored, one lie at a time. A lie
// about the stream is chained anew, so that what finds it is not only the broken chain.
import { type StoredEvent } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { createLogger } from '../../src/platform/logger.js';
import { startTestApi } from '../support/api.js';
import { startTestEventStore } from '../support/stores.js';
import { tokenFor } from '../support/tokens.js';
import { type Rule } from './audit/findings.js';
import { audit } from './auditor.js';
import { type Bank, ask } from './bank-clients.js';
import {
  type TrueRecord,
  answering,
  isOf,
  losing,
  moved,
  recording,
  requestIdsOf,
  rewriting,
  sent,
  telling,
  typed,
  turnedAway,
  withData,
} from './doctoring.js';
import { type Answer, type Journal, type JournalEntry } from './journal.js';
import { type BankRequest, LEDGER, type LegAsked, type TransferAsked } from './requests.js';

let truth: TrueRecord;

const account = (address: string, rules: object = {}): BankRequest => ({
  ...{ kind: 'open-account', address, type: 'liability', currency: 'EUR' },
  ...{ overdraftLimit: '0', balanceLimit: '1000', metadata: {}, ...rules },
});
const leg = (debit: string, credit: string, amount: string): LegAsked => ({
  ...{ debit, credit, amount, currency: 'EUR' },
});
const transfer = (id: string, ...legs: LegAsked[]): TransferAsked => ({
  ...{ kind: 'post-transfer', id, idAsKey: false, legs },
});
const reason = 'for the test';
/** An act on the transfer `hold`, unless told otherwise. */
const act = (kind: string, id: string, rest: object): BankRequest =>
  ({ kind, id, idAsKey: false, transfer: 'hold', ...rest }) as BankRequest;
const REFUND = act('reverse-transfer', 'refund', { reason, amount: '1' });

const DEPOSIT = transfer('deposit', leg('world', 'alice', '100'));
const SPLIT = transfer('split', leg('alice', 'bob', '30'), leg('alice', 'carol', '20.5'));
const SPLIT_BACK = leg('bob', 'alice', '0.50');
const TOO_MUCH = transfer('too-much', leg('alice', 'bob', '500'));
const LOST = transfer('lost', leg('world', 'carol', '1'));
const TOO_MUCH_LEG = leg('alice', 'bob', '700');
const BATCH: BankRequest = {
  ...{ kind: 'post-batch', id: 'batch', idAsKey: false },
  transfers: [transfer('item-1', leg('world', 'bob', '1')), transfer('item-2', SPLIT_BACK)],
};
const EACH: BankRequest = {
  kind: 'post-each',
  transfers: [transfer('alone-1', SPLIT_BACK), transfer('alone-2', TOO_MUCH_LEG)],
};
const EXCHANGE: BankRequest = {
  ...{ kind: 'exchange-money', id: 'exchange', idAsKey: false, from: 'alice', to: 'yen' },
  ...{ sell: '1.01', rate: '163.255', via: { sell: 'bob', buy: 'yen-desk' } },
  rounding: { mode: 'half-up', account: 'yen-rest' },
};
const HOLD = { ...transfer('hold', leg('alice', 'bob', '10')), pending: {} };
const LOW = { account: 'alice', available: { gte: '1' } };
const HIGH = { account: 'alice', version: 2, balance: { eq: '1', lte: '0.5' } };
const NEVER = transfer('never', leg('world', 'carol', '2'));

const HISTORY: readonly BankRequest[] = [
  {
    ...{ kind: 'open-ledger', assets: [{ code: 'BTC', scale: 8 }] },
    rules: { uniqueReferences: true },
  },
  account('world', { type: 'equity', overdraftLimit: null, balanceLimit: null }),
  ...['alice', 'bob', 'carol', 'dave'].map((address) => account(address)),
  ...['yen', 'yen-desk', 'yen-rest'].map((address) =>
    account(address, { currency: 'JPY', overdraftLimit: null }),
  ),
  account('alice'),
  account('alice', { overdraftLimit: '7' }),
  DEPOSIT,
  DEPOSIT,
  { ...DEPOSIT, description: 'another' },
  SPLIT,
  TOO_MUCH,
  TOO_MUCH,
  { ...transfer('keyed', leg('world', 'bob', '5.00')), idAsKey: true },
  { ...transfer('keyed', leg('world', 'bob', '5')), idAsKey: true },
  transfer('nobody', leg('alice', 'nobody', '1')),
  transfer('nobody', leg('alice', 'bob', '1')),
  { kind: 'freeze-account', address: 'bob', freeze: 'all', reason },
  transfer('frozen', leg('alice', 'bob', '1')),
  { kind: 'unfreeze-account', address: 'bob', reason },
  { kind: 'unfreeze-account', address: 'bob', reason },
  { kind: 'change-account', address: 'alice', version: 4, balanceLimit: '500' },
  { kind: 'change-account', address: 'alice', version: 4, balanceLimit: '600' },
  { kind: 'close-account', address: 'alice', reason },
  { kind: 'close-account', address: 'dave', reason },
  transfer('closed', leg('world', 'dave', '1')),
  LOST,
  HOLD,
  act('capture-transfer', 'part', { amount: '4' }),
  act('capture-transfer', 'part', { amount: '4.00' }),
  act('capture-transfer', 'part', { amount: '5' }),
  act('capture-transfer', 'beyond', { amount: '6.01' }),
  act('void-transfer', 'rest', { reason }),
  act('capture-transfer', 'late', {}),
  REFUND,
  { ...REFUND, parts: [{ leg: 0, amount: '1' }] } as BankRequest,
  act('capture-transfer', 'both', { amount: '1', parts: [{ leg: 0, amount: '1' }] }),
  act('reverse-transfer', 'refund-2', { reason, parts: [{ leg: 0, amount: '3.01' }] }),
  act('reverse-transfer', 'nothing', { reason, transfer: 'nobody-knows' }),
  { ...transfer('wish', leg('alice', 'bob', '1')), conditions: [LOW] },
  { ...transfer('wishful', leg('alice', 'bob', '1')), conditions: [LOW, HIGH] },
  { ...transfer('first', leg('alice', 'bob', '1')), reference: 'R' },
  { ...transfer('second', leg('alice', 'bob', '1')), reference: 'R' },
  EXCHANGE,
  { ...transfer('rehearsed', leg('alice', 'bob', '1')), dryRun: true },
  { ...transfer('rehearsed-too', leg('alice', 'bob', '1000')), dryRun: true },
  BATCH,
  BATCH,
  {
    ...{ kind: 'post-batch', id: 'deposit', idAsKey: false },
    transfers: [transfer('split', leg('world', 'bob', '1'))],
  },
  {
    ...{ kind: 'post-batch', id: 'batch-2', idAsKey: false },
    transfers: [transfer('fits', leg('world', 'bob', '1')), transfer('not', TOO_MUCH_LEG)],
  },
  EACH,
  { kind: 'close-period', through: '2020-12-31', reason },
  { ...transfer('old', leg('alice', 'bob', '1')), effectiveAt: '2020-12-31T23:59:59Z' },
  { kind: 'reopen-period', closedThrough: null, reason },
  { kind: 'read-account', address: 'alice' },
];

beforeAll(async () => {
  const node = await startTestEventStore();
  const api = await startTestApi({ eventStoreUrl: node.url });
  const bank: Bank = { apis: [api.url], token: tokenFor('admin'), journal: [] };
  for (const request of HISTORY) await ask(bank, request, api.url);
  const store = eventStoreDb(node.url, createLogger('test', 'silent'));
  const events: StoredEvent[] = [];
  for await (const event of store.readStream(ledgerStream(LEDGER), { from: 0 })) events.push(event);
  const journal = [...losing(bank.journal, LOST), { ...sent('unheard', NEVER) }];
  truth = { events, journal };
  await store.close();
  await api.stop();
  await node.remove();
});

const NOTHING: Answer = { status: 0, body: {}, replayed: false, etag: null };

function errorOf({ body }: Answer) {
  return body.error ?? { code: '', number: '', message: '', details: {} };
}

function acknowledged(journal: Journal): JournalEntry {
  const [id] = requestIdsOf(journal, DEPOSIT);
  const entry = journal.find(({ what, requestId }) => what === 'answered' && requestId === id);
  if (entry?.what !== 'answered') throw new Error('The deposit was never answered.');
  return { ...entry, requestId: 'unheard' };
}

const LIES: readonly (readonly [
  lie: string,
  rule: Rule,
  tell: (truth: TrueRecord) => TrueRecord,
])[] = [
  [
    'an event is dropped',
    'chain',
    ({ events, journal }) => ({ events: events.toSpliced(9, 1), journal }),
  ],
  [
    'an event is changed',
    'chain',
    ({ events, journal }) => ({
      events: events.map((event) =>
        isOf('lost')(event) ? withData({ reference: 'other' })(event) : event,
      ),
      journal,
    }),
  ],
  [
    'somebody else is said to have caused an event',
    'chain',
    ({ events, journal }) => ({
      events: events.map((event) => ({ ...event, metadata: { ...event.metadata, actor: 'eve' } })),
      journal,
    }),
  ],
  [
    'an acknowledged transfer is dropped',
    'answer',
    recording((events) => events.filter((event) => !isOf('nobody')(event))),
  ],
  [
    'a transfer is doubled',
    'once',
    recording((events) =>
      events.flatMap((event) => (isOf('split')(event) ? [event, event] : [event])),
    ),
  ],
  [
    'a transfer is doubled under another id',
    'once',
    recording((events) =>
      events.flatMap((event) =>
        isOf('lost')(event) ? [event, withData({ id: 'again' })(event)] : [event],
      ),
    ),
  ],
  [
    'an amount is changed',
    'figures',
    rewriting('deposit', withData({ legs: [leg('world', 'alice', '99.00')] })),
  ],
  [
    'an amount of an unheard transfer is changed',
    'cause',
    rewriting('lost', withData({ legs: [leg('world', 'carol', '1.01')] })),
  ],
  ['a recorded balance is changed', 'figures', rewriting('deposit', withData({ balances: [] }))],
  ['a refused transfer is applied', 'books', rewriting('too-much', typed('TransferPosted'))],
  [
    'a transfer is applied to a frozen account',
    'books',
    rewriting('frozen', typed('TransferPosted')),
  ],
  [
    'a transfer is applied to a closed account',
    'books',
    rewriting('closed', typed('TransferPosted')),
  ],
  ['a transfer is refused without reason', 'refusal', rewriting('lost', typed('TransferRefused'))],
  [
    'a refusal has other evidence',
    'refusal',
    rewriting('too-much', (event) => {
      const refusal = event.data['refusal'] as object;
      return withData({ refusal: { ...refusal, evidence: { revision: 3, accounts: [] } } })(event);
    }),
  ],
  ['transfers are exchanged', 'order', recording((events) => moved(events, 'split', -1))],
  [
    'time goes back',
    'time',
    rewriting('lost', withData({ recordedAt: '2020-01-01T00:00:00.000Z' })),
  ],
  [
    'nobody asked for a transfer',
    'cause',
    rewriting('lost', (event) => ({
      ...event,
      metadata: { ...event.metadata, requestId: 'nobody' },
    })),
  ],
  ['an event is of an unknown type', 'books', rewriting('lost', typed('X'))],
  [
    'an account is closed with a balance',
    'books',
    recording((events) =>
      events.map((event) =>
        event.type === 'AccountClosed' ? withData({ address: 'carol' })(event) : event,
      ),
    ),
  ],
  [
    'a recorded transfer is turned away',
    'trace',
    answering(SPLIT, (answer) => turnedAway(422, 'UNKNOWN_ACCOUNT', answer)),
  ],
  [
    'a recorded transfer is said to have recorded nothing',
    'trace',
    answering(SPLIT, (answer) => turnedAway(503, 'EVENT_STORE_UNAVAILABLE', answer)),
  ],
  [
    'a decided transfer is turned away when repeated',
    'once',
    answering(DEPOSIT, (answer) => turnedAway(422, 'UNKNOWN_ACCOUNT', answer), 1),
  ],
  [
    'a repetition is told as new',
    'answer',
    answering(DEPOSIT, (answer) => ({ ...answer, replayed: false }), 1),
  ],
  [
    'a repetition is told other bytes',
    'answer',
    answering(
      DEPOSIT,
      telling((body) => ({
        ...body,
        data: Object.fromEntries(Object.entries(body.data ?? {}).toReversed()),
      })),
      1,
    ),
  ],
  [
    'another balance is told',
    'answer',
    answering(
      SPLIT,
      telling((body) => ({ ...body, data: { ...body.data, balances: [] } })),
    ),
  ],
  [
    'another revision is told',
    'answer',
    answering(
      SPLIT,
      telling((body) => ({ ...body, meta: { revision: 6 } })),
    ),
  ],
  [
    'a refused transfer is acknowledged',
    'answer',
    answering(TOO_MUCH, (answer) => ({ ...answer, status: 201 })),
  ],
  [
    'a transfer that is nowhere is acknowledged',
    'answer',
    ({ events, journal }) => ({ events, journal: [...journal, acknowledged(journal)] }),
  ],
  [
    'the same request is said to differ',
    'answer',
    answering(DEPOSIT, (answer) => turnedAway(409, 'TRANSFER_ID_REUSED', answer), 1),
  ],
  [
    'a sound transfer is turned away',
    'answer',
    ({ events, journal }) => ({
      events,
      journal: [
        ...journal,
        {
          what: 'answered',
          requestId: 'unheard',
          answer: turnedAway(422, 'CURRENCY_MISMATCH', { ...NOTHING }),
        },
      ],
    }),
  ],
  [
    'a read is stale',
    'order',
    answering(
      { kind: 'read-account', address: 'alice' },
      telling((body) => ({ ...body, meta: { revision: 7 } })),
    ),
  ],
  [
    'a read tells another balance',
    'answer',
    answering(
      { kind: 'read-account', address: 'alice' },
      telling((body) => ({ ...body, data: { ...body.data, balance: '1.00' } })),
    ),
  ],
  [
    'a change is turned away without reason',
    'answer',
    answering({ kind: 'close-account', address: 'alice', reason }, (answer) => ({
      ...answer,
      body: { error: { ...errorOf(answer), code: 'ACCOUNT_CLOSED' } },
    })),
  ],
  [
    'a change that never was is acknowledged',
    'answer',
    recording((events) => events.filter(({ type }) => type !== 'AccountFrozen')),
  ],
  ['more is captured than is held', 'books', rewriting('beyond', typed('TransferCaptured'))],
  ['a transfer that was voided is captured', 'books', rewriting('late', typed('TransferCaptured'))],
  [
    'a capture is dropped',
    'figures',
    recording((events) => events.filter((event) => !isOf('part')(event))),
  ],
  [
    'a capture moves another amount',
    'figures',
    rewriting('part', withData({ parts: [{ leg: 0, amount: '4.01' }] })),
  ],
  [
    'a void releases less',
    'figures',
    rewriting('rest', withData({ parts: [{ leg: 0, amount: '5.00' }] })),
  ],
  ['a hold is posted at once', 'books', rewriting('hold', typed('TransferPosted'))],
  ['a transfer without end expires', 'books', rewriting('rest', typed('TransferExpired'))],
  ['more is reversed than was posted', 'books', rewriting('refund-2', typed('TransferPosted'))],
  ['a reversal leaves other totals', 'figures', rewriting('refund', withData({ totals: [] }))],
  [
    'a transfer is posted against its conditions',
    'books',
    rewriting('wishful', typed('TransferPosted')),
  ],
  ['a reference is used twice', 'books', rewriting('second', typed('TransferPosted'))],
  ['a transfer counts in a closed period', 'books', rewriting('old', typed('TransferPosted'))],
  [
    'a period that was never opened again is said to be',
    'answer',
    recording((events) => events.filter(({ type }) => type !== 'PeriodReopened')),
  ],
  [
    'a reversal is told in another state',
    'answer',
    answering(
      REFUND,
      telling((body) => ({ ...body, data: { ...body.data, state: 'pending' } })),
    ),
  ],
  [
    'an exchange leaves another rest',
    'figures',
    rewriting('exchange', (event) => {
      const exchange = event.data['exchange'] as { remainder: object };
      const remainder = { ...exchange.remainder, carried: '0' };
      return withData({ exchange: { ...exchange, remainder } })(event);
    }),
  ],
  ['a refused batch is applied', 'books', rewriting('batch-2', typed('BatchPosted'))],
  [
    'one transfer of a batch is left out',
    'cause',
    rewriting('batch', (event) => {
      const [first] = event.data['transfers'] as readonly object[];
      return withData({ transfers: [first] })(event);
    }),
  ],
  [
    'one of several transfers sent together is dropped',
    'answer',
    recording((events) => events.filter((event) => !isOf('alone-1')(event))),
  ],
  [
    'a transfer that was only rehearsed is recorded',
    'trace',
    ({ events, journal }) => {
      const [rehearsal = ''] = requestIdsOf(journal, {
        ...transfer('rehearsed', leg('alice', 'bob', '1')),
        dryRun: true,
      });
      return recording((all) =>
        all.map((event) =>
          isOf('alone-1')(event)
            ? { ...event, metadata: { ...event.metadata, requestId: rehearsal } }
            : event,
        ),
      )({ events, journal });
    },
  ],
  [
    'a rehearsal is told another balance',
    'answer',
    answering(
      { ...transfer('rehearsed', leg('alice', 'bob', '1')), dryRun: true },
      telling((body) => ({ ...body, data: { ...body.data, balances: [] } })),
    ),
  ],
  [
    'the service fails',
    'answer',
    answering(SPLIT, (answer) => turnedAway(500, 'INTERNAL', answer)),
  ],
];

describe('the auditor', () => {
  it('finds nothing in a true record, lost answers included', () => {
    expect(audit(truth.events, truth.journal).findings).toEqual([]);
    expect(truth.events.some(isOf('lost'))).toBe(true);
    expect(truth.events.some(isOf('never'))).toBe(false);
  });

  it('finds nothing in a true record that is chained anew', () => {
    const { events, journal } = recording((same) => same)(truth);
    expect(events).toEqual(truth.events);
    expect(audit(events, journal).findings).toEqual([]);
  });

  it.each(LIES)('notices when %s: %s', (_lie, rule, tell) => {
    const { events, journal } = tell(truth);
    const rules = audit(events, journal).findings.map((finding) => finding.rule);
    expect(rules).toContain(rule);
  });
});
