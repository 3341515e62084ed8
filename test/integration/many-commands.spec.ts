// Several commands handed to the ledger writer at once, and commands that are only looked at.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createLedgerWriters } from '../../src/commands/ledger-writer/create-ledger-writers.js';
import { GROUP_COMMANDS_MAX } from '../../src/commands/ledger-writer/decide-group.js';
import { QUEUE_MAX } from '../../src/commands/ledger-writer/ledger-writer.js';
import {
  type CommandOutcome,
  LedgerBusy,
  type LedgerWriters,
  OutcomeUnknown,
} from '../../src/commands/ledger-writer/ledger-writers.js';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { type EventStore, EventStoreUnavailable } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { leg, openAccount, openLedger, postTransfer } from '../support/ledger-factories.js';

const log = pino({ level: 'silent' });
/** Thousands of events are written; on a busy machine that takes its time. */
jest.setTimeout(60_000);
const causation = {
  ...{ actor: 'tester', requestId: 'r', correlationId: 'r', causationId: 'r' },
  clientAddress: null,
};
const LEDGER = 'many';

let folder: string;
let node: Awaited<ReturnType<typeof startEventNode>>;
let store: EventStore;
let writers: LedgerWriters;
let count = 0;

const submitAll = (commands: readonly LedgerCommand[]) =>
  writers.submitAll(LEDGER, commands, causation);
const preview = (commands: readonly LedgerCommand[]) =>
  writers.preview(LEDGER, commands, causation);
