// The ledger writer on a real event store: group commit, conflicts with other processes, lost answers,
// a store that comes and goes, and a log that is not what it was.
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createLedgerWriters } from '../../src/commands/ledger-writer/create-ledger-writers.js';
import { FoldedLedger } from '../../src/commands/ledger-writer/folded-ledger.js';
import { QUEUE_MAX } from '../../src/commands/ledger-writer/ledger-writer.js';
import {
  type CommandOutcome,
  LedgerBusy,
  type LedgerWriters,
  OutcomeUnknown,
} from '../../src/commands/ledger-writer/ledger-writers.js';
import { InvariantViolation } from '../../src/domain/errors.js';
import { balanceOf } from '../../src/domain/ledger/account.js';
import { type Leg, type TransferPosted } from '../../src/domain/ledger/transfer-events.js';
import { type Causation } from '../../src/event-store/codec.js';
import {
  AppendOutcomeUnknown,
  type EventStore,
  EventStoreUnavailable,
} from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { leg, openAccount, openLedger, postTransfer } from '../support/ledger-factories.js';
import { reverseTransfer } from '../support/transfer-factories.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { newEvent } from '../contract/event-store.contract.js';

const log = pino({ level: 'silent' });
// Every request is one of its own, as over HTTP.
const causation = (): Causation => {
  const requestId = randomUUID();
  return {
    actor: 'tester',
    requestId,
    correlationId: 'order-1',
    causationId: requestId,
    clientAddress: null,
  };
};

