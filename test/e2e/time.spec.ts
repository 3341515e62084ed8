// Balances at other times as callers meet them: two axes, statements, and what changed since. The days on
// which things count are given; those on which they are recorded are the present, so the test waits
// between them for the clock to move on.
import { type Running } from '../../src/platform/process-frame.js';
import { type StatementAnswer } from '../../src/queries/get-statement/dto.js';
import { type Restatement } from '../../src/queries/list-restatements/dto.js';
import { type TrialBalanceAnswer } from '../../src/queries/trial-balance/dto.js';
import { type Client, type TestApi, clientFor, startTestApi } from '../support/api.js';
import { startTestProjector } from '../support/projector.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';

interface Told {
  readonly revision: number;
  readonly recordedAt: string;
}

const EUR = { currency: 'EUR' };
const LEDGER = '/v1/ledgers/shop';
const ANN = `${LEDGER}/accounts/customers:ann`;

let events: TestEventStore;
let postgres: TestPostgres;
let projector: Running;
let api: TestApi;
let call: Client;
/** When June was thought to be complete, and of the last event. */
let june: Told;
let last: Told;

async function post(path: string, body: object): Promise<Told> {
  const { status, meta, data, text } = await call<Told>('POST', path, { body });
  if (status !== 201 || meta.revision === undefined) throw new Error(text);
  return { revision: meta.revision, recordedAt: data.recordedAt };
}

async function get<T>(path: string): Promise<T> {
  const [url, query = ''] = path.split('?');
  const { status, data, text } = await call<T>(
    'GET',
    `${url}?minRevision=${last.revision}&${query}`,
  );
  if (status !== 200) throw new Error(text);
  return data;
}

/** A deposit of Ann's, or what she spent. */
const deposit = (id: string, amount: string, effectiveAt: string) =>
  post(`${LEDGER}/transfers`, {
    ...{ id, debit: 'world', credit: 'customers:ann', amount, effectiveAt, ...EUR },
  });
const payment = (id: string, amount: string, effectiveAt: string) =>
  post(`${LEDGER}/transfers`, {
    ...{ id, debit: 'customers:ann', credit: 'sales', amount, effectiveAt, ...EUR },
  });

