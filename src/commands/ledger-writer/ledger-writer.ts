// The one writer of a ledger in this process. Commands that arrive while an append is under way wait,
// are decided together and appended together: load turns into larger groups, not into conflicts. Other
// processes may write to the same ledger; the expected revision of each append keeps every decision true.
import { type Logger } from 'pino';
import { type LedgerEvent } from '../../domain/ledger/events.js';
import { earliestExpiry, transfersOver } from '../../domain/ledger/expiry.js';
import { type LedgerState, settle } from '../../domain/ledger/state.js';
import { type Causation } from '../../event-store/codec.js';
import {
  AppendOutcomeUnknown,
  type EventStore,
  EventStoreUnavailable,
  NO_STREAM,
} from '../../event-store/event-store.js';
import { type BackoffBounds, backoff } from '../../platform/backoff.js';
import {
  GROUP_COMMANDS_MAX,
  type Group,
  type Request,
  type Verdict,
  decideGroup,
} from './decide-group.js';
import { utcNow } from '../../platform/clock.js';
import { ExpiryTimer } from './expiry-timer.js';
import { type FoldedLedger } from './folded-ledger.js';
import { Turns } from './turns.js';
import { type CommandOutcome, LedgerBusy, OutcomeUnknown } from './ledger-writers.js';
import { allOutcomes, newOutcome, repeatedOutcome } from './outcomes.js';
import { preview } from './preview.js';

/** Commands that may wait for one ledger; beyond it callers are asked to come back. */
export const QUEUE_MAX = 5_000;
/** How long a group is sent again to a store that does not say what became of it. */
const PATIENCE_MS = 4_000;
/** How long a writer may lose every append to other processes; turns keep it far from that. */
const LOSING_MAX_MS = 30_000;
const RETRY: BackoffBounds = { baseMs: 5, maxMs: 400 };

/** Pending transfers that are released in one go; the next go follows at once. */
const EXPIRIES_MAX = 500;
const EXPIRY_RETRY: BackoffBounds = { baseMs: 5_000, maxMs: 5_000 };
/** What the ledger does without having been asked by anyone. */
const BY_ITSELF: Causation = {
  actor: 'daybook',
  requestId: 'expiry',
  correlationId: 'expiry',
  causationId: 'expiry',
  clientAddress: null,
};

interface Waiting extends Request {
  readonly answer: (outcome: CommandOutcome) => void;
  readonly fail: (error: unknown) => void;
}

export class LedgerWriter {
  private readonly turns: Turns;
  /** Everybody who waits for an answer; the group that is being appended is its beginning. */
  private queue: Waiting[] = [];
  private turn: Promise<void> = Promise.resolve();
  private draining = false;
  /** Commands that wait to be looked at only. */
  private previewed = 0;
  private refreshing: Promise<LedgerState> | undefined;
  private readonly expiry = new ExpiryTimer(() => void this.expireInTime());

  constructor(
    private readonly folded: FoldedLedger,
    private readonly store: EventStore,
    private readonly log: Logger,
  ) {
    this.turns = new Turns(() => folded.catchUp());
  }

  /** See LedgerWriters.submit. */
  submit(request: Request): Promise<CommandOutcome> {
    this.refuseBeyond(1);
    return this.enqueue(request);
  }

  /** See LedgerWriters.submitAll. */
  async submitAll(requests: readonly Request[]): Promise<CommandOutcome[]> {
    this.refuseBeyond(requests.length);
    return allOutcomes(requests.map((request) => this.enqueue(request)));
  }

  /** See LedgerWriters.preview. */
  async preview(requests: readonly Request[]): Promise<CommandOutcome[]> {
    this.refuseBeyond(requests.length);
    this.previewed += requests.length;
    try {
      return await this.inTurn(() => preview(this.folded, requests));
    } finally {
      this.previewed -= requests.length;
    }
  }

  /** See LedgerWriters.current. Callers that wait for the same turn share one read. */
  current(): Promise<LedgerState> {
    this.refreshing ??= this.inTurn(async () => {
      this.refreshing = undefined;
      await this.folded.catchUp();
      this.expiry.set(this.folded.state.nextExpiry);
      return this.folded.state;
    });
    return this.refreshing;
  }

  /** See LedgerWriters.expireDue. */
  async expireDue(): Promise<void> {
    await this.current();
    const now = utcNow();
    const over = transfersOver(this.folded.state, now, EXPIRIES_MAX);
    await Promise.all(
      // A full queue throws at once: whoever got a place in it before must be waited for all the same.
      over.map(async (transfer) =>
        this.submit({ command: { type: 'ExpireTransfer', transfer, now }, causation: BY_ITSELF }),
      ),
    );
    await this.inTurn(() => {
      this.folded.state.nextExpiry = earliestExpiry(this.folded.state);
      this.expiry.set(this.folded.state.nextExpiry);
      return Promise.resolve();
    });
  }

  /** From now on nothing expires by itself any more. */
  retire(): void {
    this.expiry.stop();
  }

  private async expireInTime(): Promise<void> {
    try {
      await this.expireDue();
    } catch (error) {
      const { stream } = this.folded;
      this.log.warn({ stream, error: String(error) }, 'pending transfers expire later');
      await backoff(1, EXPIRY_RETRY);
      this.expiry.set(this.folded.state.nextExpiry);
    }
  }

  /** Whether the ledger is known to exist. */
  get isOpened(): boolean {
    return this.folded.state.header !== undefined;
  }

