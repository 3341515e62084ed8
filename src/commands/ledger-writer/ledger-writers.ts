// What the write side's front door promises: commands for any ledger, and ledgers as they are right now.
import { type Rejection } from '../../domain/errors.js';
import { type LedgerCommand } from '../../domain/ledger/decide.js';
import { type LedgerEvent } from '../../domain/ledger/events.js';
import { type LedgerState } from '../../domain/ledger/state.js';
import { type Causation } from '../../event-store/codec.js';

/** What became of a command. */
export type CommandOutcome =
  /** Recorded, durable and final, at this revision of the ledger. `event` may be a TransferRefused. */
  | {
      readonly kind: 'recorded';
      readonly event: LedgerEvent;
      readonly revision: number;
      /** The same request was decided before; `event` is what was recorded then. */
      readonly replayed: boolean;
    }
  /** What was asked for is so already; nothing was recorded. */
  | { readonly kind: 'unchanged' }
  /** Nothing was recorded. */
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/**
 * More commands wait for this ledger than may, or others wrote to it all the time; nothing was recorded.
 * Try again shortly.
 */
export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
}

/** The store did not say whether it took the command. Asking again with the same id is safe and tells. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

export interface LedgerWriters {
  /**
   * Decides a command against the newest state of the ledger and records what it came to.
   * Throws LedgerBusy, OutcomeUnknown, EventStoreUnavailable; InvariantViolation when the log is damaged.
   */
  submit(ledger: string, command: LedgerCommand, causation: Causation): Promise<CommandOutcome>;

  /**
   * The same for several commands, in order: one outcome each, and later ones see earlier ones. All of
   * them are admitted or none, but each is recorded for itself. Throws OutcomeUnknown when some are
   * recorded and the others perhaps not.
   */
  submitAll(
    ledger: string,
    commands: readonly LedgerCommand[],
    causation: Causation,
  ): Promise<CommandOutcome[]>;

  /**
   * What `submitAll` would come to right now, with the revisions that it would get; nothing is recorded.
   * Commands that were decided before get what was recorded. Throws LedgerBusy, EventStoreUnavailable.
   */
  preview(
    ledger: string,
    commands: readonly LedgerCommand[],
    causation: Causation,
  ): Promise<CommandOutcome[]>;

  /**
   * The state of a ledger that holds every event acknowledged before the call, whichever process wrote it.
   * `header` is undefined when there is no such ledger. For reading only. Throws EventStoreUnavailable.
   */
  current(ledger: string): Promise<LedgerState>;

  /**
   * Records as expired the pending transfers of a ledger whose time is over. The process that has the
   * ledger in memory does so by itself; this is for ledgers that no process has.
   * Throws as `submit` does.
   */
  expireDue(ledger: string): Promise<void>;

  /** Waits for what is under way; later commands are turned away. */
  close(): Promise<void>;
}