const revision = async () => (await writers.current(LEDGER)).revision;
/** From an account that may not be overdrawn and has 100.00. */
const pay = (id: string, amount: string) => postTransfer(id, [leg('alice', 'bob', amount)]);
const typeOf = (outcome: CommandOutcome | undefined) => {
  if (outcome?.kind !== 'recorded') return outcome?.kind;
  return outcome.replayed ? 'repeated' : outcome.event.type;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-many-'));
});
beforeEach(async () => {
  count += 1;
  node = await startEventNode({ dataDir: join(folder, String(count)) });
  store = eventStoreDb(node.url, log);
  writers = createLedgerWriters(store, log);
  await submitAll([
    openLedger({ ledger: LEDGER }),
    openAccount({ address: 'cash', accountType: 'asset' }),
    ...['alice', 'bob'].map((address) => openAccount({ address })),
    postTransfer('funding', [leg('cash', 'alice', '100')]),
  ]);
});
afterEach(async () => {
  await writers.close();
  await store.close();
  await node.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('commands submitted together', () => {
  it('get one outcome each, in order, and later ones see earlier ones', async () => {
    const outcomes = await submitAll([
      pay('a', '60'),
      pay('b', '60'),
      postTransfer('back', [leg('bob', 'alice', '20')]),
      pay('c', '60'),
      pay('a', '60.0'),
      pay('a', '61'),
      pay('d', '0'),
    ]);
    expect(outcomes.map(typeOf)).toEqual([
      ...['TransferPosted', 'TransferRefused', 'TransferPosted', 'TransferPosted'],
      ...['repeated', 'rejected', 'rejected'],
    ]);
  });

  it('stay in order when they fill several groups', async () => {
    const length = 2 * GROUP_COMMANDS_MAX + 1;
    const outcomes = await submitAll(
      Array.from({ length }, (_, n) => pay(`t${n}`, n === length - 1 ? '0.02' : '0.01')),
    );
    const revisions = outcomes.flatMap((each) => (each.kind === 'recorded' ? [each.revision] : []));
    expect(revisions).toEqual(Array.from({ length }, (_, n) => 5 + n));
  });

  it('are admitted all or none', async () => {
    const length = QUEUE_MAX - 1;
    const first = submitAll(Array.from({ length }, (_, n) => pay(`t${n}`, '0.01')));
    await expect(submitAll([pay('x', '0.01'), pay('y', '0.01')])).rejects.toThrow(LedgerBusy);
    await first;
    expect(await revision()).toBe(4 + length);
  });

  it('are in doubt as a whole once some are recorded and the others perhaps not', async () => {
    let appends = 0;
    const failing: EventStore = {
      ...store,
      append: (...request) => {
        appends += 1;
        if (appends === 1) return store.append(...request);
        return Promise.reject(new EventStoreUnavailable('gone'));
      },
    };
    const own = createLedgerWriters(failing, log);
    const commands = Array.from({ length: GROUP_COMMANDS_MAX + 1 }, (_, n) => pay(`t${n}`, '0.01'));
    await expect(own.submitAll(LEDGER, commands, causation)).rejects.toThrow(OutcomeUnknown);
    // The first group, which is a small one where somebody else has just written.
    const recorded = (await revision()) - 4;
    expect(recorded).toBeGreaterThan(0);
    expect(recorded).toBeLessThan(commands.length);
    const outcomes = await submitAll(commands);
    const isRepeated = outcomes.map((outcome) => typeOf(outcome) === 'repeated');
    expect(isRepeated).toEqual(commands.map((_, n) => n < recorded));
    expect(typeOf(outcomes.at(-1))).toBe('TransferPosted');
  });

  it('do not keep those waiting who ask how things are', async () => {
    let submitted = 0;
    let read = false;
    const outcomes: Promise<CommandOutcome>[] = [];
    const untilRead = async (): Promise<void> => {
      while (!read && submitted < QUEUE_MAX / 2) {
        submitted += 1;
        outcomes.push(writers.submit(LEDGER, pay(`t${submitted}`, '0.01'), causation));
        await new Promise(setImmediate);
      }
    };
    const submitting = untilRead();
    await writers.current(LEDGER);
    read = true;
    await submitting;
    await Promise.all(outcomes);
    expect(submitted).toBeLessThan(QUEUE_MAX / 2);
  });
});

describe('commands looked at', () => {
  it('come to what they would come to, and leave nothing', async () => {
    const commands = [pay('a', '60'), pay('b', '60'), pay('a', '60'), pay('funding', '1')];
    const looked = await preview(commands);
    expect(await revision()).toBe(4);
    expect(await preview(commands)).toEqual(looked);
    expect(await submitAll(commands)).toEqual(looked);
    expect(await revision()).toBe(6);
  });

  it('get what was recorded when they were decided before', async () => {
    const [recorded] = await submitAll([pay('a', '60')]);
    await submitAll([pay('b', '40')]);
    expect(await preview([pay('a', '60')])).toEqual([{ ...recorded, replayed: true }]);
  });

  it('may act on transfers of which the state holds nothing any more', async () => {
    await submitAll([pay('a', '60')]);
    const command: LedgerCommand = {
      type: 'ReverseTransfer',
      ...{ id: 'r', transfer: 'a', amount: '20', parts: null, reason: 'returned' },
      ...{ effectiveAt: null, description: null, metadata: {}, now: '2026-03-01T12:00:00.000Z' },
    };
    const looked = await preview([command]);
    expect(looked.map(typeOf)).toEqual(['TransferPosted']);
    expect(await submitAll([command])).toEqual(looked);
  });

  it('see what another process has written', async () => {
    const other = createLedgerWriters(store, log);
    await other.submit(LEDGER, pay('a', '100'), causation);
    const [looked] = await preview([pay('b', '1')]);
    expect(looked).toMatchObject({ revision: 6, event: { type: 'TransferRefused' } });
    await other.close();
  });

  it('are decided in more groups than one, like those recorded', async () => {
    const commands = Array.from({ length: GROUP_COMMANDS_MAX + 2 }, (_, n) =>
      pay(`t${n}`, n < GROUP_COMMANDS_MAX ? '0.10' : '50'),
    );
    const looked = await preview(commands);
    expect(await submitAll(commands)).toEqual(looked);
    expect(looked.slice(-2).map(typeOf)).toEqual(['TransferPosted', 'TransferRefused']);
  });

  it('count among those who wait', async () => {
    const waiting = preview(Array.from({ length: QUEUE_MAX }, (_, n) => pay(`t${n}`, '0.01')));
    await expect(preview([pay('x', '1')])).rejects.toThrow(LedgerBusy);
    await expect(waiting).resolves.toHaveLength(QUEUE_MAX);
  });

  it('say so when there is no such ledger', async () => {
    const outcomes = await writers.preview('nowhere', [pay('a', '1')], causation);
    expect(outcomes).toMatchObject([{ kind: 'rejected', rejection: { code: 'LEDGER_NOT_FOUND' } }]);
  });
});