describe('the ledger writer', () => {
  let folder: string;
  let node: Awaited<ReturnType<typeof startEventNode>>;
  const stores: EventStore[] = [];
  let ledger: string;
  let count = 0;

  /** A process of its own as far as the ledger is concerned: nothing is shared but the store. */
  const processOn = (url = node.url): { store: EventStore; writers: LedgerWriters } => {
    const store = eventStoreDb(url, log);
    stores.push(store);
    return { store, writers: createLedgerWriters(store, log) };
  };
  const urlAt = (port: number) => `esdb://127.0.0.1:${port}?tls=false`;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daybook-writer-'));
    node = await startEventNode({ dataDir: join(folder, 'log') });
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await node.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    count += 1;
    ledger = `writer-${count}`;
  });

  const submit = (writers: LedgerWriters, command: Parameters<LedgerWriters['submit']>[1]) =>
    writers.submit(ledger, command, causation());
  const transfer = (writers: LedgerWriters, id: string, ...legs: Leg[]) =>
    submit(writers, postTransfer(id, legs));

  const openBooks = async (writers: LedgerWriters, funds = '100') => {
    await submit(writers, openLedger({ ledger }));
    await submit(writers, openAccount({ address: 'cash', accountType: 'asset' }));
    await submit(writers, openAccount({ address: 'alice' }));
    await submit(writers, openAccount({ address: 'bob' }));
    await transfer(writers, 'funding', leg('cash', 'alice', funds));
  };
  const typeOf = (outcome: CommandOutcome) => {
    if (outcome.kind === 'recorded') return outcome.event.type;
    return outcome.kind === 'rejected' ? outcome.rejection.code : outcome.kind;
  };
  const tally = (outcomes: readonly CommandOutcome[]) => {
    const counts: Record<string, number> = {};
    for (const type of outcomes.map(typeOf)) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  };
  const balance = async (writers: LedgerWriters, address: string) => {
    const account = (await writers.current(ledger)).accounts.get(address);
    return account && balanceOf(account);
  };

  it('answers with what was recorded, and where', async () => {
    const { writers } = processOn();
    await openBooks(writers);
    const outcome = await transfer(writers, 't', leg('alice', 'bob', '1.5'));
    expect(outcome).toMatchObject({
      kind: 'recorded',
      revision: 5,
      replayed: false,
      event: {
        type: 'TransferPosted',
        data: { balances: [{ balance: '98.50' }, { balance: '1.50' }] },
      },
    });
  });

  it('never lets concurrent transfers take more than there is', async () => {
    const { writers } = processOn();
    await openBooks(writers);
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        transfer(writers, `t${n}`, leg('alice', 'bob', '1.00')),
      ),
    );
    expect(tally(outcomes)).toEqual({ TransferPosted: 100, TransferRefused: 100 });
    expect(await balance(writers, 'alice')).toBe(0n);
  });

  it('nor when two processes decide at once', async () => {
    const one = processOn();
    const two = processOn();
    await openBooks(one.writers);
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        transfer((n % 2 ? one : two).writers, `t${n}`, leg('alice', 'bob', '1.00')),
      ),
    );
    expect(tally(outcomes)).toEqual({ TransferPosted: 100, TransferRefused: 100 });
    expect(await balance(one.writers, 'bob')).toBe(10_000n);
    expect(await balance(two.writers, 'bob')).toBe(10_000n);
  });

  it('decides the same id once, however often and wherever it is sent', async () => {
    const one = processOn();
    const two = processOn();
    await openBooks(one.writers);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        transfer((n % 2 ? one : two).writers, 'same', leg('alice', 'bob', '10.00')),
      ),
    );
    const recorded = outcomes.filter((outcome) => outcome.kind === 'recorded');
    expect(recorded).toHaveLength(50);
    expect(recorded.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(
      new Set(recorded.map(({ event, revision }) => JSON.stringify([event, revision]))).size,
    ).toBe(1);
    expect(await balance(one.writers, 'alice')).toBe(9_000n);
  });

  it('remembers every decision after a restart, refusals too', async () => {
    const before = processOn();
    await openBooks(before.writers);
    const posted = await transfer(before.writers, 'p', leg('alice', 'bob', '1'));
    const refused = await transfer(before.writers, 'r', leg('bob', 'alice', '5'));
    await transfer(before.writers, 'later', leg('alice', 'bob', '50'));

    const after = processOn();
    expect(await transfer(after.writers, 'p', leg('alice', 'bob', '1.00'))).toEqual({
      ...posted,
      replayed: true,
    });
    expect(await transfer(after.writers, 'r', leg('bob', 'alice', '5'))).toEqual({
      ...refused,
      replayed: true,
    });
    expect(await transfer(after.writers, 'p', leg('alice', 'bob', '2'))).toMatchObject({
      kind: 'rejected',
      rejection: { code: 'TRANSFER_ID_REUSED', fields: [{ field: 'legs[0].amount' }] },
    });
  });

  it('turns nothing away on a state that another process has moved on', async () => {
    const one = processOn();
    const two = processOn();
    await openBooks(one.writers);
    await two.writers.current(ledger);
    await submit(one.writers, openAccount({ address: 'new' }));
    expect(typeOf(await transfer(two.writers, 't', leg('cash', 'new', '1')))).toBe(
      'TransferPosted',
    );
  });

  it('reads events again that are asked for, and keeps no others', async () => {
    const { store, writers } = processOn();
    await openBooks(writers);
    const folded = new FoldedLedger(ledger, store);
    await folded.catchUp();
    const events = await folded.eventsAt([4, 1, 4]);
    expect([...events.keys()]).toEqual([1, 4]);
  });

  it('reverses nothing twice when what was reversed before cannot be read again', async () => {
    const first = processOn();
    await openBooks(first.writers);
    await transfer(first.writers, 't', leg('alice', 'bob', '10'));
    const reversal = (id: string) => reverseTransfer(id, 't');
    await submit(first.writers, reversal('r1'));
    const cutOff: EventStore = {
      ...first.store,
      readStream: (stream, { limit, ...options }) =>
        first.store.readStream(stream, limit === undefined ? options : { ...options, limit: 1 }),
    };
    const writers = createLedgerWriters(cutOff, log);
    await expect(submit(writers, reversal('r2'))).rejects.toThrow(EventStoreUnavailable);
    expect(await balance(writers, 'alice')).toBe(10_000n);
    const outcome = await submit(first.writers, reversal('r2'));
    expect(outcome).toMatchObject({
      event: { data: { refusal: { code: 'AMOUNT_EXCEEDS_POSTED' } } },
    });
  });

  it('says that a command is in doubt when its append was, and what followed could not be read', async () => {
    const first = processOn();
    await openBooks(first.writers);
    let appends = 0;
    let isCutOff = false;
    // Stores the events, loses the answer, then says that others wrote, and cannot be read any more.
    const forgetful: EventStore = {
      ...first.store,
      append: async (...request) => {
        appends += 1;
        if (appends > 1) {
          isCutOff = true;
          return { kind: 'conflict' };
        }
        await first.store.append(...request);
        throw new AppendOutcomeUnknown('the answer was lost');
      },
      readStream: (...request) => {
        if (isCutOff) throw new EventStoreUnavailable('cut off');
        return first.store.readStream(...request);
      },
    };
    const writers = createLedgerWriters(forgetful, log);
    const lost = transfer(writers, 't', leg('alice', 'bob', '1'));
    await expect(lost).rejects.toThrow(OutcomeUnknown);
    const again = await transfer(first.writers, 't', leg('alice', 'bob', '1'));
    expect(again).toMatchObject({ kind: 'recorded', replayed: true });
  });

  it('commits commands that wait for one another together', async () => {
    const { store } = processOn();
    let appends = 0;
    const counting: EventStore = {
      ...store,
      append: (...request) => {
        appends += 1;
        return store.append(...request);
      },
    };
    const writers = createLedgerWriters(counting, log);
    await openBooks(writers, '1000');
    appends = 0;
    const outcomes = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) =>
        transfer(writers, `t${n}`, leg('alice', 'bob', '1.00')),
      ),
    );
    expect(tally(outcomes)).toEqual({ TransferPosted: 1_000 });
    expect(appends).toBeLessThan(10);
  });

  it('finds out what became of an append whose answer was lost', async () => {
    const proxy = await startTcpProxy(node.port);
    const direct = processOn();
    await openBooks(direct.writers);
    const { writers } = processOn(urlAt(proxy.port));
    await writers.current(ledger);
    proxy.swallowReplies();
    const pending = Promise.all(
      Array.from({ length: 20 }, (_, n) => transfer(writers, `t${n}`, leg('alice', 'bob', '1'))),
    );
    // The append has arrived once the other process sees it; only then is the answer cut off.
    while ((await balance(direct.writers, 'bob')) === 0n);
    proxy.cut();
    const outcomes = await pending;
    expect(tally(outcomes)).toEqual({ TransferPosted: 20 });
    expect(outcomes.every((outcome) => outcome.kind === 'recorded' && !outcome.replayed)).toBe(
      true,
    );
    expect(await balance(direct.writers, 'bob')).toBe(2_000n);
    await proxy.close();
  });

  it('says that the store cannot be reached, and goes on when it can', async () => {
    const proxy = await startTcpProxy(node.port);
    const { writers } = processOn(urlAt(proxy.port));
    await openBooks(writers);
    await proxy.close();
    const failures = await Promise.allSettled([
      transfer(writers, 'a', leg('alice', 'bob', '1')),
      transfer(writers, 'b', leg('alice', 'bob', '1')),
    ]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(writers.current(ledger)).rejects.toThrow(EventStoreUnavailable);

    const direct = processOn();
    expect(typeOf(await transfer(direct.writers, 'a', leg('alice', 'bob', '1')))).toBe(
      'TransferPosted',
    );
    expect(await balance(direct.writers, 'bob')).toBe(100n);
  });

  it('bounds the commands that wait', async () => {
    const { writers } = processOn();
    await openBooks(writers);
    const outcomes = await Promise.allSettled(
      Array.from({ length: QUEUE_MAX + 500 }, (_, n) =>
        transfer(writers, `t${n}`, leg('cash', 'bob', '1')),
      ),
    );
    const busy = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(busy.length).toBeGreaterThan(0);
    expect(busy.every((outcome) => outcome.reason instanceof LedgerBusy)).toBe(true);
    const posted = outcomes.length - busy.length;
    expect(await balance(writers, 'bob')).toBe(BigInt(posted) * 100n);
  }, 30_000);

  it('decides nothing on a log that was tampered with', async () => {
    const one = processOn();
    await openBooks(one.writers);
    await one.store.append(`ledger-${ledger}`, 4, [newEvent()]);
    const attempt = transfer(one.writers, 't', leg('alice', 'bob', '1'));
    await expect(attempt).rejects.toThrow(InvariantViolation);
    await expect(processOn().writers.current(ledger)).rejects.toThrow(InvariantViolation);
  });

  it('decides nothing on a log that went back in time', async () => {
    const dataDir = join(folder, 'restored');
    let own = await startEventNode({ dataDir });
    const { port } = own;
    const { writers } = processOn(urlAt(port));
    await openBooks(writers);
    await own.stop();
    cpSync(dataDir, `${dataDir}-backup`, { recursive: true });
    own = await startEventNode({ dataDir, port });
    expect(typeOf(await transfer(writers, 'lost', leg('alice', 'bob', '1')))).toBe(
      'TransferPosted',
    );
    await own.stop();
    rmSync(dataDir, { recursive: true });
    cpSync(`${dataDir}-backup`, dataDir, { recursive: true });
    own = await startEventNode({ dataDir, port });
    await expect(transfer(writers, 'next', leg('alice', 'bob', '1'))).rejects.toThrow(
      InvariantViolation,
    );
    await own.stop();
  });

  it('answers accounts and ledgers that exist with how they were opened', async () => {
    const { writers } = processOn();
    await openBooks(writers);
    const again = await submit(writers, openAccount({ address: 'alice' }));
    expect(again).toMatchObject({ kind: 'recorded', replayed: true, revision: 2 });
    const different = await submit(
      writers,
      openAccount({ address: 'alice', accountType: 'asset' }),
    );
    expect(different).toMatchObject({
      rejection: { code: 'ACCOUNT_EXISTS', fields: [{ field: 'type' }] },
    });
    const opened = await submit(writers, openLedger({ ledger, name: 'Other' }));
    expect(opened).toMatchObject({
      rejection: { code: 'LEDGER_EXISTS', fields: [{ field: 'name' }] },
    });
  });

  it('turns commands away once it is closed, and answers those before', async () => {
    const { writers } = processOn();
    await openBooks(writers);
    const pending = transfer(writers, 't', leg('alice', 'bob', '1'));
    await writers.close();
    expect((await pending).kind).toBe('recorded');
    await expect(transfer(writers, 'u', leg('alice', 'bob', '1'))).rejects.toThrow(
      EventStoreUnavailable,
    );
  });

  it('chains every event to the one before, and says who caused it', async () => {
    const { writers, store } = processOn();
    await openBooks(writers);
    const hashes: unknown[] = [];
    for await (const { metadata } of store.readStream(`ledger-${ledger}`, { from: 0 })) {
      if (hashes.length > 0) expect(metadata['previousHash']).toBe(hashes.at(-1));
      expect(metadata).toMatchObject({
        actor: 'tester',
        $correlationId: 'order-1',
        schemaVersion: expect.any(Number) as number,
      });
      hashes.push(metadata['hash']);
    }
    expect(new Set(hashes).size).toBe(5);
  });

  it('records what the legs come to', async () => {
    const { writers } = processOn();
    await openBooks(writers);
    const outcome = await transfer(
      writers,
      't',
      leg('alice', 'bob', '10'),
      leg('bob', 'alice', '3'),
      leg('cash', 'bob', '0.01'),
    );
    if (outcome.kind !== 'recorded') throw new Error('not recorded');
    const { balances } = (outcome.event as TransferPosted).data;
    expect(balances.map(({ account, balance }) => [account, balance])).toEqual([
      ['alice', '93.00'],
      ['bob', '7.01'],
      ['cash', '100.01'],
    ]);
  });
});
