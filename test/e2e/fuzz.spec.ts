// Bodies and paths that nobody thought of: none is answered with a 500, all in the envelope. A failing
// run prints its seed.
import fc from 'fast-check';
import { type Client, type TestApi, clientFor, startTestApi } from '../support/api.js';
import { type TestEventStore, startTestEventStore } from '../support/stores.js';

const RUNS = 300;
/** On a machine that is busy with other things. */
const PATIENCE_MS = 60_000;
const LEDGER = '/v1/ledgers/fuzz';

let events: TestEventStore;
let api: TestApi;
let ask: Client;

beforeAll(async () => {
  events = await startTestEventStore();
  api = await startTestApi({ eventStoreUrl: events.url });
  ask = clientFor(api.url);
  await ask('POST', '/v1/ledgers', { body: { id: 'fuzz', name: 'Fuzz' } });
  for (const address of ['a', 'b']) {
    const body = { address, type: 'asset', currency: 'EUR', overdraftLimit: null };
    await ask('POST', `${LEDGER}/accounts`, { body });
  }
  const move = { debit: 'a', credit: 'b', amount: '1', currency: 'EUR' };
  for (const body of [
    { ...move, id: 'held', pending: {} },
    { ...move, id: 'posted' },
  ]) {
    await ask('POST', `${LEDGER}/transfers`, { body });
  }
});
afterAll(async () => {
  await api.stop();
  await events.remove();
});

const anyJson = fc.jsonValue({ maxDepth: 3 });
const often = <T>(...likely: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...likely) }, { weight: 1, arbitrary: anyJson });
const leg = {
  debit: often('a', 'b', 'a b', ''),
  credit: often('a', 'b', 'c'),
  amount: often<unknown>('1', '0.01', '0', '-1', '1e9', 1, '9'.repeat(30)),
  currency: often('EUR', 'USD', 'eur'),
  expectedVersions: often<unknown>({ debit: 1 }, { credit: 0 }, {}, { debit: '1' }),
};
const bounds = often<unknown>({ gte: '-1' }, { lte: '1e9' }, { eq: '0.001' }, {});
const anyCondition = fc.record(
  { account: often('a', 'c'), version: often(1, 0, 1.5), balance: bounds, available: bounds },
  { requiredKeys: [] },
);
const anyTransfer = fc.record(
  {
    ...leg,
    legs: fc.option(fc.array(fc.oneof(fc.record(leg), anyJson), { maxLength: 3 })),
    pending: often<unknown>({}, { expiresAt: '2999-01-01T00:00:00Z' }, { expiresAt: 1 }),
    conditions: fc.option(fc.array(fc.oneof(anyCondition, anyJson), { maxLength: 3 })),
    id: often('x', 'y', 'x y'),
    effectiveAt: often('2026-01-15T09:30:00Z', '2026-02-30T00:00:00Z', 'now'),
    reference: often('r', ''),
    description: often('d'),
    metadata: fc.oneof(fc.dictionary(fc.string(), fc.string()), anyJson),
  },
  { requiredKeys: [] },
);
const anyAccount = fc.record(
  {
    address: often('a', 'b', 'n:1', ':'),
    type: often('asset', 'debt'),
    currency: often('EUR', 'XYZ'),
    overdraftLimit: often<unknown>('0', null, '-1'),
    balanceLimit: often<unknown>(null, '10', '0.001'),
    metadata: anyJson,
  },
  { requiredKeys: [] },
);

const anyChange = fc.record(
  {
    overdraftLimit: often<unknown>('0', null, '-1'),
    balanceLimit: often<unknown>(null, '10', '0.001'),
    metadata: fc.oneof(fc.dictionary(fc.string(), fc.string()), anyJson),
  },
  { requiredKeys: [] },
);
const anyReason = fc.record(
  { reason: often('asked for', ''), freeze: often('all', 'debits') },
  { requiredKeys: [] },
);

