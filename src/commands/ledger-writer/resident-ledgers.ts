// The ledgers that are in memory, each with its writer, in the order of their last use. One that nobody
// asks for leaves after a while, or when another needs its place; asked again, it is read again. One with
// callers waiting stays.
import { LedgerBusy } from './ledger-writers.js';
import { type LedgerWriter } from './ledger-writer.js';

/** Ledgers in memory at most. */
const LEDGERS_MAX = 2_000;
/** How long a ledger that nobody asks for stays in memory. */
export const IDLE_MS = 10 * 60_000;
/** Fewer new events are read again as fast as they are stored. */
const SNAPSHOT_WORTH_EVENTS = 1_000;

export interface ResidenceLimits {
  readonly ledgersMax: number;
  readonly idleMs: number;
}

interface Resident {
  readonly writer: LedgerWriter;
  /** Callers that wait for an answer. */
  callers: number;
  usedAt: number;
}

export class ResidentLedgers {
  private readonly residents = new Map<string, Resident>();

  constructor(
    private readonly writerOf: (ledger: string) => LedgerWriter,
    private readonly limits: ResidenceLimits = { ledgersMax: LEDGERS_MAX, idleMs: IDLE_MS },
  ) {}

  get size(): number {
    return this.residents.size;
  }

  /** Throws LedgerBusy when every place is taken by a ledger with callers waiting. */
  async use<T>(ledger: string, ask: (writer: LedgerWriter) => Promise<T>): Promise<T> {
    const resident = this.residents.get(ledger) ?? this.admitted(ledger);
    resident.callers += 1;
    this.noteUse(ledger, resident);
    try {
      return await ask(resident.writer);
    } finally {
      resident.callers -= 1;
      if (!resident.writer.isOpened) void this.dismissUnlessOpened(ledger, resident);
    }
  }

  /** Lets go of those that nobody asked for lately, each once its snapshot is up to date. */
  async dismissIdle(): Promise<void> {
    const longAgo = performance.now() - this.limits.idleMs;
    for (const [ledger, resident] of [...this.residents]) {
      if (resident.usedAt > longAgo) return;
      await resident.writer.saveSnapshot(SNAPSHOT_WORTH_EVENTS);
      if (resident.usedAt <= longAgo) this.dismiss(ledger, resident);
    }
  }

  /** Resolves when everything asked for so far is answered; nothing more happens by itself. */
  async retire(): Promise<void> {
    const writers = [...this.residents.values()].map(({ writer }) => writer);
    for (const writer of writers) writer.retire();
    await Promise.all(writers.map((writer) => writer.settled()));
  }

  /** Brings all snapshots up to date, one by one, those last used first. */
  async saveSnapshots(): Promise<void> {
    for (const { writer } of [...this.residents.values()].reverse()) {
      await writer.saveSnapshot(SNAPSHOT_WORTH_EVENTS);
    }
  }

  private admitted(ledger: string): Resident {
    if (this.residents.size >= this.limits.ledgersMax) this.makeRoom();
    return { writer: this.writerOf(ledger), callers: 0, usedAt: 0 };
  }

  private makeRoom(): void {
    for (const [ledger, resident] of this.residents) {
      if (!this.dismiss(ledger, resident)) continue;
      void resident.writer.saveSnapshot(SNAPSHOT_WORTH_EVENTS);
      return;
    }
    throw new LedgerBusy(`${this.residents.size} ledgers are being used at once`);
  }

  private noteUse(ledger: string, resident: Resident): void {
    resident.usedAt = performance.now();
    this.residents.delete(ledger);
    this.residents.set(ledger, resident);
  }

  // Names of ledgers that do not exist must not pile up.
  private async dismissUnlessOpened(ledger: string, resident: Resident): Promise<void> {
    await resident.writer.settled();
    if (!resident.writer.isOpened) this.dismiss(ledger, resident);
  }

  /** False when somebody waits for it. */
  private dismiss(ledger: string, resident: Resident): boolean {
    if (resident.callers > 0 || !resident.writer.isIdle) return false;
    resident.writer.retire();
    if (this.residents.get(ledger) === resident) this.residents.delete(ledger);
    return true;
  }
}
