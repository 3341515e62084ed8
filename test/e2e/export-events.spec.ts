// Goal: a ledger exported as jsonl and imported elsewhere is the same ledger, event for event and row for
// row, whatever interrupts the one or the other; and nothing damaged is imported.
// Method: two event nodes and two databases; the command as a process; files that are doctored.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once as eventOf } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { TABLES } from '../../projections/engine/generations.js';
import { importEvents } from '../../src/cli/import/import-events.js';
import { createTerminal } from '../../src/cli/terminal.js';
import { type FailureKind } from '../../src/platform/failure.js';
import { type Manifest } from '../../src/cli/export/manifest.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import {
  AppendOutcomeUnknown,
  type EventStore,
  type StoredEvent,
} from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { COMMAND, finished, once, run } from '../support/daybook-process.js';
import { everyKind, everyKindOfEvent } from '../support/every-kind.js';
import { linesOfEvents, writeExport } from '../support/event-files.js';
import { after } from '../support/given-when-then.js';
import { leg, openAccount, openLedger, postTransfer } from '../support/ledger-factories.js';
import { startTestProjector } from '../support/projector.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { submitterOn } from '../support/submitter.js';

jest.setTimeout(120_000);

let folder: string;
let here: TestEventStore;
let there: TestEventStore;
let hereStore: EventStore;
let thereStore: EventStore;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-export-'));
  [here, there] = await Promise.all([startTestEventStore(), startTestEventStore()]);
  hereStore = eventStoreDb(here.url, pino({ level: 'silent' }));
  thereStore = eventStoreDb(there.url, pino({ level: 'silent' }));
  const writer = submitterOn(hereStore);
  for (const command of everyKind('shop')) await writer.submit('shop', command);
  await writer.close();
});
afterAll(async () => {
  await Promise.all([hereStore.close(), thereStore.close()]);
  await Promise.all([here.remove(), there.remove()]);
  rmSync(folder, { recursive: true });
});

function daybook(store: { readonly url: string }, ...words: string[]) {
  return finished(run(COMMAND, words, { EVENTSTORE_URL: store.url }));
}

const exportTo = (store: TestEventStore, out: string, ...more: string[]) =>
  daybook(store, 'export', '--ledger', 'shop', '--format', 'jsonl', '--out', out, ...more);

const importHere = (path: string, ledger?: string) =>
  importEvents({ path, ledger }, thereStore, createTerminal({ json: true }));

const place = (name: string) => join(folder, name);
const textIn = (out: string, name = 'events.jsonl') => readFileSync(join(out, name), 'utf8');
const manifestIn = (out: string) => JSON.parse(textIn(out, 'manifest.json')) as Manifest;
const leftovers = () => readdirSync(folder).filter((name) => name.includes('.partial-'));

async function eventsOf(store: EventStore, ledger: string): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const stored of store.readStream(`ledger-${ledger}`, { from: 0 })) events.push(stored);
  return events;
}

const withoutPlace = ({ id, type, data, metadata, revision }: StoredEvent) =>
  JSON.stringify([revision, id, type, data, metadata]);

/** Every row of the read models that follow a log; positions are the log's own. */
async function rowsOf(events: TestEventStore, database: TestPostgres): Promise<unknown> {
  const projector = await startTestProjector({
    eventStoreUrl: events.url,
    databaseUrl: database.url,
  });
  const client = new pg.Client(database.url);
  await client.connect();
  const ask = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows;
  const due = (await eventsOf(events === here ? hereStore : thereStore, 'shop')).length - 1;
  let ledgers = await ask(`SELECT revision FROM reporting.ledger WHERE ledger = 'shop'`);
  while (Number(ledgers[0]?.['revision']) !== due) {
    ledgers = await ask(`SELECT revision FROM reporting.ledger WHERE ledger = 'shop'`);
  }
  const tables: Record<string, unknown> = {};
  for (const { name, key } of TABLES) {
    const rows = await ask(
      `SELECT to_jsonb(t) - 'position' - 'state_position' AS row
       FROM rm_1.${name} AS t WHERE ledger = 'shop' ORDER BY ${key.join(', ')}`,
    );
    tables[name] = rows.map(({ row }) => row);
  }
  await client.end();
  await projector.stop();
  return tables;
}

