// `daybook projections` as an operator types it, beside a projector at work.
import { pino } from 'pino';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { type Running } from '../../src/platform/process-frame.js';
import { type Bank, bankOn } from '../support/bank.js';
import { COMMAND, run } from '../support/daybook-process.js';
import { startTestProjector } from '../support/projector.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { TEST_SECRET } from '../support/tokens.js';

interface Status {
  projection: string;
  generation: number;
  state: string;
  events: number;
  lag: number;
  caughtUp: boolean;
}

const NAMES = ['ledger', 'account', 'entry', 'balance-history', 'transfer', 'refusal'];

let node: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let bank: Bank;
let projector: Running;

beforeAll(async () => {
  [node, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  store = eventStoreDb(node.url, pino({ level: 'silent' }));
  bank = bankOn(store, 'bank');
  await bank.trade(40);
  projector = await startTestProjector({ eventStoreUrl: node.url, databaseUrl: postgres.url });
}, 60_000);
afterAll(async () => {
  await projector.stop();
  await bank.close();
  await store.close();
  await Promise.all([node.remove(), postgres.remove()]);
}, 60_000);

async function daybook(...words: string[]): Promise<{ code: unknown; out: string; err: string }> {
  const it = run(COMMAND, words, {
    EVENTSTORE_URL: node.url,
    DATABASE_URL: postgres.url,
    JWT_SECRET: TEST_SECRET,
  });
  return { code: await it.ended, out: it.out(), err: it.err() };
}

async function status(): Promise<Status[]> {
  const { out } = await daybook('projections', 'status', '--json');
  return (JSON.parse(out) as { projections: Status[] }).projections;
}

describe('daybook projections', () => {
  it('lists the read models', async () => {
    expect((await daybook('projections', 'list')).out.trim().split('\n')).toEqual(NAMES);
    const { out } = await daybook('projections', 'list', '--json');
    expect(JSON.parse(out)).toEqual({ projections: NAMES });
  });

  it('says how far each is', async () => {
    let statuses = await status();
    while (!statuses.every(({ caughtUp }) => caughtUp)) statuses = await status();
    const common = { generation: 1, state: 'live', events: bank.events(), lag: 0, caughtUp: true };
    expect(statuses).toMatchObject(NAMES.map((projection) => ({ projection, ...common })));
    const { code, out } = await daybook('projections', 'status');
    expect(code).toBe(0);
    expect(out).toContain(`${bank.events()} events · caught up`);
  }, 60_000);

  it('rebuilds them and goes on with the new ones', async () => {
    const rebuilt = await daybook('projections', 'rebuild', '--all', '--json');
    expect(rebuilt.code).toBe(0);
    expect(JSON.parse(rebuilt.out)).toEqual({
      ...{ generation: 2, replaced: 1, events: bank.events() },
    });
    await bank.trade(5);
    let statuses = await status();
    while (statuses[0]?.events !== bank.events()) statuses = await status();
    expect(statuses.map(({ generation, state }) => [generation, state])).toEqual(
      NAMES.map(() => [2, 'live']),
    );
    const told = await daybook('projections', 'rebuild', 'account');
    expect(told.err).toContain('Rebuilding 100%');
    expect(told.out).toContain('generation 3 replaced generation 2');
  }, 60_000);

  it('asks which, and knows which there are', async () => {
    const which = await daybook('projections', 'rebuild');
    expect([which.code, which.err]).toEqual([2, expect.stringContaining('--all')]);
    const unknown = await daybook('projections', 'rebuild', 'balances');
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('"balances"')]);
  });
});
