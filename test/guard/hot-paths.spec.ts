// Goal: no hot path gets structurally worse without anybody noticing. Method: the real stores, and what one
// process asks of them counted on the wire; time is not measured, so that a busy machine changes nothing.
import { randomUUID } from 'node:crypto';
import { getMetadataStorage } from 'class-validator';
import jsonwebtoken from 'jsonwebtoken';
import { type ClientBase, type PoolClient } from 'pg';
import { accountAsOf, statement } from '../../projections/balance-history/queries.js';
import { oneAccount } from '../../projections/account/queries.js';
import { follow } from '../../projections/engine/follow.js';
import { Applier } from '../../projections/engine/applier.js';
import { readCheckpoint } from '../../projections/engine/checkpoint.js';
import {
  analyzeTables,
  inTransaction,
  liveGeneration,
  schemaOf,
} from '../../projections/engine/generations.js';
import { type LedgerQuestion, askLedger } from '../../projections/engine/queries.js';
import { decideGroup } from '../../src/commands/ledger-writer/decide-group.js';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { evolve } from '../../src/domain/ledger/evolve.js';
import { emptyLedger } from '../../src/domain/ledger/state.js';
import { type StoredEvent } from '../../src/event-store/event-store.js';
import { GENESIS_HASH } from '../../src/event-store/hash-chain.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { accountOpened, ledgerOpened, leg, postTransfer } from '../support/ledger-factories.js';
import { openAccount, openLedger } from '../support/ledger-factories.js';
import { captureTransfer, holdTransfer } from '../support/transfer-factories.js';
import { BOUNDS } from './bounds.js';
import { type CountedStack, startCountedStack } from './counted-stack.js';

jest.setTimeout(120_000);
const LEDGER = 'guarded';
const ACCOUNTS = 400;
const HELD = 10;
const address = (n: number) => `customers:${String(n % ACCOUNTS).padStart(5, '0')}:wallet`;
/** Named by every second transfer. */
const TILL = 'shop:till';
const creditOf = (n: number) => (n % 2 === 0 ? TILL : address(n * 7 + 1));
const legs = (n: number) => [leg(address(n), creditOf(n), '12.34')];
const pay = (n: number) => postTransfer(randomUUID(), legs(n));
const many = <T>(count: number, make: (n: number) => T) =>
  Array.from({ length: count }, (_, n) => make(n));
const statementPage = statement({
  ...{ account: TILL, from: undefined, to: undefined, known: { at: undefined } },
  ...{ after: undefined, limit: 51 },
});
const balanceAtADate = accountAsOf(TILL, { at: '2100-01-01', knownAt: undefined });
const causation = () => {
  const id = randomUUID();
  return {
    ...{ actor: 'admin@test', requestId: id, correlationId: id, causationId: id },
    clientAddress: '127.0.0.1',
  };
};

let stack: CountedStack;

beforeAll(async () => {
  stack = await startCountedStack();
  await submitAll([
    openLedger({ ledger: LEDGER }),
    ...[TILL, ...many(ACCOUNTS, address)].map((address) =>
      openAccount({ address, overdraftLimit: null }),
    ),
    ...many(HELD, (n) => holdTransfer(`held-${n}`, legs(n))),
  ]);
});
afterAll(() => stack.stop());

const submitAll = (commands: readonly LedgerCommand[]) =>
  stack.backends.writers.submitAll(LEDGER, commands, causation());
const revision = async () => (await stack.backends.writers.current(LEDGER)).revision;

/** What was counted while something was done; of what is listed, how much of it. */
async function during<T extends object>(counts: T, work: () => Promise<unknown>) {
  const now = () =>
    Object.entries(counts).map(
      ([name, value]: [string, number | unknown[]]) =>
        [name, typeof value === 'number' ? value : value.length] as const,
    );
  const before = new Map<string, number>(now());
  await work();
  const grown = now().map(([name, value]) => [name, value - (before.get(name) ?? 0)]);
  return Object.fromEntries(grown) as Record<keyof T, number>;
}

