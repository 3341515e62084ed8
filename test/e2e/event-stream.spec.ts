// The live audit trail, over HTTP as its readers have it; the log and the API for real.
import { pino } from 'pino';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { newEvent } from '../contract/event-store.contract.js';
import { type Client, type TestApi, clientFor, startTestApi } from '../support/api.js';
import { type EventReader, readEvents } from '../support/sse-client.js';
import { stoppedWithTheTest } from '../support/stopping.js';
import { type TestEventStore, startTestEventStore } from '../support/stores.js';
import { signed, tokenFor } from '../support/tokens.js';

let events: TestEventStore;
let api: TestApi;
let ask: Client;
let idle: EventReader;
/** Never reads what it is sent. */
let stalled: EventReader;
const readers: EventReader[] = [];

const STREAM = '/v1/ledgers/shop/events/stream';
const AUDITOR = tokenFor('auditor', ['shop']);
const STALLED = signed({ sub: 'sleeper', role: 'auditor', ledgers: ['big'] });
const BIG_EVENTS = 40;
const BIG_EVENT_LENGTH = 500_000;

async function read(query = '', { token = AUDITOR, ...rest }: Partial<Options> = {}) {
  const reader = await readEvents(api.url + STREAM + query, { token, ...rest });
  readers.push(reader);
  return reader;
}
type Options = Parameters<typeof readEvents>[1];

/** Where to read a ledger of more than any buffer on the way holds. */
async function bigLedger(): Promise<string> {
  const store = eventStoreDb(events.url, pino({ level: 'silent' }));
  for (let revision = 0; revision < BIG_EVENTS; revision += 1) {
    const event = newEvent({ text: 'x'.repeat(BIG_EVENT_LENGTH) });
    await store.append(ledgerStream('big'), revision - 1, [event]);
  }
  await store.close();
  return `${api.url}/v1/ledgers/big/events/stream`;
}

/** An event more in the ledger; its revision. */
async function pay(ledger = 'shop'): Promise<number> {
  const { status, meta, text } = await ask('POST', `/v1/ledgers/${ledger}/transfers`, {
    body: { debit: 'cash', credit: 'world', amount: '1', currency: 'EUR' },
  });
  if (status !== 201) throw new Error(text);
  return meta.revision ?? -1;
}
async function open(ledger: string): Promise<void> {
  await ask('POST', '/v1/ledgers', { body: { id: ledger, name: ledger } });
  for (const address of ['cash', 'world']) {
    const body = { address, type: 'asset', currency: 'EUR', overdraftLimit: null };
    await ask('POST', `/v1/ledgers/${ledger}/accounts`, { body });
  }
}
async function untilLetIn(ask: () => Promise<EventReader>): Promise<EventReader> {
  for (;;) {
    const reader = await ask();
    if (reader.status === 200) return reader;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
async function take(reader: EventReader, count: number): Promise<number[]> {
  const ids: number[] = [];
  while (ids.length < count) {
    const event = await reader.next();
    if (!event) throw new Error(`ended after ${ids.join()}: ${reader.comments().join()}`);
    ids.push(Number(event.id));
  }
  return ids;
}

beforeAll(async () => {
  events = await startTestEventStore();
  api = await startTestApi({ eventStoreUrl: events.url });
  ask = clientFor(api.url);
  await open('shop');
  await open('shop-2');
  idle = await readEvents(`${api.url}/v1/ledgers/shop-2/events/stream`, {
    token: tokenFor('admin'),
  });
  stalled = await readEvents(`${await bigLedger()}?from=0`, { token: STALLED });
});
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});
afterAll(async () => {
  idle.close();
  await api.stop();
  await events.remove();
});

