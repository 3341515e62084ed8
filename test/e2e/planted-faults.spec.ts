// Faults planted in the read models and in the log, as accidents and hands make them: verification finds
// each of them, and names the place.
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Pool } from 'pg';
import { pino } from 'pino';
import { TABLES } from '../../projections/engine/generations.js';
import { type EventStore, type NewEvent, NO_STREAM } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { createPool } from '../../src/platform/postgres.js';
import { finished, runOn } from '../support/daybook-process.js';
import { everyKind } from '../support/every-kind.js';
import { leg, postTransfer } from '../support/ledger-factories.js';
import { project } from '../support/projecting.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { submitterOn } from '../support/submitter.js';

const log = pino({ level: 'silent' });
/** Long enough to be found in the files of the log. */
const NOTE = 'paid in cash on the counter of the shop';

interface FindingTold {
  check: string;
  ledger: string;
  account: string | null;
  table: string | null;
  key: string | null;
  revision: number | null;
  eventId: string | null;
  what: string;
  expected: string;
  found: string;
}
interface Told {
  ok: boolean;
  findings: FindingTold[];
  findingsInAll: number;
  unexamined: number;
}

let node: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let pool: Pool;

beforeAll(async () => {
  [node, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
  store = eventStoreDb(node.url, log);
  const { submit, close } = submitterOn(store);
  for (const command of everyKind('shop')) await submit('shop', command);
  const noted = { description: `${NOTE} \u001e \u001f| \u001f0 \u001f=` };
  await submit('shop', postTransfer('noted', [leg('cash', 'ann', '1')], noted));
  await submit('shop', postTransfer('last', [leg('cash', 'bob', '1')]));
  await close();
  await project(pool, store);
  for (const { name } of TABLES)
    await pool.query(`CREATE TABLE kept_${name} AS TABLE rm_1.${name}`);
  await pool.query('CREATE TABLE kept_checkpoint AS TABLE daybook.checkpoint');
}, 120_000);
afterAll(async () => {
  await Promise.all([pool.end(), store.close()]);
  await Promise.all([node.remove(), postgres.remove()]);
}, 60_000);

/** Undoes what was done to the rows. */
async function restoreRows(): Promise<void> {
  for (const { name } of TABLES) {
    await pool.query(`ALTER TABLE rm_1.${name} DISABLE TRIGGER ALL`);
    await pool.query(`TRUNCATE rm_1.${name}`);
    await pool.query(`INSERT INTO rm_1.${name} TABLE kept_${name}`);
    await pool.query(`ALTER TABLE rm_1.${name} ENABLE TRIGGER ALL`);
  }
  await pool.query('DELETE FROM daybook.checkpoint');
  await pool.query('INSERT INTO daybook.checkpoint TABLE kept_checkpoint');
}

function daybook(...words: string[]) {
  return finished(runOn({ eventStoreUrl: node.url, databaseUrl: postgres.url }, ...words));
}

async function told(code: number, ...words: string[]): Promise<Told> {
  const answer = await daybook(...words, '--json');
  expect([answer.code, answer.err]).toEqual([code, '']);
  return JSON.parse(answer.out) as Told;
}

const verified = (code = 1) => told(code, 'projections', 'verify', '--all');

/** The event that decided a transfer. */
async function eventOf(id: string): Promise<{ id: string; revision: number }> {
  for await (const event of store.readStream(ledgerStream('shop'), { from: 0 })) {
    if (event.data['id'] === id) return event;
  }
  throw new Error(`there is no event of ${id}`);
}

describe('nothing is found', () => {
  it('where nothing is wrong', async () => {
    expect(await verified(0)).toMatchObject({ ok: true, findings: [], generation: 1 });
    for (const what of ['log', 'books', 'all']) {
      const { ok, findings } = await told(0, 'verify', what, '--ledger', 'shop');
      expect([what, ok, findings]).toEqual([what, true, []]);
    }
    const { out } = await daybook('verify', 'log', '--ledger', 'shop');
    expect(out).toMatch(
      /^Ledger shop, 37 events up to revision 36, hash [0-9a-f]{64}: everything agrees\.\n$/,
    );
    const account = ['--ledger', 'shop', '--account', 'ann'];
    expect((await told(0, 'projections', 'verify', ...account)).findings).toEqual([]);
    expect((await told(0, 'projections', 'verify', '--sample', '5')).findings).toEqual([]);
    expect((await told(0, 'projections', 'verify', 'transfer')).findings).toEqual([]);
  }, 120_000);
});

describe('in the read models it finds', () => {
  afterEach(restoreRows);

  it('an account changed by hand, whichever way it is asked', async () => {
    await pool.query(`UPDATE rm_1.account SET balance = balance + 1, digest = repeat('0', 64)
      WHERE address = 'ann'`);
    const { id, revision } = await eventOf('noted');
    const place = { ledger: 'shop', account: 'ann', table: 'account', key: 'shop, ann' };
    const finding = { ...place, check: 'rows', revision, eventId: id, what: 'balance, digest' };
    for (const words of [
      ['projections', 'verify', '--all'],
      ['projections', 'verify', 'account'],
      ['projections', 'verify', '--account', 'ann', '--ledger', 'shop'],
      ['projections', 'verify', '--sample', '100'],
      ['verify', 'books', '--ledger', 'shop'],
    ]) {
      expect((await told(1, ...words)).findings).toMatchObject([finding]);
    }
    const { code, out } = await daybook('projections', 'verify', '--all');
    expect(code).toBe(1);
    expect(out).toContain('1 findings.\nrows: ledger shop, account ann, table account (shop, ann)');
    expect((await told(0, 'projections', 'verify', 'entry')).findings).toEqual([]);
  }, 120_000);

  it('rows of every table changed by hand', async () => {
    await pool.query(`UPDATE rm_1.transfer SET state = 'voided' WHERE id = 'noted'`);
    await pool.query(`UPDATE rm_1.transfer_act SET reason = 'another' WHERE id = 'order-void'`);
    await pool.query(`UPDATE rm_1.refusal SET evidence = '{}' WHERE id = 'too-much'`);
    await pool.query(`UPDATE rm_1.ledger SET name = 'Shoplifters'`);
    await pool.query(`UPDATE rm_1.entry SET effective_at = effective_at + interval '1 microsecond'
      WHERE account = 'bob' AND transfer_id = 'last'`);
    await pool.query(`DELETE FROM rm_1.transfer_account WHERE account = 'bob' AND revision = 36`);
    await pool.query(`UPDATE rm_1.entry SET description = E'\\x1e'
      WHERE account = 'cash' AND transfer_id = 'last'`);
    const { findings } = await verified();
    expect(findings.map(({ table, key, what }) => `${table} (${key}): ${what}`).sort()).toEqual([
      'entry (shop, bob, 36, 0, 0): effective_at',
      'entry (shop, cash, 36, 0, 0): description',
      'ledger (shop): name',
      'refusal (shop, too-much): evidence',
      'transfer (shop, noted): state',
      'transfer_account (shop, bob, 36, 0): row',
      'transfer_act (shop, order, 17): reason',
    ]);
  });

  it('an entry deleted', async () => {
    const { id, revision } = await eventOf('noted');
    await pool.query(`DELETE FROM rm_1.entry WHERE account = 'ann' AND event_id = $1`, [id]);
    const { findings } = await verified();
    expect(findings).toMatchObject([
      {
        ...{ check: 'rows', table: 'entry', account: 'ann', revision, eventId: id },
        ...{ key: `shop, ann, ${revision}, 0, 0`, what: 'row', found: 'none' },
        expected: expect.stringContaining('amount 1.00') as string,
      },
    ]);
    expect((await told(1, 'verify', 'books', '--ledger', 'shop')).findings).toEqual(findings);
  });

  it('an entry that no event leads to', async () => {
    const columns = Object.keys(TABLES.find(({ name }) => name === 'entry')?.columns ?? {});
    const values = columns.map((column) => (column === 'leg' ? '7' : column));
    await pool.query(`INSERT INTO rm_1.entry (${columns.join()}) SELECT ${values.join()}
      FROM rm_1.entry WHERE account = 'ann' AND revision = 35`);
    const { id, revision } = await eventOf('noted');
    expect((await verified()).findings).toMatchObject([
      { table: 'entry', account: 'ann', revision, eventId: id, what: 'row', expected: 'none' },
    ]);
  });

  it('rows by the hundred thousand, and tells of no others for it', async () => {
    await pool.query(`INSERT INTO rm_1.transfer_account
      SELECT 'shop', 'ann', -number, 0 FROM generate_series(1, 100000) AS number`);
    for (const words of [['--account', 'ann', '--ledger', 'shop'], ['transfer']]) {
      const all = await told(1, 'projections', 'verify', ...words);
      expect(all.unexamined).toBe(48);
      expect(all.findingsInAll).toBeLessThanOrEqual(50 * 1_024);
      for (const { found } of all.findings) expect(found).toBe('a row that no event leads to');
    }
  });

  it('an event applied twice', async () => {
    await pool.query(`UPDATE rm_1.account SET version = version + 1, balance = balance + 1,
      available = available + 1, posted_debits = posted_debits + 1 WHERE address = 'cash'`);
    const { id, revision } = await eventOf('last');
    expect((await verified()).findings).toMatchObject([
      { table: 'account', account: 'cash', revision, eventId: id },
    ]);
  });

  it('an event skipped', async () => {
    const { id, revision } = await eventOf('noted');
    await pool.query(`UPDATE rm_1.account SET version = version - 1, balance = balance - 1,
      available = available - 1, posted_credits = posted_credits - 1 WHERE address = 'ann'`);
    for (const table of ['entry', 'transfer']) {
      await pool.query(`DELETE FROM rm_1.${table} WHERE event_id = $1`, [id]);
    }
    await pool.query('DELETE FROM rm_1.transfer_account WHERE revision = $1', [revision]);
    const { findings } = await verified();
    expect(new Set(findings.map(({ eventId }) => eventId))).toEqual(new Set([id]));
    expect(findings.map(({ table, what }) => `${table}: ${what}`).sort()).toEqual([
      'account: version, balance, available, posted_credits',
      ...['entry: row', 'entry: row', 'transfer: row'],
      ...['transfer_account: row', 'transfer_account: row'],
    ]);
  });

  it.each([
    ['moved on', 'position = position + 1000, scanned_position = position + 1000', 'position'],
    ['with another count', 'events = events + 1', 'events'],
    [
      'of another event',
      `ledger = 'mart', revision = 7, event_hash = ''`,
      'ledger, revision, hash',
    ],
  ])('a checkpoint %s', async (_how, change, what) => {
    await pool.query(`UPDATE daybook.checkpoint SET ${change}`);
    const { id } = await eventOf('last');
    expect((await verified()).findings).toMatchObject([
      { check: 'rows', table: 'checkpoint', key: '1', eventId: id, what },
    ]);
  });

  it('a checkpoint moved back', async () => {
    await pool.query('UPDATE daybook.checkpoint SET position = position - 1');
    const { findings } = await verified();
    expect(findings.map(({ what }) => what)).toContain('end of the log');
    expect(findings.map(({ table }) => table)).toContain('entry');
  });

  it('a sign swapped', async () => {
    const { id, revision } = await eventOf('noted');
    await pool.query(
      `UPDATE rm_1.entry SET side = 'debit' WHERE account = 'ann' AND event_id = $1`,
      [id],
    );
    expect((await verified()).findings).toMatchObject([
      {
        ...{ table: 'entry', account: 'ann', revision, eventId: id, what: 'side' },
        ...{ expected: 'side credit', found: 'side debit' },
      },
    ]);
  });
});

describe('in the log it finds', () => {
  /** Works on the files of the log while nobody has them open. */
  async function inFiles(work: () => void): Promise<void> {
    await node.stop();
    work();
    await node.restart();
  }

  /** Flips a bit of a text wherever it stands in the files. */
  function flip(text: Buffer): void {
    for (const name of readdirSync(node.folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.mdb') || name.includes('lock')) continue;
      const bytes = readFileSync(join(node.folder, name));
      for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
        bytes[at] = (bytes[at] ?? 0) ^ 1;
      }
      writeFileSync(join(node.folder, name), bytes);
    }
  }

  it('a byte flipped on the disk', async () => {
    await inFiles(() => flip(Buffer.from(NOTE)));
    for (const words of [
      ['verify', 'log', '--ledger', 'shop'],
      ['projections', 'verify', '--all'],
    ]) {
      const { code, err } = await daybook(...words);
      const place = /The log is damaged: the record at position \d+ is not what was written/;
      expect([code, err]).toEqual([4, expect.stringMatching(place)]);
    }
    const flipped = Buffer.from(NOTE);
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    await inFiles(() => flip(flipped));
    expect((await verified(0)).findings).toEqual([]);
  }, 120_000);

  it('an event that was changed before it came here', async () => {
    const events: NewEvent[] = [];
    for await (const event of store.readStream(ledgerStream('shop'), { from: 0 })) {
      const { id, type, data, metadata } = event;
      events.push({
        id,
        type,
        metadata,
        data: data['id'] === 'noted' ? { ...data, legs: [] } : data,
      });
    }
    const elsewhere = await startTestEventStore();
    const forged = eventStoreDb(elsewhere.url, log);
    await forged.append(ledgerStream('shop'), NO_STREAM, events);
    await forged.close();
    const { id, revision } = await eventOf('noted');
    const stores = { eventStoreUrl: elsewhere.url, databaseUrl: postgres.url };
    const { code, out } = await finished(
      runOn(stores, 'verify', 'log', '--ledger', 'shop', '--json'),
    );
    await elsewhere.remove();
    expect([code, (JSON.parse(out) as Told).findings]).toMatchObject([
      1,
      [{ check: 'log', ledger: 'shop', revision, eventId: id, what: 'hash of the content' }],
    ]);
  }, 120_000);

  it("a store restored from yesterday's copy", async () => {
    const copy = `${node.folder}-copy`;
    await inFiles(() => cpSync(node.folder, copy, { recursive: true }));
    const { submit, close } = submitterOn(store);
    await submit('shop', postTransfer('today', [leg('cash', 'ann', '1')]));
    await close();
    await project(pool, store);
    const { id, revision } = await eventOf('today');
    await inFiles(() => {
      rmSync(node.folder, { recursive: true });
      cpSync(copy, node.folder, { recursive: true });
    });
    rmSync(copy, { recursive: true });
    expect((await told(1, 'verify', 'log', '--ledger', 'shop')).findings).toMatchObject([
      { check: 'log', revision, eventId: id, what: 'end of the log' },
    ]);
    const { findings } = await verified();
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'log', revision, eventId: id, what: 'end of the log' }),
    );
    expect(findings.map(({ table }) => table)).toContain('entry');
  }, 120_000);
});

