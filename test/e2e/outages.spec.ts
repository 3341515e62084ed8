// The API while what it depends on comes and goes, and while it is being stopped.
import { type Client, type TestApi, clientFor, startTestApi } from '../support/api.js';
import { rawConnection } from '../support/raw-http.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { tokenFor } from '../support/tokens.js';
import { stoppedWithTheTest } from '../support/stopping.js';

let events: TestEventStore;
let postgres: TestPostgres;
let api: TestApi;
let ask: Client;

beforeAll(async () => {
  [events, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  api = await startTestApi({ eventStoreUrl: events.url, databaseUrl: postgres.url });
  ask = clientFor(api.url);
});
afterAll(async () => {
  await api.stop();
  await Promise.all([events.remove(), postgres.remove()]);
});

const ready = () => ask<{ status: string }>('GET', '/ready', { token: null });
const openLedger = (id: string) => ask('POST', '/v1/ledgers', { body: { id, name: id } });

describe('with both stores', () => {
  it('is live and ready, for everybody', async () => {
    const health = await ask<{ status: string }>('GET', '/health', { token: null });
    expect([health.status, health.data.status]).toEqual([200, 'live']);
    const { status, data } = await ready();
    expect([status, data.status]).toEqual([200, 'ready']);
  });
});

describe('without the event store', () => {
  beforeAll(() => events.stop());

  it('is live, says what is missing, and when to ask again', async () => {
    expect((await ask('GET', '/health', { token: null })).status).toBe(200);
    const { status, error, headers } = await ready();
    expect([status, error.code]).toEqual([503, 'NOT_READY']);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(error.details['missing']).toEqual([
      { name: 'event store', problem: expect.stringContaining('does not answer') as string },
    ]);
  });

  it('answers commands with 503 and Retry-After', async () => {
    const reply = await openLedger('later');
    expect(reply.status).toBe(503);
    expect(['EVENT_STORE_UNAVAILABLE', 'OUTCOME_UNKNOWN']).toContain(reply.error.code);
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('goes on by itself when it is back', async () => {
    await events.restart();
    let reply = await openLedger('later');
    // The client library's connection may take a moment to notice.
    for (let attempt = 0; attempt < 20 && reply.status === 503; attempt += 1) {
      reply = await openLedger('later');
    }
    expect([200, 201]).toContain(reply.status);
    expect((await ready()).status).toBe(200);
  });
});

describe('without Postgres', () => {
  beforeAll(() => postgres.stop());

  it('says what is missing, and takes commands', async () => {
    const { status, error } = await ready();
    expect([status, error.code]).toEqual([503, 'NOT_READY']);
    expect(error.message).toContain('Postgres');
    expect((await openLedger('meanwhile')).status).toBe(201);
  });

  it('answers queries with 503 and Retry-After', async () => {
    const reply = await ask('GET', '/v1/ledgers');
    expect([reply.status, reply.error.code]).toEqual([503, 'READ_MODEL_UNAVAILABLE']);
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('is ready again when it is back', async () => {
    await postgres.restart();
    expect((await ready()).status).toBe(200);
  });
});

describe('the documentation', () => {
  it('is a page that needs nothing from elsewhere', async () => {
    const page = await ask('GET', '/docs', { token: null });
    expect(page.status).toBe(200);
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
    expect(sources.length).toBeGreaterThan(2);
    for (const source of sources) {
      const { origin, pathname } = new URL(source, `${api.url}/docs`);
      expect(origin).toBe(api.url);
      expect((await ask('GET', pathname, { token: null })).status).toBe(200);
    }
  });

  it('describes the endpoints, with the token they need', async () => {
    interface Document {
      paths: Record<string, Record<string, { security?: object[]; responses: object }>>;
    }
    const { text } = await ask('GET', '/docs-json', { token: null });
    const { paths } = JSON.parse(text) as Document;
    const post = paths['/v1/ledgers/{ledger}/transfers']?.['post'];
    expect(post?.security).toEqual([{ bearer: [] }]);
    expect(Object.keys(post?.responses ?? {})).toEqual(
      expect.arrayContaining(['201', '400', '404', '409', '422', '503']),
    );
    expect(paths['/health']?.['get']?.security).toBeUndefined();
  });
});

describe('stopping', () => {
  it('answers what is under way, turns new requests away, and lets go of the port', async () => {
    const own = stoppedWithTheTest(await startTestApi({ eventStoreUrl: events.url }));
    const body = JSON.stringify({ id: 'last', name: 'Last' });
    const underWay = await rawConnection(own.url);
    underWay.send(
      `POST /v1/ledgers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenFor('admin')}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
        'Expect: 100-continue\r\n\r\n',
    );
    await underWay.received(/100 Continue/);
    const late = await rawConnection(own.url);
    late.send('GET /health HTTP/1.1\r\nHost: x\r\n');

    const stopped = own.stop();
    await refusal(own.url);
    late.send('\r\n');
    expect(await late.received(/SHUTTING_DOWN/)).toMatch(/^HTTP\/1\.1 503 /);
    underWay.send(body);
    expect(await underWay.received(/"openedAt"/)).toMatch(/HTTP\/1\.1 201 /);
    await stopped;
  });
});

/** Resolves when nothing takes connections there any more. */
async function refusal(url: string): Promise<void> {
  for (;;) {
    try {
      (await rawConnection(url)).end();
    } catch {
      return;
    }
  }
}
