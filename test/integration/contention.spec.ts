// Several processes that write to one ledger: each request gets its decision, however often an append
// comes too late. Nothing is timed: others write at exactly the moments that hurt.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createLedgerWriters } from '../../src/commands/ledger-writer/create-ledger-writers.js';
import { type LedgerWriters } from '../../src/commands/ledger-writer/ledger-writers.js';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { decode } from '../../src/event-store/codec.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { leg, openAccount, openLedger, postTransfer } from '../support/ledger-factories.js';

const PROCESSES = 4;
const CLIENTS_PER_PROCESS = 16;
const TRANSFERS_PER_CLIENT = 8;
/** With a wait that doubles up to 400 ms after each, far more than a request could be kept waiting. */
const LOSSES_IN_A_ROW = 40;

jest.setTimeout(60_000);

const log = pino({ level: 'silent' });

describe('a ledger that several processes write to', () => {
  let folder: string;
  let node: Awaited<ReturnType<typeof startEventNode>>;
  let store: EventStore;
  let ledger: string;
  let others: LedgerWriters;
  let written = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daybook-contention-'));
    node = await startEventNode({ dataDir: folder });
    store = eventStoreDb(node.url, log);
  });
  afterAll(async () => {
    await store.close();
    await node.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    ledger = `contended-${randomUUID()}`;
    others = createLedgerWriters(store, log);
    await submit(others, openLedger({ ledger }));
    await submit(others, openAccount({ address: 'cash', accountType: 'asset' }));
    await submit(others, openAccount({ address: 'alice' }));
  });

  const submit = (writers: LedgerWriters, command: LedgerCommand) => {
    const requestId = randomUUID();
    const causation = { actor: 'tester', requestId, correlationId: '1', causationId: requestId };
    return writers.submit(ledger, command, { ...causation, clientAddress: null });
  };
  const transfer = (writers: LedgerWriters, id: string) =>
    submit(writers, postTransfer(id, [leg('cash', 'alice', '1.00')]));
  const othersWrite = () => transfer(others, `other-${(written += 1)}`);

  const postedIds = async () => {
    const ids: string[] = [];
    for await (const stored of store.readStream(ledgerStream(ledger), { from: 0 })) {
      const { event } = decode(stored);
      if (event.type === 'TransferPosted') ids.push(event.data.id);
    }
    return ids;
  };

  it('answers every request of every process with what was recorded, once', async () => {
    const processes = Array.from({ length: PROCESSES }, () => createLedgerWriters(store, log));
    const answers: string[] = [];
    const client = async (writers: LedgerWriters, name: string) => {
      for (let number = 0; number < TRANSFERS_PER_CLIENT; number += 1) {
        const outcome = await transfer(writers, `${name}-${number}`);
        answers.push(outcome.kind === 'recorded' ? outcome.event.type : outcome.kind);
      }
    };
    await Promise.all(
      processes.flatMap((writers, process) =>
        Array.from({ length: CLIENTS_PER_PROCESS }, (_, n) => client(writers, `${process}-${n}`)),
      ),
    );
    const all = PROCESSES * CLIENTS_PER_PROCESS * TRANSFERS_PER_CLIENT;
    expect(answers).toEqual(Array.from({ length: all }, () => 'TransferPosted'));
    const ids = await postedIds();
    expect(ids).toHaveLength(all);
    expect(new Set(ids).size).toBe(all);
  });

  it('goes on without a process that wrote last and is gone', async () => {
    const [gone, staying] = [createLedgerWriters(store, log), createLedgerWriters(store, log)];
    for (const round of [1, 2]) {
      await transfer(gone, `gone-${round}`);
      await transfer(staying, `staying-${round}`);
    }
    await gone.close();
    const ids = Array.from({ length: 20 }, (_, n) => `later-${n}`);
    for (const id of ids) {
      expect(await transfer(staying, id)).toMatchObject({ kind: 'recorded' });
    }
    expect((await postedIds()).slice(-ids.length)).toEqual(ids);
  });

  it('says in each event which of the processes wrote it', async () => {
    const writers = [createLedgerWriters(store, log), createLedgerWriters(store, log)] as const;
    for (const n of [0, 1, 0, 1] as const) await transfer(writers[n], `t${(written += 1)}`);
    const last = { from: 'end', direction: 'backwards', limit: 4 } as const;
    const names: unknown[] = [];
    for await (const stored of store.readStream(ledgerStream(ledger), last)) {
      names.push(decode(stored).metadata.writer);
    }
    const [one, other] = names;
    expect(one).not.toBe(other);
    expect(names).toEqual([one, other, one, other]);
  });

  it('decides a request whose append comes too late again and again', async () => {
    let losses = 0;
    const tooLate: EventStore = {
      ...store,
      append: async (...request) => {
        if (losses < LOSSES_IN_A_ROW) await othersWrite();
        losses += 1;
        return store.append(...request);
      },
    };
    const writers = createLedgerWriters(tooLate, log);
    expect(await transfer(writers, 'unlucky')).toMatchObject({ kind: 'recorded', replayed: false });
    expect(losses).toBe(LOSSES_IN_A_ROW + 1);
    expect((await postedIds()).filter((id) => id === 'unlucky')).toHaveLength(1);
  });

  it('answers what needs no event although the ledger moves on at every look', async () => {
    const moving: EventStore = {
      ...store,
      async *readStream(...request) {
        await othersWrite();
        yield* store.readStream(...request);
      },
    };
    await transfer(others, 'known');
    const writers = createLedgerWriters(moving, log);
    expect(await transfer(writers, 'known')).toMatchObject({ kind: 'recorded', replayed: true });
    expect(
      await submit(writers, postTransfer('bad', [leg('cash', 'nobody', '1.00')])),
    ).toMatchObject({ kind: 'rejected', rejection: { code: 'UNKNOWN_ACCOUNT' } });
  });

  it('lets readers in while commands keep coming', async () => {
    let reading = true;
    let sent = 0;
    const keepComing = async () => {
      while (reading) await transfer(others, `t${(sent += 1)}`);
    };
    // While one is answered the others wait already, so the queue is never empty.
    const clients = Promise.all([keepComing(), keepComing(), keepComing()]);
    const { accounts } = await others.current(ledger);
    reading = false;
    await clients;
    expect(accounts.get('alice')).toBeDefined();
  });
});