const part = fc.record({ leg: often(0, 1, 100), amount: leg.amount }, { requiredKeys: [] });
const anyAct = fc.record(
  {
    id: often('x', 'y', 'x y'),
    amount: leg.amount,
    parts: fc.option(fc.array(fc.oneof(part, anyJson), { maxLength: 3 })),
    final: often(true, false),
    reason: often('asked for', ''),
    effectiveAt: often('2026-01-15T09:30:00Z', 'now'),
    metadata: anyJson,
  },
  { requiredKeys: [] },
);
const anyPeriod = fc.record(
  {
    through: often('2020-02-29', '2021-02-29', '9999-12-31'),
    closedThrough: often(null, '2020-01-31', '2020-02-30'),
    reason: often('asked for', ''),
  },
  { requiredKeys: [] },
);

const anyBatch = fc.record(
  {
    atomic: often<unknown>(true, false, 'true'),
    id: often('x', 'batch', 'x y'),
    transfers: fc.oneof(
      { weight: 5, arbitrary: fc.array(fc.oneof(anyTransfer, anyJson), { maxLength: 4 }) },
      { weight: 1, arbitrary: anyJson },
    ),
  },
  { requiredKeys: [] },
);
const anyExchange = fc.record(
  {
    id: often('x', 'exchange', 'x y'),
    from: leg.debit,
    to: leg.credit,
    sell: leg.amount,
    buy: fc.option(leg.amount),
    rate: often<unknown>('1.5', '0', '1e3', 1.5),
    via: often<unknown>({ sell: 'a', buy: 'b' }, { sell: 'b', buy: 'a' }, {}),
    rounding: often<unknown>({ account: 'a' }, { account: 'b', mode: 'up' }, { mode: 'up' }),
    conditions: fc.option(fc.array(fc.oneof(anyCondition, anyJson), { maxLength: 3 })),
  },
  { requiredKeys: [] },
);

function expectEnvelope({ status, text }: { status: number; text: string }): void {
  expect([200, 201, 400, 404, 405, 409, 412, 422]).toContain(status);
  const { data, error, meta } = JSON.parse(text) as Record<string, unknown>;
  expect(meta).toBeDefined();
  expect((data === undefined) !== (error === undefined)).toBe(true);
}

describe('whatever is sent', () => {
  it.each([
    ['POST', 'transfers', anyTransfer],
    ['POST', 'accounts', anyAccount],
    ['PATCH', 'accounts/a', anyChange],
    ['POST', 'accounts/a/freeze', anyReason],
    ['POST', 'accounts/a/close', anyReason],
    ['POST', 'transfers/held/capture', anyAct],
    ['POST', 'transfers/held/void', anyAct],
    ['POST', 'transfers/posted/reverse', anyAct],
    ['POST', 'transfers/batch', anyBatch],
    ['POST', 'exchanges', anyExchange],
    ['POST', 'transfers/batch?dryRun=true', anyBatch],
    ['POST', 'exchanges?dryRun=true', anyExchange],
    ['POST', 'periods/close', anyPeriod],
    ['POST', 'periods/reopen', anyPeriod],
  ] as const)(
    'to %s %s is answered in the envelope, not with a 500',
    async (method, path, likely) => {
      const bodies = fc.oneof({ weight: 5, arbitrary: likely as fc.Arbitrary<unknown> }, anyJson);
      await fc.assert(
        fc.asyncProperty(bodies, async (body) => {
          expectEnvelope(await ask(method, `${LEDGER}/${path}`, { raw: JSON.stringify(body) }));
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE_MS,
  );

  it(
    'as a path is answered in the envelope, and not with a 500',
    async () => {
      const part = fc.string({ unit: 'binary', maxLength: 20 }).map(encodeURIComponentSafely);
      await fc.assert(
        fc.asyncProperty(part, part, async (ledger, address) => {
          const path = `/v1/ledgers/${ledger}/accounts/${address}?at=${address}`;
          const headers = { 'daybook-consistency': 'strong' };
          expectEnvelope(await ask('GET', path, { headers }));
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE_MS,
  );
});

// Half characters cannot be encoded; the browser would send them as what stands for unknown ones.
function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}
