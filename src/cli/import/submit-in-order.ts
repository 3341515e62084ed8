// Puts commands to a ledger in their order and outlasts a store that is away for a while. Order matters:
// a transfer that comes before the one that funds it would be refused, for good.
import {
  type CommandOutcome,
  type LedgerWriters,
} from '../../commands/ledger-writer/ledger-writers.js';
import { type LedgerCommand } from '../../domain/ledger/decide.js';
import { type Causation } from '../../event-store/codec.js';
import { type BackoffBounds, backoff } from '../../platform/backoff.js';
import { Failure } from '../../platform/failure.js';

/** Commands put to the writer at once: some groups' worth, and far below what its queue takes. */
export const COMMANDS_IN_FLIGHT_MAX = 2_000;
/** How long the store may be away before the import gives up. */
const STORE_AWAY_MAX_MS = 60_000;
const RETRY: BackoffBounds = { baseMs: 200, maxMs: 5_000 };

/** Failures after which asking again with the same ids is safe and may help. */
const PASSING = new Set(['LedgerBusy', 'OutcomeUnknown', 'EventStoreUnavailable']);

export interface Submission {
  readonly writers: LedgerWriters;
  readonly ledger: string;
  readonly causation: Causation;
  /** Told before each wait that something has to be asked again. */
  readonly onTrouble: (error: Error) => void;
  /** See STORE_AWAY_MAX_MS, the default. */
  readonly storeAwayMaxMs?: number;
}

/**
 * The outcomes, in the order of the commands, of which there are COMMANDS_IN_FLIGHT_MAX at most. Throws a
 * Failure when the store stays away; what was recorded by then stays recorded.
 */
export async function submitInOrder(
  submission: Submission,
  commands: readonly LedgerCommand[],
): Promise<CommandOutcome[]> {
  const { writers, ledger, causation, onTrouble, storeAwayMaxMs = STORE_AWAY_MAX_MS } = submission;
  const outcomes: CommandOutcome[] = [];
  let failures = 0;
  let giveUpAt = performance.now() + storeAwayMaxMs;
  while (outcomes.length < commands.length) {
    // The writer answers in order: once it fails one command it fails those behind it as well, so that
    // everything from the first failure on can be put to it again.
    const results = await Promise.allSettled(
      commands.slice(outcomes.length).map((command) => writers.submit(ledger, command, causation)),
    );
    const failed = results.findIndex(({ status }) => status === 'rejected');
    const answered = failed < 0 ? results : results.slice(0, failed);
    for (const result of answered) if (result.status === 'fulfilled') outcomes.push(result.value);
    const failure = results[failed];
    if (failure?.status !== 'rejected') continue;
    const error = passing(failure.reason);
    if (answered.length > 0) {
      failures = 0;
      giveUpAt = performance.now() + storeAwayMaxMs;
    }
    failures += 1;
    if (performance.now() > giveUpAt) throw storeStayedAway(error, storeAwayMaxMs);
    onTrouble(error);
    await backoff(failures, RETRY);
  }
  return outcomes;
}

function passing(error: unknown): Error {
  if (error instanceof Error && PASSING.has(error.name)) return error;
  throw error;
}

function storeStayedAway(cause: Error, waitedMs: number): Failure {
  return new Failure(
    'infrastructure',
    `The event store has not answered for ${Math.round(waitedMs / 1000)} seconds (${cause.message}). ` +
      'What was imported stays: run the same command again to continue.',
    { cause },
  );
}
