// What was answered to those who asked for a transfer, and for acts on it, is what the read side tells of it.
import { type CaptureAnswer } from '../../src/commands/capture-transfer/capture-answer.js';
import { type TransferAnswer as Decided } from '../../src/commands/post-transfer/transfer-answer.js';
import { type VoidAnswer } from '../../src/commands/void-transfer/void-answer.js';
import { type Running } from '../../src/platform/process-frame.js';
import { type TransferAnswer } from '../../src/queries/transfer-answer.js';
import { startTestProjector } from '../support/projector.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { type TwoApis, openShop, startTwoApis } from '../support/two-apis.js';

let events: TestEventStore;
let postgres: TestPostgres;
let projector: Running;
let apis: TwoApis;
let count = 0;
let ledger: string;

beforeAll(async () => {
  [events, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  const stores = { eventStoreUrl: events.url, databaseUrl: postgres.url };
  projector = await startTestProjector(stores);
  apis = await startTwoApis(stores);
}, 60_000);
afterAll(async () => {
  await apis.stop();
  await projector.stop();
  await Promise.all([events.remove(), postgres.remove()]);
}, 60_000);
beforeEach(async () => {
  count += 1;
  ledger = `read-${count}`;
  await openShop(apis.ask, ledger, { rules: { pastDaysMax: 30 } });
});

const send = <T>(path: string, body: object) =>
  apis.ask<T>('POST', `/v1/ledgers/${ledger}/${path}`, { body });
const post = (body: object) =>
  send<Decided>('transfers', { debit: 'alice', credit: 'bob', currency: 'EUR', ...body });
const read = async (path: string, revision = 0) => {
  const url = `/v1/ledgers/${ledger}${path}?minRevision=${revision}`;
  return (await apis.other<TransferAnswer>('GET', url)).data;
};

/** The fields that an answer to a command has and a read does not show there. */
function without<T extends object>(answer: T, ...fields: (keyof T)[]): Partial<T> {
  const left = Object.entries(answer).filter(([field]) => !fields.includes(field as keyof T));
  return Object.fromEntries(left) as Partial<T>;
}

describe('reading back', () => {
  it('a pending transfer with conditions and versions gives what was answered', async () => {
    const { data } = await post({
      ...{ id: 'hold', amount: '60', reference: 'INV-1', metadata: { b: '1', a: '2' } },
      ...{ pending: {}, expectedVersions: { debit: 2 } },
      conditions: [{ account: 'bob', version: 1, balance: { lte: '0' } }],
    });
    const told = await read('/transfers/hold', data.revision);
    expect(told).toMatchObject(without(data, 'balances'));
    expect(told.totals).toEqual([{ held: '60.00', posted: '0.00', reversed: '0.00' }]);
  });

  it('what acts made of it gives the acts as they were answered', async () => {
    await post({ id: 'hold', amount: '60', pending: {} });
    const acts = 'transfers/hold';
    const captured = await send<CaptureAnswer>(`${acts}/capture`, { amount: '30' });
    const voided = await send<VoidAnswer>(`${acts}/void`, { amount: '10', reason: 'one less' });
    await send(`${acts}/capture`, { id: 'much', amount: '20.01' });
    const final = await send<CaptureAnswer>(`${acts}/capture`, { amount: '15', final: true });
    const back = await send<Decided>(`${acts}/reverse`, { amount: '5', reason: 'returned' });
    const told = await read('/transfers/hold', back.data.revision);
    expect([told.state, told.totals]).toEqual(['posted', back.data.totals]);
    const beyond = ['transfer', 'state', 'parts', 'totals', 'balances'] as const;
    const described = ['description', 'metadata'] as const;
    expect(told.captures).toEqual(
      [captured, final].map(({ data }) => without(data, ...beyond, ...described)),
    );
    expect(told.voids).toEqual([without(voided.data, ...beyond)]);
    expect(told.reversals).toMatchObject([{ id: back.data.id, reason: 'returned' }]);
    const reversal = await read(`/transfers/${back.data.id}`);
    expect(reversal).toMatchObject(without(back.data, 'balances', 'totals'));
    expect((await apis.ask('GET', `/v1/ledgers/${ledger}/transfers/much`)).status).toBe(404);
  });

  it('a refused one gives its refusal', async () => {
    const body = { id: 'p', amount: '1', conditions: [{ account: 'alice', version: 9 }] };
    const refused = await post(body);
    const told = await read('/transfers/p', refused.meta.revision);
    expect(told).toMatchObject({
      state: 'refused',
      refusal: {
        code: 'CONDITIONS_NOT_MET',
        evidence: refused.error.details['evidence'],
      },
    });
  });

  it('the ledger gives its rules, and what is closed', async () => {
    const closed = await send('periods/close', { through: '2026-05-31', reason: 'reported' });
    const told = await read('', closed.meta.revision);
    expect(told).toMatchObject({
      rules: { uniqueReferences: false, pastDaysMax: 30, futureDaysMax: null },
      closedThrough: '2026-05-31',
    });
  });
});
