// Goal: whatever happens to the processes, clients can rely on every answer. Method: three APIs on one
// ledger, sixteen workers who ask for everything there is, hot accounts, kills at moments drawn by lot;
// then an auditor who reads the event stream alone holds every answer that anybody got against it.
// DAYBOOK_BANK_SECONDS makes it run longer, DAYBOOK_BANK_SEED makes the requests and the kills of an
// earlier run again; how they meet is up to the machine, so a run with findings leaves its journal.
import { randomInt } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AccountSnapshot } from '../../src/domain/ledger/account-snapshot.js';
import { type StoredEvent } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { createLogger } from '../../src/platform/logger.js';
import { type TrialBalanceAnswer } from '../../src/queries/trial-balance/dto.js';
import { type Client, type Reply, clientFor } from '../support/api.js';
import { tokenFor } from '../support/tokens.js';
import { shown } from './audit/account-state.js';
import { fold } from './audit/fold.js';
import { totalsOf } from './audit/totals.js';
import { type TransferState } from './audit/transfer-state.js';
import { type Audit, audit } from './auditor.js';
import { type Bank, ask, untilDecided, work } from './bank-clients.js';
import { type BankProcesses, startBankProcesses } from './bank-processes.js';
import { strike } from './chaos.js';
import { openingRequests } from './customers.js';
import { drawsFrom } from './draws.js';
import { CommonMemory } from './memory.js';
import { LEDGER } from './requests.js';
import { type Tally, tallyOf } from './tally.js';
import { without } from './without.js';

const SECONDS = Number(process.env['DAYBOOK_BANK_SECONDS'] ?? 60);
const SEED = Number(process.env['DAYBOOK_BANK_SEED'] ?? randomInt(1_000_000));
const APIS = 3;
const WORKERS = 16;
/** For everything before and after the run itself, on a slow machine. */
const AROUND_MS = 300_000;
const FINDINGS_SHOWN_MAX = 20;
/** Transfers that are pending for longer stay so while the books are compared. */
const SOON_MS = 120_000;
/** Each time the answer takes up to seconds, while the read models follow. */
const ASKED_MAX = 100;

jest.setTimeout(SECONDS * 1_000 + AROUND_MS);

let processes: BankProcesses;
let read: Client;
let events: StoredEvent[];
let killed: string[];
let tally: Tally;
let audited: Audit;

beforeAll(async () => {
  processes = await startBankProcesses(APIS);
  const { apiUrls } = processes;
  read = clientFor(apiUrls[0] ?? '');
  const bank: Bank = { apis: apiUrls, token: tokenFor('admin'), journal: [] };
  for (const request of openingRequests()) await untilDecided(bank, request, drawsFrom(SEED));

  const ending = AbortSignal.timeout(SECONDS * 1_000);
  const common = new CommonMemory();
  const workers = Array.from({ length: WORKERS }, (_, number) =>
    work(bank, { number, seed: SEED, common, ending }),
  );
  killed = await strike(processes, drawsFrom(SEED), ending);
  await Promise.all(workers);
  events = await streamAtRest(bank);
  audited = audit(events, bank.journal);
  tally = tallyOf(bank.journal);
  const figures = { seed: SEED, events: events.length, kills: killed.length, ...tally };
  process.stdout.write(`The bank: ${JSON.stringify(figures)}\n`);
  if (audited.findings.length > 0) keep({ figures, ...audited, journal: bank.journal });
});
afterAll(() => processes.stop());

/** The stream once everything has expired that does so soon: after that nobody writes any more. */
async function streamAtRest(bank: Bank): Promise<StoredEvent[]> {
  const soon = new Date(Date.now() + SOON_MS).toISOString();
  for (;;) {
    // Whoever has the ledger in memory lets transfers expire; after a restart it has to be asked for once.
    for (const url of bank.apis)
      await ask(bank, { kind: 'read-account', address: 'cash:EUR' }, url);
    const stream = await wholeStream(processes.eventStoreUrl);
    const transfers = [...fold(stream).books.transfers.values()];
    const isExpiring = ({ state, expiresAt }: TransferState) =>
      state === 'pending' && expiresAt !== null && expiresAt < soon;
    if (!transfers.some(isExpiring)) return stream;
    await sleep(1_000);
  }
}

