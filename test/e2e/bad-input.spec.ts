// Bad input over HTTP. Whatever is sent: never a 500, never a change of state, always an answer in the
// envelope that names the field and what would be right.
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { createLedgerWriters } from '../../src/commands/ledger-writer/create-ledger-writers.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { type Client, type TestApi, clientFor, startTestApi } from '../support/api.js';
import { rawConnection } from '../support/raw-http.js';
import { type TestEventStore, startTestEventStore } from '../support/stores.js';
import { tokenFor } from '../support/tokens.js';
import { ACCOUNTS, HELD, LEDGER, LEDGERS, TRANSFERS, transfer } from './bad-input/case.js';
import { ACTS } from './bad-input/acts.js';
import { BATCHES } from './bad-input/batches.js';
import { CHANGES } from './bad-input/changes.js';
import { EXCHANGES, EXPLANATIONS } from './bad-input/exchanges.js';
import { HOLDS } from './bad-input/holds.js';
import { ACCOUNTS_AND_LEDGERS, CALLERS, PATHS, QUESTIONS } from './bad-input/others.js';
import { PERIODS, RULES } from './bad-input/periods.js';
import { AMOUNTS, BODIES, FIELDS } from './bad-input/transfers.js';

const ANSWER_LENGTH_MAX = 20_000;
let events: TestEventStore;
let api: TestApi;
let ask: Client;
const log = pino({ level: 'silent' });

beforeAll(async () => {
  events = await startTestEventStore();
  api = await startTestApi({ eventStoreUrl: events.url });
  ask = clientFor(api.url);
  await ask('POST', LEDGERS, { body: { id: LEDGER, name: 'Strict' } });
  const accounts = [
    { address: 'cash', type: 'asset', currency: 'EUR' },
    { address: 'world', type: 'equity', currency: 'EUR', overdraftLimit: null },
    { address: 'yen', type: 'asset', currency: 'JPY' },
    { address: 'pool:yen', type: 'equity', currency: 'JPY', overdraftLimit: null },
    { address: 'rest:yen', type: 'income', currency: 'JPY', overdraftLimit: null },
  ];
  for (const body of accounts) await ask('POST', ACCOUNTS, { body });
  await ask('POST', TRANSFERS, transfer({ id: HELD, pending: {} }));
});
afterAll(async () => {
  await api.stop();
  await events.remove();
});

/** Straight from the log, past the API under test. */
async function revisionOf(ledger: string): Promise<number> {
  const store = eventStoreDb(events.url, log);
  try {
    return (await createLedgerWriters(store, log).current(ledger)).revision;
  } finally {
    await store.close();
  }
}

describe.each([
  ['bodies', BODIES],
  ['amounts', AMOUNTS],
  ['fields of a transfer', FIELDS],
  ['pending, conditions and versions', HOLDS],
  ['acts on a transfer', ACTS],
  ['batches', BATCHES],
  ['exchanges', EXCHANGES],
  ['explanations', EXPLANATIONS],
  ['accounts and ledgers', ACCOUNTS_AND_LEDGERS],
  ['rules of a ledger', RULES],
  ['periods', PERIODS],
  ['changes of an account', CHANGES],
  ['callers', CALLERS],
  ['paths', PATHS],
  ['questions', QUESTIONS],
])('%s', (_group, cases) => {
  let before: number;
  beforeAll(async () => {
    before = await revisionOf(LEDGER);
  });

  it.each(cases)('$what: $answer', async ({ method, path, send, answer, field }) => {
    const reply = await ask(method, path, send);
    expect(`${reply.status} ${reply.error.code}`).toBe(answer);
    expect(reply.error.number).toMatch(/^DBK-\d{4}$/);
    expect(reply.text).not.toMatch(/node_modules|\.ts:\d|\.js:\d/);
    expect(reply.text.length).toBeLessThan(ANSWER_LENGTH_MAX);
    expect(reply.meta.requestId).toBe(reply.headers.get('x-request-id'));
    if (field === undefined) return;
    const problem = reply.error.details.fields?.find((told) => told.field === field);
    expect(problem?.problem).toMatch(/\S/);
    expect(problem?.expected).toMatch(/\S/);
  });

  it('left the ledger as it was, and opened none', async () => {
    expect(await revisionOf(LEDGER)).toBe(before);
    expect(await revisionOf('main')).toBe(-1);
    expect(await revisionOf('nowhere')).toBe(-1);
  });
});

describe('answers to bad input', () => {
  it('tell every wrong field at once', async () => {
    const reply = await ask('POST', TRANSFERS, {
      body: { debit: 'a b', credit: 7, amount: 1.5, currency: 'EUR', memo: '', id: '' },
    });
    const fields = reply.error.details.fields?.map(({ field }) => field);
    expect(fields?.sort()).toEqual(['amount', 'credit', 'debit', 'id', 'memo']);
  });

  it('tell a thousand wrong fields at most, and how many more there are', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`x${n}`, 1]));
    const { error } = await ask('POST', TRANSFERS, transfer(unknown));
    expect(error.details.fields).toHaveLength(1_000);
    expect(error.details['fieldsLeftOff']).toBe(2_000);
  });

  it('say to quote an amount that came as a number', async () => {
    const reply = await ask('POST', TRANSFERS, transfer({ amount: 12.5 }));
    expect(reply.error.details.fields?.[0]?.expected).toContain('"12.5" with quotes');
  });

  it('do not tell a ledger out of reach from one that is missing', async () => {
    const token = tokenFor('operator', ['nowhere', 'else']);
    const missing = await ask('POST', '/v1/ledgers/nowhere/transfers', { ...transfer({}), token });
    const outOfReach = await ask('POST', TRANSFERS, { ...transfer({}), token });
    expect(outOfReach.error).toEqual(missing.error);
    expect(outOfReach.status).toBe(missing.status);
  });

  it('name a way to authenticate', async () => {
    const reply = await ask('POST', TRANSFERS, { ...transfer({}), token: null });
    expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('name the methods that a path has', async () => {
    const reply = await ask('DELETE', TRANSFERS, {});
    expect(reply.headers.get('allow')?.split(', ')).toContain('POST');
  });

  it('come with an id of their own when the one that was sent cannot be used', async () => {
    const headers = { 'x-request-id': 'x'.repeat(129) };
    const reply = await ask('POST', TRANSFERS, { ...transfer({}), headers });
    expect(reply.status).toBe(400);
    expect(reply.meta.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('leave the way free for the same id, corrected', async () => {
    const id = randomUUID();
    const wrong = await ask('POST', TRANSFERS, transfer({ id, amount: '1.001' }));
    expect(wrong.status).toBe(400);
    const right = await ask('POST', TRANSFERS, transfer({ id, amount: '1.01' }));
    expect(right.status).toBe(201);
  });

  it('are 400 for what is not HTTP', async () => {
    const connection = await rawConnection(api.url);
    connection.send('NONSENSE\r\n\r\n');
    expect(await connection.received(/\r\n/)).toMatch(/^HTTP\/1\.1 400 /);
  });
});