describe('an export as jsonl', () => {
  it('has the events as the log has them, and a manifest that says which', async () => {
    const out = place('whole');
    const told = await exportTo(here, out, '--json');
    expect([told.code, told.err]).toEqual([0, '']);
    const events = await eventsOf(hereStore, 'shop');
    const lines = textIn(out).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual(
      events.map(({ revision, id, type, data, metadata }) => ({
        ...{ revision, id, type, data, metadata },
      })),
    );
    const [first, last] = [events[0], events.at(-1)].map((event) => ({
      revision: event?.revision,
      position: String(event?.position),
      id: event?.id,
      hash: event?.metadata['hash'],
      previousHash: event?.metadata['previousHash'],
    }));
    const bytes = readFileSync(join(out, 'events.jsonl'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const manifest = manifestIn(out);
    expect(manifest).toEqual({
      ...{ formatVersion: 1, format: 'jsonl', ledger: 'shop', writtenBy: 'daybook 0.1.0' },
      range: { axis: 'recorded', from: null, to: null },
      events: { first, last },
      files: [{ name: 'events.jsonl', rows: events.length, bytes: bytes.length, sha256 }],
    });
    expect(JSON.parse(told.out)).toEqual({ out, manifest });
  });

  it('is the same again, byte for byte, and overwrites nothing', async () => {
    const [again, refused] = await Promise.all([
      exportTo(here, place('again')),
      exportTo(here, place('whole')),
    ]);
    expect(again.code).toBe(0);
    for (const name of ['events.jsonl', 'manifest.json']) {
      expect(textIn(place('again'), name)).toBe(textIn(place('whole'), name));
    }
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('exists')]);
    const two = await Promise.all([1, 2].map(() => exportTo(here, place('both'))));
    expect(two.map(({ code }) => code).sort()).toEqual([0, 3]);
    expect(leftovers()).toEqual([]);
  });

  it('imported into an empty store is the same ledger, and exports to the same bytes', async () => {
    const imported = await daybook(there, 'import', place('whole'), '--json');
    const total = (await eventsOf(hereStore, 'shop')).length;
    const last = { revision: total - 1, hash: manifestIn(place('whole')).events?.last.hash };
    expect(JSON.parse(imported.out)).toMatchObject({ total, added: total, alreadyThere: 0, last });
    const [mine, theirs] = await Promise.all([
      eventsOf(hereStore, 'shop'),
      eventsOf(thereStore, 'shop'),
    ]);
    expect(theirs.map(withoutPlace)).toEqual(mine.map(withoutPlace));
    expect((await exportTo(there, place('copy'))).code).toBe(0);
    expect(textIn(place('copy'))).toBe(textIn(place('whole')));
    const again = await daybook(there, 'import', place('whole'), '--json');
    expect(JSON.parse(again.out)).toMatchObject({ added: 0, alreadyThere: total });
  });

  it('projects to the same rows', async () => {
    const databases = await Promise.all([startTestPostgres(), startTestPostgres()]);
    try {
      const mine = await rowsOf(here, databases[0]);
      expect(await rowsOf(there, databases[1])).toEqual(mine);
      expect(JSON.stringify(mine)).toContain('order-back');
    } finally {
      await Promise.all(databases.map((database) => database.remove()));
    }
  });
});

const T0 = Date.parse('2026-01-01T00:00:00.000Z');
const at = (second: number) => new Date(T0 + second * 1000).toISOString();

/** A ledger in which something is recorded every second. */
function history(ledger: string, transfers: number): LedgerEvent[] {
  return after(
    [],
    openLedger({ ledger, now: at(0) }),
    openAccount({ address: 'cash', accountType: 'asset', overdraftLimit: null, now: at(1) }),
    openAccount({ address: 'ann', now: at(2) }),
    ...Array.from({ length: transfers }, (_, number) =>
      postTransfer(`t${number}`, [leg('cash', 'ann', '1')], { now: at(number + 3) }),
    ),
  );
}

