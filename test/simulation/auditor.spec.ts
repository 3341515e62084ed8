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
import { hashOf } from './audit/chain.js';
import { type Rule } from './audit/findings.js';
import { audit } from './auditor.js';
import { type Bank, ask } from './bank-clients.js';
import { type Answer, type AnswerBody, type Journal, type JournalEntry } from './journal.js';
import { type BankRequest, LEDGER, type LegAsked, type TransferAsked } from './requests.js';

interface Record {
  readonly events: readonly StoredEvent[];
  readonly journal: Journal;
}

let truth: Record;

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

const DEPOSIT = transfer('deposit', leg('world', 'alice', '100'));
const SPLIT = transfer('split', leg('alice', 'bob', '30'), leg('alice', 'carol', '20.5'));
const TOO_MUCH = transfer('too-much', leg('alice', 'bob', '500'));
const LOST = transfer('lost', leg('world', 'carol', '1'));
const NEVER = transfer('never', leg('world', 'carol', '2'));

const HISTORY: readonly BankRequest[] = [
  { kind: 'open-ledger', assets: [{ code: 'BTC', scale: 8 }] },
  account('world', { type: 'equity', overdraftLimit: null, balanceLimit: null }),
  ...['alice', 'bob', 'carol', 'dave'].map((address) => account(address)),
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

const sent = (requestId: string, request: BankRequest): JournalEntry => ({
  ...{ what: 'sent', requestId, request },
});
const requestIdsOf = (journal: Journal, request: BankRequest): string[] =>
  journal.flatMap((entry) =>
    entry.what === 'sent' && JSON.stringify(entry.request) === JSON.stringify(request)
      ? [entry.requestId]
      : [],
  );

/** The journal as if no answer to this request had come. */
function losing(journal: Journal, request: BankRequest): Journal {
  const ids = requestIdsOf(journal, request);
  return journal.map(({ ...entry }) =>
    entry.what === 'answered' && ids.includes(entry.requestId)
      ? { what: 'lost', requestId: entry.requestId, reason: 'cut' }
      : entry,
  );
}

/** A lie about the answers to this request, or about that of them alone. */
const answering =
  (request: BankRequest, lie: (answer: Answer) => Answer, only?: number) =>
  ({ events, journal }: Record): Record => {
    const ids = requestIdsOf(journal, request);
    const lied = only === undefined ? ids : ids.slice(only, only + 1);
    const told = journal.map((entry) =>
      entry.what === 'answered' && lied.includes(entry.requestId)
        ? { ...entry, answer: lie(entry.answer) }
        : entry,
    );
    return { events, journal: told };
  };

const telling =
  (change: (body: AnswerBody) => AnswerBody) =>
  (answer: Answer): Answer => ({ ...answer, body: change(answer.body) });

/** A lie about the stream: numbered and chained anew. */
const recording =
  (lie: (events: readonly StoredEvent[]) => readonly StoredEvent[]) =>
  ({ events, journal }: Record): Record => {
    let previousHash = '0'.repeat(64);
    const chained = lie(events).map((event, revision) => {
      const placed = { ...event, revision, metadata: { ...event.metadata, previousHash } };
      const hash = hashOf(placed, previousHash);
      previousHash = hash;
      return { ...placed, metadata: { ...placed.metadata, hash } };
    });
    return { events: chained, journal };
  };

const isTransfer = (id: string) => (event: StoredEvent) =>
  event.type.startsWith('Transfer') && event.data['id'] === id;

/** A lie about the transfer with this id. */
const rewriting = (id: string, change: (event: StoredEvent) => StoredEvent) =>
  recording((events) => events.map((event) => (isTransfer(id)(event) ? change(event) : event)));

const withData =
  (data: object) =>
  (event: StoredEvent): StoredEvent => ({ ...event, data: { ...event.data, ...data } });

const turnedAway = (status: number, code: string, answer: Answer): Answer => ({
  ...answer,
  status,
  body: { error: { code, number: 'DBK-0000', message: '', details: {} } },
});

const moved = (events: readonly StoredEvent[], id: string, by: number): StoredEvent[] => {
  const from = events.findIndex(isTransfer(id));
  return events.toSpliced(from, 1).toSpliced(from + by, 0, ...events.slice(from, from + 1));
};

const LIES: readonly (readonly [lie: string, rule: Rule, tell: (truth: Record) => Record])[] = [
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
        isTransfer('lost')(event) ? withData({ reference: 'other' })(event) : event,
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
    recording((events) => events.filter((event) => !isTransfer('nobody')(event))),
  ],
  [
    'a transfer is doubled',
    'once',
    recording((events) =>
      events.flatMap((event) => (isTransfer('split')(event) ? [event, event] : [event])),
    ),
  ],
  [
    'a transfer is doubled under another id',
    'once',
    recording((events) =>
      events.flatMap((event) =>
        isTransfer('lost')(event) ? [event, withData({ id: 'again' })(event)] : [event],
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
  [
    'a refused transfer is applied',
    'books',
    rewriting('too-much', (event) => ({ ...event, type: 'TransferPosted' })),
  ],
  [
    'a transfer is applied to a frozen account',
    'books',
    rewriting('frozen', (event) => ({ ...event, type: 'TransferPosted' })),
  ],
  [
    'a transfer is applied to a closed account',
    'books',
    rewriting('closed', (event) => ({ ...event, type: 'TransferPosted' })),
  ],
  [
    'a transfer is refused without reason',
    'refusal',
    rewriting('lost', (event) => ({ ...event, type: 'TransferRefused' })),
  ],
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
  [
    'an event is of an unknown type',
    'books',
    rewriting('lost', (event) => ({ ...event, type: 'X' })),
  ],
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
  [
    'the service fails',
    'answer',
    answering(SPLIT, (answer) => turnedAway(500, 'INTERNAL', answer)),
  ],
];

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

describe('the auditor', () => {
  it('finds nothing in a true record, lost answers included', () => {
    expect(audit(truth.events, truth.journal).findings).toEqual([]);
    expect(truth.events.some(isTransfer('lost'))).toBe(true);
    expect(truth.events.some(isTransfer('never'))).toBe(false);
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