describe('the event store is asked for', () => {
  it('one append when 500 commands come at once, and for no reads', async () => {
    const before = await revision();
    const sent = await during(stack.events, () =>
      Promise.all(many(500, (n) => stack.backends.writers.submit(LEDGER, pay(n), causation()))),
    );
    expect(await revision()).toBe(before + 500);
    expect(sent.calls).toBe(BOUNDS.callsOfAResidentWriter);
    expect(sent.messages).toBeLessThanOrEqual(BOUNDS.appendsOf500Commands);
  });

  it.each([
    ['as few appends as a batch of 1,000 fits into', false, BOUNDS.appendsOfABatchOf1000],
    ['one append for an atomic batch of 1,000', true, BOUNDS.appendsOfAnAtomicBatchOf1000],
  ])('%s', async (_what, atomic, appends) => {
    const transfers = many(1_000, (n) => ({ id: randomUUID(), legs: legs(n) }));
    const body = { atomic, transfers };
    const sent = await during(stack.events, async () => {
      const reply = await stack.ask('POST', `/v1/ledgers/${LEDGER}/transfers/batch`, { body });
      expect(reply.status).toBe(atomic ? 201 : 200);
    });
    expect(sent.calls).toBe(BOUNDS.callsOfAResidentWriter);
    expect(sent.messages).toBeLessThanOrEqual(appends);
  });

  it('few bytes for a transfer', async () => {
    const sent = await during(stack.events, () => submitAll(many(500, pay)));
    const stored = (await eventsFrom((await revision()) - 499)).map(({ data, metadata }) =>
      Buffer.byteLength(JSON.stringify(data) + JSON.stringify(metadata)),
    );
    expect(stored).toHaveLength(500);
    expect(Math.max(...stored)).toBeLessThanOrEqual(BOUNDS.eventBytes);
    const bytes = stored.reduce((sum, each) => sum + each);
    expect((sent.bytes - bytes) / 500).toBeLessThanOrEqual(BOUNDS.envelopeBytes);
  });
});

describe('a process', () => {
  it('makes the JSON of an event once', () => {
    const state = emptyLedger();
    evolve(state, ledgerOpened());
    for (const each of many(2, address))
      evolve(state, accountOpened(each, 'asset', { overdraftLimit: null }));
    const requests = many(100, (n) => ({
      command: postTransfer(randomUUID(), [leg(address(n % 2), address((n + 1) % 2), '1')]),
      causation: causation(),
    }));
    const stringify = jest.spyOn(JSON, 'stringify');
    const { events } = decideGroup({ stream: 'ledger-shop', state, hash: GENESIS_HASH }, requests);
    const calls = stringify.mock.calls.length;
    stringify.mockRestore();
    expect(events).toHaveLength(100);
    expect(calls).toBe(BOUNDS.jsonPerEvent * 100);
  });

  it('remembers the checks of a request, and the token', async () => {
    const post = (n: number) =>
      stack.ask('POST', `/v1/ledgers/${LEDGER}/transfers`, {
        body: { id: randomUUID(), legs: legs(n) },
      });
    expect((await post(1)).status).toBe(201);
    const lookups = jest.spyOn(getMetadataStorage(), 'getTargetValidationMetadatas');
    const verified = jest.spyOn(jsonwebtoken, 'verify');
    expect((await post(2)).status).toBe(201);
    const counts = [lookups, verified].map(({ mock }) => mock.calls.length);
    lookups.mockRestore();
    verified.mockRestore();
    expect(counts).toEqual([BOUNDS.validatorLookups, BOUNDS.signaturesVerified]);
  });
});

async function eventsFrom(from: number, limit?: number): Promise<StoredEvent[]> {
  const { store } = stack.backends;
  const events: StoredEvent[] = [];
  const options = { from, ...(limit !== undefined && { limit }) };
  for await (const event of store.readStream(ledgerStream(LEDGER), options)) events.push(event);
  return events;
}

