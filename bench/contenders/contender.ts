// Somebody who takes transfers over HTTP and is measured: Daybook, or what one would build instead.
import { type Spread } from '../load/task.js';

/** How the ids of transfers begin that were there before the load. */
export const BEFORE = 'before-';

/** What to open before a load. */
export interface Books {
  readonly ledgers: readonly string[];
  readonly spread: Spread;
  /** How far below zero each account may go: a decimal, or null for without end. */
  readonly overdraftLimit: string | null;
}

/** A transfer as it is in the contender's truth: its log, or its tables. */
export interface Booked {
  readonly id: string;
  readonly revision: number;
  readonly debit: string;
  readonly credit: string;
  /** In smallest units. */
  readonly amount: bigint;
}

export interface Contender {
  readonly name: string;
  /** Of each of its processes that takes requests. */
  readonly urls: readonly string[];
  readonly token: string;
  /** Its processes by what they do: ids of the process, children counted in. */
  readonly processes: Readonly<Record<string, number>>;
  /** Opens ledgers with accounts of normal side debit, faster than over HTTP. */
  open(books: Books): Promise<void>;
  /** Resolves once nothing is left to do of what these ledgers acknowledged. */
  settled(ledgers: readonly string[]): Promise<void>;
  booked(ledger: string): AsyncIterable<Booked>;
  /** Balances as questions find them, in smallest units, by address; undefined when nobody keeps them. */
  balances(ledger: string): Promise<ReadonlyMap<string, bigint> | undefined>;
  /** Bytes on disk so far. */
  bytes(): Promise<Bytes>;
  close(): Promise<void>;
}

export interface Bytes {
  /** Of the event log; zero for those who have none. */
  readonly log: number;
  readonly postgres: number;
}
