// Goal: balances at any two times are what the entries add up to.
// Method: a busy ledger, back-dated and dated ahead at random, long enough for several blocks; everything
// that the functions of `reporting` answer is compared with sums over all entries in memory.
import { type Pool } from 'pg';
import { pino } from 'pino';
import {
  type LineKey,
  type RestatementRow,
  type StatementRow,
  restatements,
  statement,
} from '../../projections/balance-history/queries.js';
import { BLOCK_LENGTH } from '../../projections/balance-history/table.js';
import { TABLES } from '../../projections/engine/generations.js';
import { askLedger, readModelsIn } from '../../projections/engine/queries.js';
import { rebuild } from '../../projections/engine/rebuild.js';
import { verifySlowly } from '../../projections/verify/background/verify-slowly.js';
import { type Finding } from '../../projections/verify/finding.js';
import { verifyAccounts } from '../../projections/verify/verify-accounts.js';
import { verifyReadModels } from '../../projections/verify/verify-read-models.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createPool } from '../../src/platform/postgres.js';
import {
  CUSTOMERS,
  DAY_MS,
  START,
  backDatedCommands,
  instant,
} from '../support/back-dated-ledger.js';
import { randomNumbers } from '../support/random-numbers.js';
import { UNWATCHED, project } from '../support/projecting.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { submitterOn } from '../support/submitter.js';

const log = pino({ level: 'silent' });

interface Entry {
  readonly account: string;
  readonly account_type: string;
  readonly currency: string;
  readonly units: bigint;
  readonly side: 'debit' | 'credit';
  readonly effective: number;
  readonly recorded: number;
  readonly revision: number;
  readonly batch_index: number;
  readonly leg: number;
}

let node: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let pool: Pool;
let entries: Entry[];

const random = randomNumbers(20_260_301);
const below = (limit: number) => Math.floor(random() * limit);