describe('where there is nothing to verify against', () => {
  it('says that nothing tells whether the log is longer', async () => {
    const stores = {
      eventStoreUrl: node.url,
      databaseUrl: 'postgres://nobody@127.0.0.1:1/nowhere',
    };
    const { code, out } = await finished(runOn(stores, 'verify', 'log', '--ledger', 'shop'));
    expect([code, out]).toEqual([0, expect.stringContaining('the read models did not answer)')]);
  });

  it('says that the event store is away', async () => {
    await node.stop();
    const { code, err } = await daybook('projections', 'verify', '--all');
    await node.restart();
    expect([code, err]).toEqual([4, expect.stringContaining('The event store cannot be read (')]);
  }, 60_000);

  it.each([['status'], ['verify', '--all'], ['rebuild', '--all']])(
    'says that the database is not up to date: %s',
    async (...verb) => {
      const empty = new URL(postgres.url);
      empty.pathname = '/postgres';
      const stores = { eventStoreUrl: node.url, databaseUrl: empty.href };
      const { code, err } = await finished(runOn(stores, 'projections', ...verb));
      expect([code, err]).toEqual([4, expect.stringContaining('"daybook migrate"')]);
    },
  );
});

describe('bad input is told', () => {
  it.each([
    [['verify', 'log'], '--ledger'],
    [['verify', 'log', '--ledger', 'nowhere'], 'The log has no ledger "nowhere".'],
    [['verify', 'books', '--ledger', 'nowhere'], 'The log has no ledger "nowhere".'],
    [['verify', 'everything', '--ledger', 'shop'], 'unknown command'],
    [['projections', 'verify'], '--all'],
    [['projections', 'verify', 'balances'], '"balances"'],
    [['projections', 'verify', '--sample', '0'], 'from 1 to 10000'],
    [['projections', 'verify', '--all', '--ledger', 'nowhere'], 'no ledger "nowhere"'],
    [['projections', 'verify', '--sample', '0x10'], 'from 1 to 10000'],
    [['projections', 'verify', '--sample', 'ten'], 'from 1 to 10000'],
    [['projections', 'verify', '--all', '--sample', '3'], 'Give one of'],
    [['projections', 'verify', '--account', 'ann'], 'Say which ledger'],
    [['projections', 'verify', '--account', 'x', '--ledger', 'shop'], 'no account "x"'],
  ])('%j', async (words, text) => {
    const { code, err } = await daybook(...words);
    expect([code, err]).toEqual([2, expect.stringContaining(text)]);
  });
});