describe('a stream of events', () => {
  it('has what comes from now on, as the list of events has it', async () => {
    const reader = await read();
    expect(reader.status).toBe(200);
    expect(reader.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(reader.headers.get('cache-control')).toBe('no-store');
    expect(reader.headers.get('x-request-id')).toMatch(/\S/);
    const coming = reader.next();
    await pay('shop-2');
    const revision = await pay();
    const event = await coming;
    expect([event?.id, event?.type]).toEqual([String(revision), 'TransferPosted']);
    const list = await ask<unknown[]>('GET', `/v1/ledgers/shop/events?from=${revision}`);
    expect(event?.data).toEqual(list.data[0]);
  });

  it('begins where it is told to', async () => {
    const revision = await pay();
    const all = Array.from({ length: revision + 1 }, (_, n) => n);
    expect(await take(await read('?from=0'), all.length)).toEqual(all);
    expect(await take(await read('?from=2'), all.length - 2)).toEqual(all.slice(2));
    expect(await take(await read('', { lastEventId: '1' }), all.length - 2)).toEqual(all.slice(2));
    const next = await read(`?from=${revision + 1}`);
    const coming = take(next, 1);
    await pay();
    expect(await coming).toEqual([revision + 1]);
  });

  it('goes on after the last event rather than where it once began', async () => {
    expect(await take(await read('?from=0', { lastEventId: '3' }), 1)).toEqual([4]);
  });

  it('tells at once where to come back to', async () => {
    const revision = await pay();
    const reader = await read();
    const coming = take(reader, 1);
    await pay();
    await pay();
    expect(await coming).toEqual([revision + 1]);
    reader.close();
    const back = await read('', { lastEventId: reader.lastEventId() });
    expect(await take(back, 1)).toEqual([revision + 2]);
    const silent = await read();
    while (silent.lastEventId() === undefined) await silent.more();
    expect(silent.lastEventId()).toBe(String(revision + 2));
  });

  it('goes to many readers, and to each in full', async () => {
    const revision = await pay();
    const several = await Promise.all(Array.from({ length: 5 }, () => read()));
    const taken = Promise.all(several.map((reader) => take(reader, 10)));
    for (let count = 0; count < 10; count += 1) await pay();
    for (const ids of await taken) {
      expect(ids).toEqual(Array.from({ length: 10 }, (_, n) => revision + 1 + n));
    }
  });

  it('goes on when the event store comes back', async () => {
    const revision = await pay();
    const reader = await read();
    const coming = take(reader, 3);
    await pay();
    await events.stop();
    const away = await read();
    expect(away.status).toBe(503);
    await events.restart();
    await untilLetIn(() => read());
    await pay();
    await pay();
    expect(await coming).toEqual([revision + 1, revision + 2, revision + 3]);
  });
});

it('a question about a stream alone is answered, and over', async () => {
  const headers = { authorization: `Bearer ${AUDITOR}` };
  const answer = await fetch(api.url + STREAM, { method: 'HEAD', headers });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
});

describe('a stream is refused', () => {
  it.each([
    ['a role that may not read the audit trail', tokenFor('reader', ['shop']), 403, 'FORBIDDEN'],
    ['a token for other ledgers', tokenFor('auditor', ['no']), 404, 'LEDGER_NOT_FOUND'],
    ['no token', null, 401, 'UNAUTHENTICATED'],
  ])('%s', async (_what, token, status, code) => {
    const reply = await ask('GET', STREAM, { token });
    expect([reply.status, reply.error.code]).toEqual([status, code]);
  });

  it('of a ledger that is not there', async () => {
    const { error } = await ask('GET', '/v1/ledgers/nowhere/events/stream');
    expect(error.code).toBe('LEDGER_NOT_FOUND');
  });

  it.each(['x', '-1', '1.5', '9'.repeat(40), '999999'])('Last-Event-ID: %s', async (id) => {
    const { status, error } = await ask('GET', STREAM, { headers: { 'Last-Event-ID': id } });
    expect([status, error.details.fields?.[0]?.field]).toEqual([400, 'Last-Event-ID']);
  });

  it('from beyond the end', async () => {
    const { status, error } = await ask('GET', `${STREAM}?from=999999`);
    expect([status, error.details.fields?.[0]?.field]).toEqual([400, 'from']);
  });

  it('to a caller who has too many open, until one is closed', async () => {
    const token = tokenFor('admin', ['*']);
    const many = await Promise.all(Array.from({ length: 19 }, () => read('', { token })));
    const refused = await ask('GET', STREAM, { token });
    expect([refused.status, refused.error.code]).toEqual([429, 'TOO_MANY_STREAMS']);
    expect(refused.error.details).toMatchObject({ own: 20, ownMax: 20 });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await read()).status).toBe(200);
    many[0]?.close();
    await untilLetIn(() => read('', { token }));
  });
});

describe('a stream ends', () => {
  it('when the token expires', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 2;
    const token = signed({ sub: 'brief', role: 'auditor', ledgers: ['shop'], exp });
    const reader = await read('', { token });
    expect(reader.status).toBe(200);
    expect(await reader.next()).toBeUndefined();
    expect(reader.comments().at(-1)).toBe('the end: the token has expired');
  });

  it('when the process stops, which does not wait for it', async () => {
    const other = stoppedWithTheTest(await startTestApi({ eventStoreUrl: events.url }));
    const reader = await readEvents(other.url + STREAM, { token: AUDITOR });
    const last = reader.next();
    await other.stop();
    expect(await last).toBeUndefined();
    expect(reader.comments().at(-1)).toBe('the end: this process is stopping');
    expect(reader.lastEventId()).toMatch(/^\d+$/);
  });

  it('when its reader takes nothing, who comes back and has the rest', async () => {
    const url = `${api.url}/v1/ledgers/big/events/stream`;
    const others = await Promise.all(
      Array.from({ length: 19 }, () => readEvents(url, { token: STALLED })),
    );
    readers.push(...others);
    readers.push(await untilLetIn(() => readEvents(url, { token: STALLED })));
    const ids: number[] = [];
    for (let event = await stalled.next(); event; event = await stalled.next()) {
      ids.push(Number(event.id));
    }
    expect(ids.length).toBeLessThan(BIG_EVENTS);
    others[0]?.close();
    const place = { token: STALLED, lastEventId: stalled.lastEventId() };
    const back = await untilLetIn(() => readEvents(url, place));
    readers.push(back);
    ids.push(...(await take(back, BIG_EVENTS - ids.length)));
    expect(ids).toEqual(Array.from({ length: BIG_EVENTS }, (_, n) => n));
  });

  it('not while nothing happens: comments keep it alive', async () => {
    while (!idle.comments().includes('still here')) await idle.more();
  });
});