async function wholeStream(url: string): Promise<StoredEvent[]> {
  const store = eventStoreDb(url, createLogger('test', 'silent'));
  const all: StoredEvent[] = [];
  for await (const event of store.readStream(ledgerStream(LEDGER), { from: 0 })) all.push(event);
  await store.close();
  return all;
}

function keep({ figures, findings, journal }: { figures: object } & Audit & Pick<Bank, 'journal'>) {
  const file = join(mkdtempSync(join(tmpdir(), 'daybook-bank-findings-')), 'run.json');
  const stream = events.map((event) => without(event, 'position'));
  writeFileSync(file, JSON.stringify({ figures, findings, journal, stream }));
  process.stdout.write(`Kept in ${file}\n`);
}

/** Asks again while the read models are behind. */
async function whenThere<T>(path: string): Promise<Reply<T>> {
  for (let asked = 1; ; asked += 1) {
    const reply = await read<T>('GET', path);
    if (reply.status !== 503 || asked === ASKED_MAX) return reply;
    await sleep(200);
  }
}

describe(`the bank, seed ${SEED}`, () => {
  it('gives no answer that the event stream does not bear out', () => {
    expect(audited.findings.slice(0, FINDINGS_SHOWN_MAX)).toEqual([]);
  });

  it('was put to the test', () => {
    const { successes, answers, lost, replayed } = tally;
    expect(Object.keys(successes)).toEqual(
      expect.arrayContaining([
        ...['post-transfer', 'post-each', 'exchange-money', 'capture-transfer', 'reverse-transfer'],
        ...['open-account', 'change-account', 'read-account'],
      ]),
    );
    expect(Object.keys(answers)).toEqual(
      expect.arrayContaining(['422 INSUFFICIENT_FUNDS', '409 TRANSFER_ID_REUSED']),
    );
    expect(Math.min(killed.length, lost, replayed)).toBeGreaterThan(0);
  });

  it('loses no process but those that were killed', () => {
    expect(processes.deaths).toEqual([]);
  });

  it('has a trial balance that agrees with the auditor', async () => {
    const path = `/v1/ledgers/${LEDGER}/trial-balance?minRevision=${events.length - 1}`;
    const { data } = await whenThere<TrialBalanceAnswer>(path);
    expect(data.agrees).toBe(true);
    const told = data.currencies.flatMap(({ currency, types }) =>
      types.map(({ type, accounts, debits, credits }) => ({
        ...{ currency, type, accounts, debits, credits },
      })),
    );
    const order = (a: object, b: object) => JSON.stringify(a).localeCompare(JSON.stringify(b));
    expect(told.toSorted(order)).toEqual(totalsOf(audited.books).toSorted(order));
  });

  it('has read models that show every account as the auditor knows it', async () => {
    const told: AccountSnapshot[] = [];
    const path = `/v1/ledgers/${LEDGER}/accounts?limit=100&minRevision=${events.length - 1}`;
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: Reply<AccountSnapshot[]> = await whenThere(
        path + (cursor && `&cursor=${encodeURIComponent(cursor)}`),
      );
      told.push(...page.data);
      cursor = page.meta.nextCursor;
    }
    const { books } = audited;
    const known = books.addresses().flatMap((address) => {
      const state = books.latest(address);
      return state ? [shown(state)] : [];
    });
    expect(new Map(told.map((account) => [account.address, account]))).toEqual(
      new Map(known.map((account) => [Reflect.get(account, 'address'), account])),
    );
    expect(told).toHaveLength(known.length);
  });
});
