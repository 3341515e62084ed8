// Pending transfers expire by themselves, once, whoever has the ledger in memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { watchOverdue } from '../../src/commands/expire-transfers/overdue-watch.js';
import { createLedgerWriters } from '../../src/commands/ledger-writer/create-ledger-writers.js';
import { QUEUE_MAX } from '../../src/commands/ledger-writer/ledger-writer.js';
import { LedgerBusy, type LedgerWriters } from '../../src/commands/ledger-writer/ledger-writers.js';
import { decode } from '../../src/event-store/codec.js';
import { AppendRejected, type EventStore, NO_STREAM } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { newEvent } from '../contract/event-store.contract.js';
import { leg, openAccount, openLedger, postTransfer } from '../support/ledger-factories.js';

const log = pino({ level: 'silent' });
const causation = {
  ...{ actor: 'tester', requestId: 'r', correlationId: 'r', causationId: 'r', clientAddress: null },
};

describe('a pending transfer that nobody captures', () => {
  let folder: string;
  let node: Awaited<ReturnType<typeof startEventNode>>;
  const running: { store: EventStore; writers: LedgerWriters }[] = [];
  let ledger: string;
  let count = 0;

  const startProcess = () => {
    const store = eventStoreDb(node.url, log);
    const process = { store, writers: createLedgerWriters(store, log) };
    running.push(process);
    return process;
  };
  const stopped = async ({ store, writers }: (typeof running)[number]) => {
    await writers.close();
    await store.close();
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daybook-expiry-'));
    node = await startEventNode({ dataDir: join(folder, 'log') });
  });
  afterAll(async () => {
    await Promise.all(running.map(stopped));
    await node.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    count += 1;
    ledger = `expiry-${count}`;
  });

  const submit = (writers: LedgerWriters, command: Parameters<LedgerWriters['submit']>[1]) =>
    writers.submit(ledger, command, causation);

  /** A hold that is over shortly, on a ledger where nothing else happens. */
  const hold = async (writers: LedgerWriters) => {
    const now = new Date().toISOString();
    await submit(writers, openLedger({ ledger, now }));
    await submit(writers, openAccount({ address: 'cash', accountType: 'asset', now }));
    await submit(writers, openAccount({ address: 'alice', now }));
    const expiresAt = new Date(Date.now() + 300).toISOString();
    const legs = [leg('cash', 'alice', '5')];
    const outcome = await submit(
      writers,
      postTransfer('hold', legs, { pending: { expiresAt }, now: new Date().toISOString() }),
    );
    expect(outcome).toMatchObject({ kind: 'recorded', event: { type: 'TransferHeld' } });
    return expiresAt;
  };

  const expiries = async () => {
    const found = [];
    const { store } = startProcess();
    for await (const stored of store.readStream(ledgerStream(ledger), { from: 0 })) {
      const { event, metadata } = decode(stored);
      if (event.type === 'TransferExpired') found.push({ ...event.data, actor: metadata.actor });
    }
    return found;
  };
  const untilExpired = async () => {
    for (;;) {
      const found = await expiries();
      if (found.length > 0) return found;
      await sleep(100);
    }
  };

  it('is released by an event, and not before its time', async () => {
    const { writers } = startProcess();
    const expiresAt = await hold(writers);
    const [expired] = await untilExpired();
    expect(expired).toMatchObject({ transfer: 'hold', expiresAt, actor: 'daybook' });
    expect(expired && expired.recordedAt >= expiresAt).toBe(true);
    const { accounts } = await writers.current(ledger);
    expect(accounts.get('cash')?.pending).toEqual({ debits: 0n, credits: 0n });
  });

  it('is released once, however many processes have the ledger in memory', async () => {
    const processes = [startProcess(), startProcess(), startProcess()];
    const [first] = processes;
    if (!first) throw new Error('no process');
    await hold(first.writers);
    await Promise.all(processes.map(({ writers }) => writers.current(ledger)));
    await untilExpired();
    await Promise.all(processes.map(({ writers }) => writers.expireDue(ledger)));
    expect(await expiries()).toHaveLength(1);
  });

  it('is released by another process when the one that held it is gone', async () => {
    const gone = startProcess();
    const expiresAt = await hold(gone.writers);
    await stopped(gone);
    while (new Date().toISOString() < expiresAt) await sleep(50);
    expect(await expiries()).toHaveLength(0);
    await startProcess().writers.expireDue(ledger);
    expect(await expiries()).toHaveLength(1);
  });

  /** Two holds of which nobody knows in memory any more, and whose time is over. */
  const forgottenHolds = async () => {
    const gone = startProcess();
    await hold(gone.writers);
    const now = new Date().toISOString();
    const expiresAt = new Date(Date.now() + 300).toISOString();
    const legs = [leg('cash', 'alice', '5')];
    await submit(gone.writers, postTransfer('hold-2', legs, { pending: { expiresAt }, now }));
    await stopped(gone);
    while (new Date().toISOString() < expiresAt) await sleep(50);
  };

  it('leaves no failure unheard when the queue is full and then the store fails', async () => {
    await forgottenHolds();
    const { store } = startProcess();
    const failing: EventStore = {
      ...store,
      append: () => Promise.reject(new AppendRejected('for this test')),
    };
    const writers = createLedgerWriters(failing, log);
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', hear);
    const expiring = expect(writers.expireDue(ledger)).rejects.toThrow(LedgerBusy);
    // One place is left in the queue for the two that are over.
    const others = Array.from({ length: QUEUE_MAX - 1 }, (_, n) =>
      submit(writers, postTransfer(`t${n}`, [leg('cash', 'alice', '1')])),
    );
    await Promise.all([expiring, Promise.allSettled(others)]);
    await sleep(0);
    await writers.close();
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
  });

  it('is released although another ledger cannot be read', async () => {
    const damaged = 'expiry-damaged';
    await startProcess().store.append(ledgerStream(damaged), NO_STREAM, [newEvent()]);
    await forgottenHolds();
    const { writers } = startProcess();
    const overdueLedgers = () => Promise.resolve([damaged, ledger]);
    const watch = watchOverdue({ writers, overdueLedgers, log });
    expect(await untilExpired()).toHaveLength(2);
    await watch.stop();
  });
});
