// A long history of one ledger, decided like any other but appended at once: two years of transfers, a
// tenth of them from one account, and one of fifty entered later than it took effect.
import { randomInt } from 'node:crypto';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { NO_RULES } from '../../src/domain/ledger/open-ledger.js';
import { type EventStore, type Position } from '../../src/event-store/event-store.js';
import { LedgerLogWriter, groupsOf } from '../contenders/ledger-log-writer.js';

export const LEDGER = 'history';
const PROGRESS_EVERY = 100_000;
const HOT_EVERY = 10;
const BACK_DATED_EVERY = 50;
const FIRST_DAY = Date.UTC(2024, 0, 1);
const DAYS = 730;
const DAY_MS = 86_400_000;

export interface Size {
  readonly accounts: number;
  readonly transfers: number;
}

export const accountAt = (n: number) => `customers:${String(n).padStart(6, '0')}:wallet`;

/** Some time among those of the history, RFC 3339. @param share 0 is its beginning, 1 its end. */
export function timeAt(share: number): string {
  return new Date(FIRST_DAY + Math.floor(share * DAYS * DAY_MS)).toISOString();
}

export class History {
  private readonly writer: LedgerLogWriter;

  constructor(store: EventStore) {
    this.writer = new LedgerLogWriter(store, LEDGER);
  }

  get events(): number {
    return this.writer.events;
  }

  async write(size: Size, say: (line: string) => void): Promise<void> {
    for (const group of groupsOf(commandsOf(size))) {
      await this.writer.append(group);
      if (this.events % PROGRESS_EVERY < group.length) say(`  ${this.events} events appended`);
    }
  }

  /** @param which numbers that no transfer has yet, GROUP_COMMANDS_MAX at most. */
  appendTransfers(which: readonly number[], size: Size): Promise<Position> {
    return this.writer.append(which.map((n) => transfer(n, size)));
  }
}

function* commandsOf({ accounts, transfers }: Size): Generator<LedgerCommand> {
  const now = timeAt(0);
  yield { type: 'OpenLedger', ledger: LEDGER, name: 'History', assets: [], rules: NO_RULES, now };
  for (let n = 0; n < accounts; n += 1) {
    yield {
      type: 'OpenAccount',
      ...{ address: accountAt(n), accountType: 'liability', currency: 'EUR' },
      ...{ overdraftLimit: null, balanceLimit: null, metadata: {}, now },
    };
  }
  for (let n = 0; n < transfers; n += 1) yield transfer(n, { accounts, transfers });
}

function transfer(n: number, { accounts, transfers }: Size): LedgerCommand {
  const from = n % HOT_EVERY === 0 ? 0 : randomInt(accounts);
  const to = (from + 1 + randomInt(accounts - 1)) % accounts;
  const amount = `${randomInt(1, 1_000)}.25`;
  const isBackDated = n % BACK_DATED_EVERY === 0;
  return {
    type: 'PostTransfer',
    id: `transfer-${n}`,
    legs: [{ debit: accountAt(from), credit: accountAt(to), amount, currency: 'EUR' }],
    effectiveAt: isBackDated ? timeAt(randomInt(n + 1) / transfers) : null,
    ...{ reference: null, description: 'a payment', metadata: { order: `order-${n}` } },
    ...{ conditions: [], pending: null, now: timeAt(n / transfers) },
  };
}