beforeAll(async () => {
  [events, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  const stores = { eventStoreUrl: events.url, databaseUrl: postgres.url };
  projector = await startTestProjector(stores);
  api = await startTestApi(stores);
  call = clientFor(api.url);
  await post('/v1/ledgers', { id: 'shop', name: 'Shop' });
  for (const account of [
    { address: 'world', type: 'asset', overdraftLimit: null },
    { address: 'customers:ann', type: 'liability' },
    { address: 'sales', type: 'income' },
  ]) {
    await post(`${LEDGER}/accounts`, { ...account, ...EUR });
  }
  await deposit('may', '100', '2021-05-31T23:59:59.999Z');
  await deposit('june', '50', '2021-06-15T12:00:00Z');
  june = await payment('spent', '30', '2021-06-30T23:59:59.999Z');
  await deposit('july', '7', '2021-07-01T00:00:00Z');
  while (Date.now() <= Date.parse(june.recordedAt) + 1) await new Promise(setImmediate);
  await payment('late', '20', '2021-06-15T12:00:00Z');
  last = await deposit('ahead', '1000', '2100-01-01T00:00:00Z');
}, 60_000);
afterAll(async () => {
  await api.stop();
  await projector.stop();
  await Promise.all([events.remove(), postgres.remove()]);
}, 60_000);

describe('a balance', () => {
  const balance = async (query: string) =>
    (await get<{ balance: string }>(`${ANN}?${query}`)).balance;
  const knownInJune = () => `knownAt=${june.recordedAt}`;

  it('now is of everything recorded, also of what counts in the future', async () => {
    expect(await balance('')).toBe('1107.00');
    expect(await balance('at=9999-12-31')).toBe('1107.00');
    expect(await balance('at=2099-12-31')).toBe('107.00');
  });

  it.each([
    ['2021-05-31', '100.00'],
    ['2021-05-31T23:59:59.998Z', '0.00'],
    ['2021-05-31T23:59:59.999Z', '100.00'],
    ['2021-06-01T01:59:59.999%2B02:00', '100.00'],
    ['2021-06-30', '100.00'],
    ['2021-07-01', '107.00'],
    ['0001-01-01', '0.00'],
  ])('at %s is %s', async (at, expected) => {
    expect(await balance(`at=${at}`)).toBe(expected);
  });

  it('as it was known is of what was recorded by then, whenever it counts', async () => {
    expect(await balance(knownInJune())).toBe('120.00');
    expect(await balance('knownAt=2020-01-01')).toBe('0.00');
    expect(await balance('knownAt=9999-12-31')).toBe('1107.00');
  });

  it('of both times is what was thought then of that time', async () => {
    expect(await balance(`at=2021-06-30&${knownInJune()}`)).toBe('120.00');
    expect(await balance(`at=2021-05-31&${knownInJune()}`)).toBe('100.00');
    expect(await balance('at=2021-06-30&knownAt=9999-12-31')).toBe('100.00');
  });

  it('of another time tells only what can be told of it', async () => {
    const path = `${ANN}?at=2021-06-30&knownAt=${june.recordedAt}`;
    expect(await get(path)).toEqual({
      ...{ address: 'customers:ann', type: 'liability', currency: 'EUR' },
      ...{ at: '2021-06-30T23:59:59.999Z', knownAt: june.recordedAt },
      ...{ balance: '120.00', posted: { debits: '30.00', credits: '150.00' } },
      openedAt: expect.any(String) as string,
    });
  });

  it('of another time is not asked of the write side', async () => {
    const headers = { 'Daybook-Consistency': 'strong' };
    const { status, error } = await call('GET', `${ANN}?at=2021-06-30`, { headers });
    expect([status, error.details.fields?.[0]?.field]).toEqual([400, 'Daybook-Consistency']);
  });

  it('of nobody is not found', async () => {
    const { error } = await call('GET', `${LEDGER}/accounts/nobody?at=2021-06-30`);
    expect(error.code).toBe('ACCOUNT_NOT_FOUND');
  });
});

describe('a trial balance', () => {
  it('at another time agrees, and says of which time it is', async () => {
    const path = `${LEDGER}/trial-balance?at=2021-06-30&knownAt=${june.recordedAt}`;
    const { at, knownAt, agrees, currencies } = await get<TrialBalanceAnswer>(path);
    expect([at, knownAt, agrees]).toEqual(['2021-06-30T23:59:59.999Z', june.recordedAt, true]);
    const [euros] = currencies;
    expect(euros).toMatchObject({ debits: '180.00', credits: '180.00', difference: '0.00' });
    expect(euros?.types).toEqual([
      ...[{ type: 'asset', accounts: 1, debits: '150.00', credits: '0.00', difference: '150.00' }],
      { type: 'income', accounts: 1, debits: '0.00', credits: '30.00', difference: '-30.00' },
      { type: 'liability', accounts: 1, debits: '30.00', credits: '150.00', difference: '-120.00' },
    ]);
  });

  it('of one currency, before anything was known, is empty', async () => {
    const path = `${LEDGER}/trial-balance?knownAt=2020-01-01&currency=EUR`;
    expect(await get(path)).toMatchObject({ agrees: true, currencies: [] });
  });
});

describe('a statement', () => {
  const statement = (query: string) => get<StatementAnswer>(`${ANN}/statement?${query}`);
  const linesOf = ({ lines }: StatementAnswer) =>
    lines.map(({ transferId, side, amount, balance }) => [transferId, side, amount, balance]);

  it('has the lines of its period in the order in which they count', async () => {
    const june = await statement('from=2021-06-01&to=2021-07-01');
    expect(linesOf(june)).toEqual([
      ['june', 'credit', '50.00', '150.00'],
      ['late', 'debit', '20.00', '130.00'],
      ['spent', 'debit', '30.00', '100.00'],
    ]);
    expect(june).toMatchObject({
      ...{ from: '2021-06-01T00:00:00.000Z', to: '2021-07-01T00:00:00.000Z' },
      ...{ opening: '100.00', closing: '100.00' },
      totals: { debits: '50.00', credits: '50.00' },
    });
  });

  it('as it was known leaves out what was recorded later', async () => {
    const query = `from=2021-06-01&to=2021-07-01&knownAt=${june.recordedAt}`;
    expect(await statement(query)).toMatchObject({ opening: '100.00', closing: '120.00' });
  });

  it('without a period is of everything', async () => {
    const all = await statement('');
    expect(all).toMatchObject({ opening: '0.00', closing: '1107.00' });
    expect(all.lines.map(({ transferId }) => transferId)).toEqual([
      ...['may', 'june', 'late', 'spent', 'july', 'ahead'],
    ]);
  });

  it('of an empty period closes as it opens', async () => {
    const empty = await statement('from=2021-06-16&to=2021-06-30');
    expect(empty).toMatchObject({ opening: '130.00', closing: '130.00', lines: [] });
  });

  it('stays as its first page was, whatever is recorded between the pages', async () => {
    const path = `${ANN}/statement?from=2021-06-01&to=2021-07-02&limit=2`;
    const first = await call<StatementAnswer>('GET', `${path}&minRevision=${last.revision}`);
    last = await payment('later-still', '1', '2021-06-15T12:00:00Z');
    last = await payment('at-the-end', '2', '2021-07-01T12:00:00Z');
    const second = await call<StatementAnswer>(
      'GET',
      `${path}&minRevision=${last.revision}&cursor=${first.meta.nextCursor}`,
    );
    expect(linesOf(first.data)).toEqual([
      ['june', 'credit', '50.00', '150.00'],
      ['late', 'debit', '20.00', '130.00'],
    ]);
    expect(linesOf(second.data)).toEqual([
      ['spent', 'debit', '30.00', '100.00'],
      ['july', 'credit', '7.00', '107.00'],
    ]);
    expect(second.meta.nextCursor).toBeUndefined();
    expect(second.data).toEqual({ ...first.data, lines: second.data.lines });
    expect(await statement('from=2021-06-01&to=2021-07-02')).toMatchObject({ closing: '104.00' });
  });

  it('of nobody is not found', async () => {
    const { error } = await call('GET', `${LEDGER}/accounts/nobody/statement`);
    expect(error.code).toBe('ACCOUNT_NOT_FOUND');
  });
});

describe('restatements', () => {
  const restatements = (query: string) =>
    get<Restatement[]>(`${LEDGER}/restatements?knownTo=${last.recordedAt}&${query}`);
  /** What was recorded since June was thought to be complete. */
  const since = () => `knownFrom=${june.recordedAt}`;

  it('say what changed since of a time, for whom, and by which transfers', async () => {
    const found = await restatements(`at=2021-06-30&${since()}`);
    expect(found).toEqual([
      {
        ...{ address: 'customers:ann', type: 'liability', currency: 'EUR' },
        ...{ before: '120.00', after: '99.00', difference: '-21.00' },
        transfers: [
          transfer('late', '-20.00', '2021-06-15T12:00:00.000Z'),
          transfer('later-still', '-1.00', '2021-06-15T12:00:00.000Z'),
        ],
      },
      {
        ...{ address: 'sales', type: 'income', currency: 'EUR' },
        ...{ before: '30.00', after: '51.00', difference: '21.00' },
        transfers: [
          transfer('late', '20.00', '2021-06-15T12:00:00.000Z'),
          transfer('later-still', '1.00', '2021-06-15T12:00:00.000Z'),
        ],
      },
    ]);
    const [ann] = found;
    const asOf = `at=2021-06-30&knownAt=${last.recordedAt}`;
    expect((await get<{ balance: string }>(`${ANN}?${asOf}`)).balance).toBe(ann?.after);
  });

  it('are by default of what was back-dated to before it was known', async () => {
    const dated = (await restatements(since())).flatMap(({ transfers }) => transfers);
    expect(new Set(dated.map(({ id }) => id))).toEqual(
      new Set(['july', 'late', 'later-still', 'at-the-end']),
    );
    expect(await restatements(`at=2021-05-31&${since()}`)).toEqual([]);
  });

  it('from the beginning are whole balances', async () => {
    const found = await restatements('at=2021-05-31&knownFrom=2020-01-01');
    expect(found.map(({ address, before, after }) => [address, before, after])).toEqual([
      ['customers:ann', '0.00', '100.00'],
      ['world', '0.00', '100.00'],
    ]);
  });

  it('stay as their first page was, whatever is recorded between the pages', async () => {
    for (const from of [june.recordedAt, '2020-01-01']) {
      const path = `${LEDGER}/restatements?at=2021-06-30&knownFrom=${from}&limit=1`;
      const whole = await call<Restatement[]>('GET', path.replace('&limit=1', ''));
      let page = await call<Restatement[]>('GET', `${path}&minRevision=${last.revision}`);
      const found = [...page.data];
      last = await payment(`between-${found.length}-${from}`, '1', '2021-06-15T12:00:00Z');
      while (page.meta.nextCursor !== undefined) {
        const { revision } = last;
        page = await call('GET', `${path}&minRevision=${revision}&cursor=${page.meta.nextCursor}`);
        found.push(...page.data);
      }
      expect(found).toEqual(whole.data);
    }
  });

  function transfer(id: string, change: string, effectiveAt: string) {
    const text = expect.any(String) as string;
    return { id, change, effectiveAt, recordedAt: text, revision: expect.any(Number) as number };
  }
});

describe('bad input', () => {
  /** A cursor as a statement gives it, for another day. */
  const forged = async (time: string) => {
    const path = `${ANN}/statement?limit=1&minRevision=${last.revision}`;
    const { meta } = await call('GET', path);
    const [list, known, , ...place] = JSON.parse(
      Buffer.from(meta.nextCursor ?? '', 'base64url').toString(),
    ) as string[];
    return Buffer.from(JSON.stringify([list, known, time, ...place])).toString('base64url');
  };

  it.each(['2026-02-30T00:00:00.000Z', 'infinity', '-1'])('is a cursor of %s', async (time) => {
    const path = `${ANN}/statement?limit=1&cursor=${await forged(time)}`;
    const { status, error } = await call('GET', path);
    expect([status, error.code]).toEqual([400, 'INVALID_CURSOR']);
  });

  it('is also what is missing', async () => {
    const { status, error } = await call('GET', `${LEDGER}/restatements`);
    expect([status, error.details.fields?.[0]?.field]).toEqual([400, 'knownFrom']);
  });

  it.each([
    ...[`${ANN}?at=infinity`, `${ANN}?at=2026-02-30`, `${ANN}?at=2021-06-30T00:00:00`],
    ...[`${ANN}?at=`, `${ANN}?at=2026-01-01&at=2026-01-02`, `${ANN}?at=10000-01-01`],
    ...[`${ANN}?knownAt=now`, `${ANN}?knownAt=-1`, `${ANN}?knownAt=2021-06-30T00:00:00+02:00`],
    ...[`${LEDGER}/trial-balance?at=today`, `${LEDGER}/trial-balance?knownAt=%00`],
    ...[`${ANN}/statement?from=June`, `${ANN}/statement?to=2026-13-01`],
    ...[`${ANN}/statement?knownAt=x`, `${ANN}/statement?at=2021-06-30`],
    `${ANN}/statement?to=2021-06-01&from=2021-06-01`,
    `${ANN}/statement?limit=0`,
    ...[`${LEDGER}/restatements?knownFrom=x`, `${LEDGER}/restatements?knownFrom=2026-02-30`],
    `${LEDGER}/restatements?knownTo=2021-06-30&knownFrom=2021-06-30`,
    ...[`${LEDGER}/restatements?at=x&knownFrom=2021-06-30`],
    ...[`${LEDGER}/restatements?cursor=x&knownFrom=2021-06-30`],
    ...[`${ANN}/statement?cursor=abc`, `${ANN}/statement?minRevision=x`],
  ])('is told by its name: %s', async (path) => {
    const { status, error } = await call('GET', path);
    const named = /\?(?<name>\w+)=/.exec(path)?.groups?.['name'];
    expect([status, error.details.fields?.[0]?.field]).toEqual([400, named]);
    expect(error.details.fields?.[0]?.expected).toMatch(/\w/);
  });
});