beforeAll(async () => {
  [node, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  store = eventStoreDb(node.url, log);
  pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
  const { submit, close } = submitterOn(store);
  // What acts on a transfer that is not there is rejected, and that is as well.
  const submitted = backDatedCommands(below).map((one) =>
    submit('shop', one).catch(() => undefined),
  );
  await Promise.all(submitted);
  await close();
  await project(pool, store);
  const { rows } = await pool.query<Omit<Entry, 'units'> & { units: string }>(
    `SELECT account, type AS account_type, entry.currency, (amount * 100)::bigint AS units, side,
       extract(epoch FROM effective_at)::numeric * 1000 AS effective,
       extract(epoch FROM entry.recorded_at)::numeric * 1000 AS recorded,
       entry.revision, batch_index, leg
     FROM reporting.entry JOIN reporting.account USING (ledger)
     WHERE ledger = 'shop' AND address = entry.account ORDER BY entry.revision, batch_index, leg`,
  );
  entries = rows.map((row) => ({
    ...row,
    units: BigInt(row.units),
    ...{ effective: Number(row.effective), recorded: Number(row.recorded) },
    revision: Number(row.revision),
  }));
}, 240_000);
afterAll(async () => {
  await Promise.all([pool.end(), store.close()]);
  await Promise.all([node.remove(), postgres.remove()]);
}, 60_000);

const amountOf = (units: bigint) => {
  const digits = `${units < 0n ? -units : units}`.padStart(3, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
const sumOf = (side: string, some: readonly Entry[]) =>
  some.reduce((sum, entry) => (entry.side === side ? sum + entry.units : sum), 0n);
const netOf = (some: readonly Entry[]) => {
  const net = sumOf('debit', some) - sumOf('credit', some);
  return some[0]?.account_type === 'asset' ? net : -net;
};

/** A time around the ledger, often exactly that of an entry, or right before it. */
function someTime(of: 'effective' | 'recorded'): number {
  const entry = entries[below(entries.length)] as Entry;
  return [entry[of], entry[of] - 1, START + (below(100) - 40) * DAY_MS][below(3)] ?? 0;
}

const someAccount = () =>
  below(2) === 0 ? 'cash' : ['ann-usd', 'customers:0', 'customers:5'][below(3)];

it('the ledger is long enough for what is to be shown', async () => {
  const { rows } = await pool.query<{ account: string; blocks: string; slices: string }>(
    `SELECT account, count(DISTINCT block) AS blocks, count(*) AS slices
     FROM rm_1.account_slice GROUP BY account`,
  );
  expect(rows).toEqual([{ account: 'cash', blocks: '2', slices: expect.anything() as unknown }]);
  expect(Number(rows[0]?.slices)).toBeGreaterThan(20);
  const { rows: blocks } = await pool.query('SELECT FROM rm_1.ledger_block');
  expect(blocks.length).toBe(2);
});

it('a balance is the sum of what counts by then and was recorded by then', async () => {
  const questions = Array.from({ length: 400 }, () => ({
    ...{ account: someAccount(), at: someTime('effective'), known: someTime('recorded') },
  }));
  const { rows } = await pool.query<{ balance: string }>(
    `SELECT reporting.balance_as_of('shop', account, at, known)::text AS balance
     FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[])
       WITH ORDINALITY AS asked (account, at, known, place) ORDER BY place`,
    [
      questions.map(({ account }) => account),
      ...[questions.map(({ at }) => instant(at)), questions.map(({ known }) => instant(known))],
    ],
  );
  const expected = questions.map(({ account, at, known }) =>
    amountOf(
      netOf(
        entries.filter(
          (one) => one.account === account && one.effective <= at && one.recorded <= known,
        ),
      ),
    ),
  );
  expect(rows.map(({ balance }) => balance)).toEqual(expected);
  expect(new Set(expected).size).toBeGreaterThan(100);
});

it('sums at the end of a block, and right before and after it, are of that revision', async () => {
  const { rows } = await pool.query<{ revision: string; units: string }>(
    `SELECT last_revision + step AS revision, ((debits[1] - credits[1]) * 100)::bigint AS units
     FROM rm_1.account_block, generate_series(-1, 1) AS step,
       reporting.account_sums('shop', 'cash', ARRAY[timestamptz 'infinity'], last_revision + step)
     WHERE account = 'cash'`,
  );
  expect(rows).toHaveLength(6);
  for (const { revision, units } of rows) {
    const known = entries.filter(
      (one) => one.account === 'cash' && one.revision <= Number(revision),
    );
    expect([revision, BigInt(units)]).toEqual([revision, netOf(known)]);
  }
});

it('without times, a balance is the one that rules are decided on', async () => {
  const { rows } = await pool.query<{ then: string; now: string; today: string }>(
    `SELECT reporting.balance_as_of(ledger, address)::text AS then, balance::text AS now,
       reporting.balance_as_of(ledger, address, last.today)::text AS today
     FROM reporting.account, (SELECT max(recorded_at) AS today FROM reporting.entry) AS last`,
  );
  expect(rows).toHaveLength(CUSTOMERS + 3);
  for (const row of rows) expect(row.then).toBe(row.now);
  // Some of it is dated ahead.
  expect(rows.filter((row) => row.today !== row.now)).not.toEqual([]);
});

it('the view of days has the balance at the end of each', async () => {
  const { rows } = await pool.query<Record<string, string>>(
    `SELECT account, booked_on::text, entries::int, change::text, balance::text,
       reporting.balance_as_of(ledger, account,
         booked_on + interval '1 day' - interval '1 microsecond')::text AS expected,
       lag(balance, 1, 0) OVER (PARTITION BY account ORDER BY booked_on) + change = balance AS adds_up
     FROM reporting.account_balance_day WHERE ledger = 'shop'`,
  );
  expect(rows.length).toBeGreaterThan(200);
  for (const row of rows) expect([row, row['adds_up']]).toEqual([row, true]);
  for (const row of rows) expect(row['balance']).toBe(row['expected']);
  const counted = rows.reduce((sum, row) => sum + Number(row['entries']), 0);
  expect(counted).toBe(entries.length);
});

it('the view of the trial balance is that of everything', async () => {
  const { rows } = await pool.query(
    `SELECT currency, account_type AS type, accounts, debits, credits
     FROM reporting.trial_balance WHERE ledger = 'shop' ORDER BY currency, account_type`,
  );
  const asOf = await pool.query(`SELECT * FROM reporting.trial_balance_as_of('shop')`);
  expect(rows).toEqual(asOf.rows);
  expect(rows).toHaveLength(4);
});

it('a trial balance is the sum by currency and type, and agrees', async () => {
  for (let round = 0; round < 40; round += 1) {
    const [at, known] = [someTime('effective'), someTime('recorded')];
    const { rows } = await pool.query<Record<string, string>>(
      `SELECT currency, type, debits::text, credits::text
       FROM reporting.trial_balance_as_of('shop', $1, $2)`,
      [instant(at), instant(known)],
    );
    const counted = entries.filter((one) => one.effective <= at && one.recorded <= known);
    const expected = ['EUR', 'USD'].flatMap((currency) =>
      ['asset', 'liability'].map((type) => {
        const some = counted.filter(
          (one) => one.currency === currency && one.account_type === type,
        );
        const [debits, credits] = [sumOf('debit', some), sumOf('credit', some)].map(amountOf);
        return { currency, type, debits, credits };
      }),
    );
    expect(rows).toEqual(known < START ? [] : expected);
  }
});

it('restatements are the differences of balances, and the transfers that made them', async () => {
  const readModels = readModelsIn(pool);
  for (let round = 0; round < 10; round += 1) {
    const at = someTime('effective');
    const [from = 0, to = 0] = [someTime('recorded'), someTime('recorded')].sort((a, b) => a - b);
    const question = restatements({
      ...{ at: instant(at), knownFrom: instant(from), known: { to: instant(to) } },
      ...{ afterAddress: undefined, limit: 100, transfersMax: 10_000 },
    });
    const answer = await askLedger<RestatementRow>(readModels, 'shop', question);
    const late = entries.filter(
      (one) => one.effective <= at && one.recorded > from && one.recorded <= to,
    );
    const accounts = [...new Set(late.map(({ account }) => account))].sort();
    const found = answer?.rows.map(({ address, before, after, difference, transfers }) => {
      const cents = transfers.map(({ change }) => BigInt(change.replace('.', '')));
      const sum = amountOf(cents.reduce((one, other) => one + other, 0n));
      return { address, before, after, difference, sum };
    });
    expect(found).toEqual(
      accounts.map((address) => {
        const known = (by: number) =>
          netOf(
            entries.filter(
              (one) => one.account === address && one.effective <= at && one.recorded <= by,
            ),
          );
        const difference = amountOf(known(to) - known(from));
        const [before, after] = [known(from), known(to)].map(amountOf);
        return { address, before, after, difference, sum: difference };
      }),
    );
  }
});

describe('a statement', () => {
  const inOrder = (one: Entry, other: Entry) =>
    one.effective - other.effective ||
    one.revision - other.revision ||
    one.batch_index - other.batch_index ||
    one.leg - other.leg;

  function expectedOf(account: string, from: number, to: number, known: number) {
    const all = entries.filter((one) => one.account === account && one.recorded <= known);
    const before = all.filter((one) => one.effective < from);
    const lines = all.filter((one) => one.effective >= from && one.effective < to).sort(inOrder);
    const balances = lines.map((_, index) => netOf([...before, ...lines.slice(0, index + 1)]));
    return {
      opening: amountOf(netOf(before)),
      closing: amountOf(balances.at(-1) ?? netOf(before)),
      debits: amountOf(sumOf('debit', lines)),
      credits: amountOf(sumOf('credit', lines)),
      lines: lines.map((one, index) =>
        [one.revision, one.batch_index, one.leg, amountOf(balances[index] ?? 0n)].join(' '),
      ),
    };
  }

  function someQuestion() {
    const from = someTime('effective');
    const to = from + below(3 * DAY_MS) + 1;
    return { account: someAccount() ?? '', from, to, known: someTime('recorded') };
  }

  it('in SQL has the balances before, after each line, and at the end', async () => {
    for (let round = 0; round < 25; round += 1) {
      const { account, from, to, known } = someQuestion();
      const { rows } = await pool.query<Record<string, string | null>>(
        `SELECT line, debit::text, credit::text, balance::text, revision
         FROM reporting.statement('shop', $1, $2, $3, $4)`,
        [account, ...[from, to, known].map(instant)],
      );
      const expected = expectedOf(account, from, to, known);
      expect(rows.at(0)).toMatchObject({ line: 'opening', balance: expected.opening });
      const { closing, debits, credits } = expected;
      expect(rows.at(-1)).toMatchObject({
        ...{ line: 'closing', balance: closing, debit: debits, credit: credits },
      });
      const lines = rows.slice(1, -1).map((row) => `${row['revision']} ${row['balance']}`);
      expect(lines).toEqual(expected.lines.map((line) => line.replace(/ \d+ \d+ /, ' ')));
    }
  });

  it('page by page is the same, whatever the page length', async () => {
    const readModels = readModelsIn(pool);
    let pages = 0;
    for (let round = 0; round < 15; round += 1) {
      const { account, from, to, known } = someQuestion();
      const expected = expectedOf(account, from, to, known);
      const limit = 1 + below(40);
      const lines: string[] = [];
      let after: LineKey | undefined;
      let revision: string | undefined;
      for (;;) {
        const question = statement({
          ...{ account, from: instant(from), to: instant(to), after, limit },
          known: revision === undefined ? { at: instant(known) } : { revision },
        });
        const answer = await askLedger<StatementRow>(readModels, 'shop', question);
        const [row] = answer?.rows ?? [];
        if (!row) throw new Error('no such account');
        const { opening, closing, totals } = row;
        expect({ opening, closing, ...totals }).toEqual({
          ...{ opening: expected.opening, closing: expected.closing },
          ...{ debits: expected.debits, credits: expected.credits },
        });
        for (const line of row.lines) {
          lines.push([line.revision, line.batchIndex, line.leg, line.balance].join(' '));
        }
        pages += 1;
        const last = row.lines.at(-1);
        if (!last || lines.length >= expected.lines.length) break;
        revision = String(row.knownRevision);
        const { effectiveAt: time, ...place } = last;
        after = {
          effectiveAt: time,
          ...{ revision: String(place.revision), batchIndex: String(place.batchIndex) },
          leg: String(place.leg),
        };
      }
      expect(lines).toEqual(expected.lines);
    }
    expect(pages).toBeGreaterThan(30);
  });
});

describe('verification of the slices', () => {
  const signal = new AbortController().signal;
  const onProgress = () => undefined;

  async function verified(): Promise<readonly Finding[]> {
    const options = { store, pool, tables: TABLES, ledger: undefined, auditUpTo: undefined };
    return (await verifyReadModels({ ...options, signal, onProgress })).findings.told;
  }
  async function verifiedAccount(address: string): Promise<readonly Finding[]> {
    const which = { ledger: 'shop', address };
    return (await verifyAccounts({ store, pool, which, signal, onProgress })).findings.told;
  }
  const slices = ['account_slice', 'type_slice'];
  beforeAll(async () => {
    for (const table of slices)
      await pool.query(`CREATE TABLE kept_${table} AS TABLE rm_1.${table}`);
  });
  afterEach(async () => {
    for (const table of slices) {
      await pool.query(`TRUNCATE rm_1.${table}`);
      await pool.query(`INSERT INTO rm_1.${table} TABLE kept_${table}`);
    }
  });

  it('finds nothing where they are what the entries add up to', async () => {
    expect(await verified()).toEqual([]);
    expect(await verifiedAccount('cash')).toEqual([]);
    expect(await verifiedAccount('customers:0')).toEqual([]);
  });

  const SECOND = `(account, block, effective_from) IN (SELECT account, block, effective_from
    FROM rm_1.account_slice WHERE block = 1 ORDER BY effective_from OFFSET 1 LIMIT 1)`;
  const TYPE = `currency = 'EUR' AND account_type = 'liability' AND block = 0`;
  const ofAccount = { ledger: 'shop', account: 'cash', table: 'account_slice' };
  const ofType = { ledger: 'shop', account: null, table: 'type_slice', revision: BLOCK_LENGTH - 1 };
  it.each([
    [
      'a sum that was changed',
      `UPDATE rm_1.account_slice SET debits[7] = debits[7] + 0.01 WHERE ${SECOND}`,
      { ...ofAccount, key: expect.stringMatching(/^shop, cash, 1024, 1, 2026-/) as string },
    ],
    [
      'a slice that was deleted',
      `DELETE FROM rm_1.account_slice WHERE ${SECOND}`,
      { ...ofAccount, key: expect.stringMatching(/^shop, cash, 1024, 1, 2026-/) as string },
    ],
    [
      'the last slice deleted',
      `DELETE FROM rm_1.account_slice AS slice WHERE block = 0 AND NOT EXISTS (
        SELECT FROM rm_1.account_slice AS later
        WHERE later.block = 0 AND later.effective_from > slice.effective_from)`,
      { ...ofAccount, found: 'none' },
    ],
    [
      'one slice too many',
      `INSERT INTO rm_1.account_slice SELECT ledger, account, length, block, '2100-01-01',
         ARRAY['2100-01-01'::timestamptz], debits[1:1], credits[1:1]
       FROM rm_1.account_slice WHERE ${SECOND}`,
      { ...ofAccount, expected: 'none', key: 'shop, cash, 1024, 1, 2100-01-01T00:00:00.000Z' },
    ],
    [
      'a slice that begins at another time than it says',
      `UPDATE rm_1.account_slice SET effective_from = effective_from - interval '1 second'
       WHERE ${SECOND}`,
      ofAccount,
    ],
    [
      'a sum by type that was changed',
      `UPDATE rm_1.type_slice SET credits[1] = 0 WHERE ${TYPE}`,
      { ...ofType, key: expect.stringMatching(/^shop, EUR, liability, 1024, 0, 2026-/) as string },
    ],
    ['all slices of a type deleted', `DELETE FROM rm_1.type_slice WHERE ${TYPE}`, ofType],
    [
      'a type that has no entries',
      `INSERT INTO rm_1.type_slice SELECT ledger, 'JPY', account_type, length, block, effective_from,
         effective_at, debits, credits FROM rm_1.type_slice WHERE ${TYPE}`,
      { ...ofType, key: expect.stringMatching(/^shop, JPY, liability, 1024, 0, /) as string },
    ],
  ])('finds %s, and names the place', async (_, fault, place) => {
    const { rowCount } = await pool.query(fault);
    expect(rowCount).toBeGreaterThan(0);
    expect(await verified()).toMatchObject([{ check: 'rows', ...place }]);
  });

  it('finds slices of a block that is not there, whichever way it is asked', async () => {
    await pool.query(`UPDATE rm_1.account_slice SET account = 'customers:0' WHERE block = 0`);
    const findings = await verified();
    const [first, ...others] = findings;
    expect(first).toMatchObject({ account: 'cash', found: 'none' });
    expect(others.length).toBeGreaterThan(1);
    for (const { account } of others) expect(account).toBe('customers:0');
    expect(await verifiedAccount('cash')).toEqual([first]);
    expect(await verifiedAccount('customers:0')).toEqual(others);
    const { findings: background } = await verifySlowly({ store, pool, signal });
    expect(background.told).toEqual(findings);
  });

  it('is left to Postgres when generations are compared, which finds them too', async () => {
    await pool.query(`UPDATE rm_1.type_slice SET credits[1] = 0 WHERE ${TYPE}`);
    const { comparison } = await rebuild({ store, pool, ...UNWATCHED });
    expect(comparison?.tables).toMatchObject([{ table: 'type_slice', columns: ['credits'] }]);
  });
});