describe('a stretch of time', () => {
  it('is about when events were recorded, and continues what comes before it', async () => {
    const lines = linesOfEvents('parts', history('parts', 20));
    const whole = writeExport(place('parts'), { ledger: 'parts', lines });
    await importEvents({ path: whole, ledger: 'parts' }, hereStore, createTerminal({ json: true }));
    const part = (name: string, ...range: string[]) =>
      daybook(
        here,
        'export',
        '--ledger',
        'parts',
        '--format',
        'jsonl',
        '--out',
        place(name),
        ...range,
      );
    const told = await Promise.all([
      part('early', '--to', at(10)),
      part('late', '--from', at(10)),
      part('never', '--from', '2027-01-01', '--json'),
    ]);
    expect(told.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(textIn(place('early')) + textIn(place('late'))).toBe(lines.join(''));
    expect(manifestIn(place('late')).events?.first.revision).toBe(10);
    expect(manifestIn(place('never'))).toMatchObject({ events: null, files: [{ rows: 0 }] });

    await expect(importHere(place('late'))).rejects.toMatchObject({
      ...{ kind: 'refused', message: expect.stringContaining('begins with revision 10') as string },
    });
    expect(await importHere(place('early'))).toMatchObject({ total: 10, added: 10 });
    expect(await importHere(place('late'))).toMatchObject({ total: 13, alreadyThere: 0 });
    expect(await importHere(place('never'))).toMatchObject({ total: 0, last: null });
    expect((await eventsOf(thereStore, 'parts')).length).toBe(lines.length);
    expect(await importHere(whole)).toMatchObject({ added: 0, alreadyThere: lines.length });
  });
});

describe('what was changed on the way is not imported', () => {
  const good = () => linesOfEvents('hurt', history('hurt', 6));
  const edited = (line: number, from: string, to: string) =>
    good().map((text, index) => (index === line ? text.replace(from, to) : text));
  /** Hashes, ids and SHA-256 are right; what it says cannot have happened. */
  const impossible = () =>
    linesOfEvents(
      'hurt',
      history('hurt', 6).map((event) =>
        event.type === 'TransferPosted' && event.data.id === 't3'
          ? { ...event, data: { ...event.data, legs: [leg('cash', 'ann', '9')] } }
          : event,
      ),
    );

  const cases: readonly [string, () => Parameters<typeof writeExport>[1], FailureKind, string][] = [
    ['an amount', () => lines(edited(5, '"1.00"', '"9.00"')), 'findings', 'damaged at line 6'],
    ['an event left out', () => lines(good().toSpliced(4, 1)), 'findings', 'damaged at line 5'],
    ['an event moved', () => lines(swapped(good())), 'findings', 'damaged at line 5'],
    [
      'half a line',
      () => lines([...good().slice(0, 4), '{"revision":4,']),
      'findings',
      'at line 5',
    ],
    [
      'who did it',
      () => lines(edited(3, '"actor":"test"', '"actor":"eve"')),
      'findings',
      'at line 4',
    ],
    ['an id', () => lines(edited(3, '"id":"', '"id":"f')), 'findings', 'id does not match'],
    [
      'books that cannot be',
      () => lines(impossible()),
      'findings',
      'cannot be imported: at revision 6',
    ],
    ['a file cut short', () => ({ ...lines(good()), changes: otherSum }), 'findings', 'SHA-256'],
    ['a table', () => ({ ...lines(good()), changes: { format: 'csv' } }), 'usage', 'only jsonl'],
    [
      'a later format',
      () => ({ ...lines(good()), changes: { formatVersion: 2 } }),
      'usage',
      'version 2',
    ],
    ['no file', () => ({ ...lines(good()), changes: { files: [] } }), 'usage', 'lists no file'],
    [
      'no ledger',
      () => ({ ...lines(good()), changes: { ledger: undefined } }),
      'usage',
      'no ledger',
    ],
  ];
  const lines = (all: readonly string[]) => ({ ledger: 'hurt', lines: all });
  const swapped = (all: readonly string[]) =>
    all.map((_, i) => all[i === 4 ? 5 : i === 5 ? 4 : i] ?? '');
  const otherSum = { files: [{ name: 'events.jsonl', rows: 9, bytes: 9, sha256: '0'.repeat(64) }] };

  it('says what and where, and leaves the store as it was', async () => {
    for (const [name, write, kind, words] of cases) {
      const folderOfCase = writeExport(place(`hurt ${name}`), write());
      await expect(importHere(folderOfCase)).rejects.toMatchObject({
        ...{ kind, message: expect.stringContaining(words) as string },
      });
    }
    expect(await eventsOf(thereStore, 'hurt')).toEqual([]);
  });

  it('as little as another ledger with the same id', async () => {
    const lines_ = linesOfEvents('shop', everyKindOfEvent('shop'));
    const out = writeExport(place('other'), { ledger: 'shop', lines: lines_ });
    const before = (await eventsOf(thereStore, 'shop')).length;
    await expect(importHere(out)).rejects.toMatchObject({
      ...{ kind: 'refused', message: expect.stringContaining('another ledger "shop"') as string },
    });
    expect((await eventsOf(thereStore, 'shop')).length).toBe(before);
  });
});

describe('a file of events alone', () => {
  it('is imported into the ledger that is named, and no other', async () => {
    const path = place('alone.jsonl');
    writeFileSync(path, linesOfEvents('alone', history('alone', 3)).join(''));
    const cases: [string, string | undefined, FailureKind, string][] = [
      [path, undefined, 'usage', '--ledger'],
      [path, 'Alone', 'usage', 'not a ledger id'],
      [path, 'aside', 'findings', 'damaged at line 1'],
      [place('whole'), 'aside', 'usage', 'cannot become "aside"'],
      [place('nowhere.jsonl'), 'alone', 'usage', 'There is no file'],
      [folder, undefined, 'usage', 'manifest.json cannot be read (ENOENT)'],
    ];
    for (const [from, ledger, kind, words] of cases) {
      await expect(importHere(from, ledger)).rejects.toMatchObject({
        ...{ kind, message: expect.stringContaining(words) as string },
      });
    }
    const imported = await daybook(there, 'import', path, '--ledger', 'alone');
    expect([imported.code, imported.out]).toEqual([0, expect.stringContaining('6 imported')]);
  });
});

describe('an import that is not alone, or not answered', () => {
  const fileOf = (ledger: string) =>
    writeExport(place(ledger), { ledger, lines: linesOfEvents(ledger, history(ledger, 1_200)) });
  /** The store, with something that happens right after the second append. */
  function storeWhere(happens: () => Promise<void>): EventStore {
    let appends = 0;
    return {
      ...thereStore,
      append: async (...words) => {
        const answer = await thereStore.append(...words);
        appends += 1;
        if (appends === 2) await happens();
        return answer;
      },
    };
  }
  const importInto = (store: EventStore, path: string) =>
    importEvents({ path, ledger: undefined }, store, createTerminal({ json: true }));

  it('goes on when answers are lost, and imports nothing twice', async () => {
    const lost = storeWhere(() => Promise.reject(new AppendOutcomeUnknown('cut off')));
    const imported = await importInto(lost, fileOf('lost'));
    expect(imported).toMatchObject({ total: 1_203, added: 1_203, alreadyThere: 0 });
    expect((await eventsOf(thereStore, 'lost')).length).toBe(1_203);
  });

  it('stops when somebody else writes to the ledger', async () => {
    const shared = storeWhere(async () => {
      const writer = submitterOn(thereStore);
      await writer.submit('shared', postTransfer('mine', [leg('cash', 'ann', '1')]));
      await writer.close();
    });
    await expect(importInto(shared, fileOf('shared'))).rejects.toMatchObject({
      ...{ kind: 'refused', message: expect.stringContaining('at revision 1000 is not') as string },
    });
    expect((await eventsOf(thereStore, 'shared')).length).toBe(1_001);
  });
});

describe('killed in the middle', () => {
  const TRANSFERS = 6_000;
  let big: string;
  let lines: string[];
  beforeAll(() => {
    lines = linesOfEvents('big', history('big', TRANSFERS));
    big = writeExport(place('big'), { ledger: 'big', lines });
  });

  it('an import continues when it is run again', async () => {
    const importing = run(COMMAND, ['import', big], { EVENTSTORE_URL: there.url });
    await once(importing, () => /import \d+%/.test(importing.err()));
    importing.process.kill('SIGKILL');
    expect(await importing.ended).toBe('SIGKILL');
    const left = (await eventsOf(thereStore, 'big')).length;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(lines.length);
    const again = await daybook(there, 'import', big, '--json');
    expect(JSON.parse(again.out)).toMatchObject({
      ...{ total: lines.length, alreadyThere: left, added: lines.length - left },
    });
  });

  it('an export leaves nothing that looks like one', async () => {
    const out = place('big-out');
    const words = ['export', '--ledger', 'big', '--format', 'jsonl', '--out', out];
    const began = new Promise<void>((resolve) => {
      const watcher = watch(folder, (_, name) => {
        if (!name?.startsWith('big-out.partial-')) return;
        watcher.close();
        resolve();
      });
    });
    const killed = run(COMMAND, words, { EVENTSTORE_URL: there.url });
    await began;
    killed.process.kill('SIGKILL');
    await killed.ended;
    expect(existsSync(out)).toBe(false);
    const stopped = run(COMMAND, words, { EVENTSTORE_URL: there.url });
    await once(stopped, () => /jsonl events \d+%/.test(stopped.err()));
    stopped.process.kill('SIGTERM');
    expect([await stopped.ended, stopped.err()]).toEqual([3, expect.stringContaining('stopped')]);
    expect(existsSync(out)).toBe(false);
    expect(leftovers()).toHaveLength(1);
    expect((await daybook(there, ...words)).code).toBe(0);
    expect(textIn(out)).toBe(lines.join(''));
  });
});

describe('an export that cannot be', () => {
  const told = async (words: string[], store: { url: string } = here) => {
    const all = [
      'export',
      '--ledger',
      'shop',
      '--format',
      'jsonl',
      '--out',
      place('none'),
      ...words,
    ];
    const { code, out, err } = await daybook(store, ...all);
    return [code, out, err];
  };
  const containing = (words: string) => expect.stringContaining(words) as string;
  const says = (code: number, words: string) => [code, '', containing(words)];

  it('says what is in its way', async () => {
    const file = place('a-file');
    writeFileSync(file, '');
    expect(
      await Promise.all([
        told(['--ledger', 'nobody']),
        told([], { url: 'esdb://127.0.0.1:1?tls=false' }),
        told(['--out', join(file, 'out')]),
        diskFull(),
      ]),
    ).toEqual([
      says(2, 'There is no ledger "nobody"'),
      says(4, 'event store does not answer'),
      says(2, 'a file is in the way'),
      says(4, 'files may not grow so large'),
    ]);
    expect(readdirSync(folder).filter((name) => name.startsWith('none'))).toEqual([]);
  });

  // What a full disk is to a program, in a shell that limits the size of files.
  async function diskFull(): Promise<unknown[]> {
    const words = ['export', '--ledger', 'shop', '--format', 'jsonl', '--out', place('none-full')];
    const limited = `trap '' XFSZ; ulimit -f 8; exec "$0" "$@"`;
    const child = spawn('sh', ['-c', limited, process.execPath, COMMAND, ...words], {
      env: { PATH: process.env['PATH'], EVENTSTORE_URL: here.url },
    });
    const written = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
    const [code] = (await eventOf(child, 'close')) as unknown[];
    return [code, written.out, written.err];
  }
});