/** Of everything that the generation keeps, indexes included. */
async function bytesKept(database: ClientBase, schema: string): Promise<number> {
  const { rows } = await database.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relkind = 'r'`,
    [schema],
  );
  return Number(rows[0]?.bytes);
}

const APPLIED_TOGETHER = 500;
const TRANSFERS_WEIGHED = 2_000;

/** The parts of the log that are applied together, in order. */
async function parts(): Promise<StoredEvent[][]> {
  const events = await eventsFrom(0);
  return many(Math.ceil(events.length / APPLIED_TOGETHER), (n) =>
    events.slice(n * APPLIED_TOGETHER, (n + 1) * APPLIED_TOGETHER),
  );
}

describe('Postgres is asked for', () => {
  let database: PoolClient;
  let applier: Applier;
  beforeAll(async () => {
    database = await stack.pool.connect();
    const { number: generation } = await liveGeneration(database);
    const checkpoint = await readCheckpoint(database, generation);
    if (!checkpoint) throw new Error('the live generation has no checkpoint');
    applier = new Applier({ database, checkpoint, parked: new Set() });
  });
  afterAll(() => database.release());
  const apply = async (events: readonly StoredEvent[]) => {
    const asked = await during(stack.projecting, () => applier.apply(events));
    // Nothing would be asked for a ledger whose events cannot be applied.
    expect(applier.isParked(LEDGER)).toBe(false);
    return asked;
  };
  const schema = () => schemaOf(applier.checkpoint.generation);

  it('few round trips of a batch of events, and one of the next', async () => {
    const asked = [];
    for (const events of await parts()) asked.push(await apply(events));
    const [first, ...others] = asked;
    expect(first?.roundTrips).toBeLessThanOrEqual(BOUNDS.roundTripsOfABatch);
    const each = {
      roundTrips: BOUNDS.roundTripsOfABatchOfKnownAccounts,
      parsed: BOUNDS.parsesOfAKnownStatement,
    };
    expect(others).toEqual(others.map(() => expect.objectContaining(each) as unknown));
  });

  it('rows and checkpoint in one statement', () => {
    const written = stack.projecting.statements.at(-1);
    expect(written).toContain('UPDATE daybook.checkpoint');
    expect(written).toContain(`INSERT INTO ${schema()}.entry`);
  });

  it('few bytes for a transfer', async () => {
    const from = (await revision()) + 1;
    await submitAll(many(TRANSFERS_WEIGHED, pay));
    const before = await bytesKept(database, schema());
    await apply(await eventsFrom(from));
    const bytes = (await bytesKept(database, schema())) - before;
    expect(bytes / TRANSFERS_WEIGHED).toBeLessThanOrEqual(BOUNDS.readModelBytes);
  });

  it('few round trips of events that act on transfers before', async () => {
    const from = (await revision()) + 1;
    await submitAll(many(HELD, (n) => captureTransfer(`captured-${n}`, `held-${n}`)));
    const asked = await apply(await eventsFrom(from));
    expect(asked.roundTrips).toBeLessThanOrEqual(BOUNDS.roundTripsOfABatch);
  });

  const followed = async () => {
    const { generation } = applier.checkpoint;
    const { store } = stack.backends;
    const { signal } = new AbortController();
    for await (const { caughtUp } of follow({ store, database, generation, signal })) {
      if (caughtUp) return;
    }
  };

  it('few round trips when the log is followed', async () => {
    await submitAll(many(1_000, pay));
    const asked = await during(stack.projecting, () => followed());
    expect(asked.roundTrips).toBeLessThanOrEqual(BOUNDS.roundTripsOfFollowing);
  });

  it.each([
    ['an account', ''],
    ['a page of its statement', '/statement'],
    ['its balance at a date', '?at=2100-01-01'],
  ])('one statement for %s', async (_what, rest) => {
    const path = `/v1/ledgers/${LEDGER}/accounts/${TILL}${rest}`;
    const asked = await during(stack.queries, async () => {
      expect((await stack.ask('GET', path)).status).toBe(200);
    });
    expect(asked.roundTrips).toBe(BOUNDS.roundTripsOfAQuery);
  });

  it.each([
    ['an account', oneAccount(TILL), BOUNDS.rowsOfAnAccount],
    ['a page of its statement', statementPage, BOUNDS.rowsOfAStatementPage],
    ['its balance at a date', balanceAtADate, BOUNDS.rowsOfABalanceAtADate],
  ])('few rows for %s, all of them by an index', async (_what, question, rowsMax) => {
    await analyzeTables(database, applier.checkpoint.generation);
    const looked = await rowsLookedAt(database, { question, schema: schema() });
    expect(looked.inSequence).toBe(BOUNDS.rowsReadInSequence);
    expect(looked.rows).toBeLessThanOrEqual(rowsMax);
  });
});

/** Counted by Postgres itself, so that what happens inside of functions counts too. */
async function rowsLookedAt(
  database: PoolClient,
  { question, schema }: { question: LedgerQuestion; schema: string },
) {
  const rows = async <Row>(sql: string, values: readonly unknown[]) =>
    (await database.query<Row & object>(sql, [...values])).rows;
  const looked = { rows: 0, inSequence: 0 };
  // What was counted before and not told to others yet counts on; that never happens in a transaction.
  const count = async () => Object.assign(looked, (await rows(LOOKED_AT, [schema]))[0]);
  return inTransaction(database, async () => {
    await count();
    return during(looked, async () => {
      expect((await askLedger({ rows }, LEDGER, question))?.rows).toHaveLength(1);
      await count();
    });
  });
}

/** Tables of a few rows are best read as they lie; that of ledgers has one. */
const LOOKED_AT = `SELECT sum(seq_tup_read + idx_tup_fetch)::int AS rows,
    sum(seq_tup_read) FILTER (WHERE relname IN ('account', 'entry', 'transfer'))::int AS "inSequence"
  FROM pg_stat_xact_user_tables WHERE schemaname = $1 AND relname <> 'ledger'`;