  /** Whether nobody waits for an answer, and nothing is being read for those to come. */
  get isIdle(): boolean {
    const asked = this.draining || this.previewed > 0 || this.refreshing !== undefined;
    return !asked && !this.folded.isReading;
  }

  /** Brings the ledger's snapshot up to date if there are so many new events. Never rejects. */
  async saveSnapshot(newEventsMin: number): Promise<void> {
    await this.folded.snapshot?.save(newEventsMin);
  }

  /** Resolves when everything asked for so far is answered. */
  async settled(): Promise<void> {
    do await this.turn;
    while (this.draining || this.previewed > 0);
  }

  private refuseBeyond(count: number): void {
    if (this.queue.length + this.previewed + count <= QUEUE_MAX) return;
    throw new LedgerBusy(`${QUEUE_MAX} commands are waiting for ledger ${this.folded.ledger}`);
  }

  private enqueue(request: Request): Promise<CommandOutcome> {
    return new Promise((answer, fail) => {
      this.queue.push({ ...request, answer, fail });
      if (this.draining) return;
      this.draining = true;
      void this.inTurn(() => this.drain());
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** One group in a turn, so that readers who wait for theirs are not kept out by a full queue. */
  private async drain(): Promise<void> {
    try {
      await this.process();
      this.folded.snapshot?.noteProgress();
    } catch (error) {
      // Whoever waits behind a store that does not answer learns it now, not after waiting as long again.
      for (const waiting of this.takeFirst(this.queue.length)) waiting.fail(error);
    }
    this.draining = this.queue.length > 0;
    if (this.draining) void this.inTurn(() => this.drain());
    else this.expiry.set(this.folded.state.nextExpiry);
  }

  /** Answers a first part of the queue. Throws when none could be settled. */
  private async process(): Promise<void> {
    const giveUpAt = performance.now() + LOSING_MAX_MS;
    await this.turns.begin();
    await this.folded.ready();
    // The first so many of the queue came before the state was last brought up to date.
    let upToDate = 0;
    while (this.queue.length > 0) {
      const requests = this.queue.slice(0, GROUP_COMMANDS_MAX);
      const recalled = await this.folded.recall(requests.map(({ command }) => command));
      const group = decideGroup(this.folded, requests, recalled);
      if (group.events.length === 0) {
        if (upToDate > 0) return this.answer(group.verdicts.slice(0, upToDate));
        upToDate = this.queue.length;
        await this.folded.catchUp();
      } else if (await this.appended(group)) {
        settle(group.layer, this.folded.state);
        this.folded.hash = group.hash;
        this.turns.won();
        return this.answer(group.verdicts);
      } else {
        this.answerStored(group, await this.folded.catchUp());
        if (performance.now() > giveUpAt) {
          throw new LedgerBusy(`ledger ${this.folded.ledger} is written to by others all the time`);
        }
        upToDate = 0;
        await this.turns.lost();
      }
    }
  }

  /** False on a conflict. The same events are sent again until the store says what became of them. */
  private async appended(group: Group<Waiting>): Promise<boolean> {
    const { stream, state } = this.folded;
    const expectedRevision = state.revision < 0 ? NO_STREAM : state.revision;
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const result = await this.store.append(stream, expectedRevision, group.events);
        return result.kind === 'appended';
      } catch (error) {
        if (!(error instanceof AppendOutcomeUnknown)) throw error;
        this.log.warn(
          { stream, expectedRevision, attempt, error: error.message },
          'append in doubt',
        );
        if (performance.now() > giveUpAt) {
          const unknown = new OutcomeUnknown(error.message, { cause: error });
          for (const { fail } of this.takeFirst(group.verdicts.length)) fail(unknown);
          throw new EventStoreUnavailable(error.message, { cause: error });
        }
        await backoff(attempt + 1, RETRY);
      }
    }
  }

  /**
   * After a conflict a part of our own events may be in the log: the store took them, and the answer was
   * lost. Answers those callers; the others wait on, to be decided again.
   */
  private answerStored({ verdicts }: Group<Waiting>, stored: ReadonlySet<string>): void {
    const isStored = (verdict: Verdict<Waiting>) =>
      verdict.kind === 'event' && stored.has(verdict.id);
    verdicts.filter(isStored).forEach(answerNew);
    const others = verdicts.filter((verdict) => !isStored(verdict)).map(({ request }) => request);
    this.takeFirst(verdicts.length);
    this.queue.unshift(...others);
  }

  private takeFirst(count: number): Waiting[] {
    return this.queue.splice(0, count);
  }

  private async answer(verdicts: readonly Verdict<Waiting>[]): Promise<void> {
    this.takeFirst(verdicts.length);
    const fresh = new Map<number, LedgerEvent>();
    for (const verdict of verdicts) {
      if (verdict.kind === 'event') fresh.set(verdict.revision, verdict.event);
      answerNew(verdict);
    }
    const repeated = verdicts.filter((verdict) => verdict.kind === 'decided');
    if (repeated.length === 0) return;
    try {
      const older = repeated.map(({ revision }) => revision).filter((at) => !fresh.has(at));
      const recorded = await this.folded.eventsAt(older);
      for (const { request, revision } of repeated) {
        const event = fresh.get(revision) ?? recorded.get(revision);
        if (!event) throw new EventStoreUnavailable(`revision ${revision} could not be read again`);
        request.answer(repeatedOutcome(this.folded.state, request.command, { event, revision }));
      }
    } catch (error) {
      for (const { request } of repeated) request.fail(error);
    }
  }
}

function answerNew(verdict: Verdict<Waiting>): void {
  if (verdict.kind !== 'decided') verdict.request.answer(newOutcome(verdict));
}
