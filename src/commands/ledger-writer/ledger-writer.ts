// The one writer of a ledger in this process. Commands that arrive while an append is under way wait,
// are decided together and appended together: load turns into larger groups, not into conflicts. Other
// processes may write to the same ledger; the expected revision of each append keeps every decision true.
import { type Logger } from 'pino';
import { type LedgerEvent } from '../../domain/ledger/events.js';
import { type LedgerState, settle } from '../../domain/ledger/state.js';
import {
  AppendOutcomeUnknown,
  type EventStore,
  EventStoreUnavailable,
  NO_STREAM,
} from '../../event-store/event-store.js';
import { type BackoffBounds, backoff } from '../../platform/backoff.js';
import { type Group, type Request, type Verdict, decideGroup } from './decide-group.js';
import { LedgerExpiry } from './ledger-expiry.js';
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
  private readonly expiry: LedgerExpiry;

  constructor(
    private readonly folded: FoldedLedger,
    private readonly store: EventStore,
    private readonly log: Logger,
  ) {
    this.turns = new Turns(folded.turnOrder, {
      waiting: () => this.queue.length,
      catchUp: () => folded.catchUp(),
    });
    this.expiry = new LedgerExpiry(folded, log, {
      current: () => this.current(),
      submit: (request) => this.submit(request),
      inTurn: (work) => this.inTurn(work),
    });
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
      this.expiry.set();
      return this.folded.state;
    });
    return this.refreshing;
  }

  /** See LedgerWriters.expireDue. */
  expireDue(): Promise<void> {
    return this.expiry.expireDue();
  }

  /** From now on nothing expires by itself any more. */
  retire(): void {
    this.expiry.stop();
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
      this.expiry.set();
    } catch (error) {
      // Whoever waits behind a store that does not answer learns it now, not after waiting as long again.
      for (const waiting of this.takeFirst(this.queue.length)) waiting.fail(error);
    }
    this.draining = this.queue.length > 0;
    if (this.draining) void this.inTurn(() => this.drain());
  }

  /** Answers a first part of the queue. Throws when none could be settled. */
  private async process(): Promise<void> {
    const giveUpAt = performance.now() + LOSING_MAX_MS;
    await this.folded.ready();
    await this.turns.begin();
    // The first so many of the queue came before the state was last brought up to date.
    let upToDate = 0;
    while (this.queue.length > 0) {
      const requests = this.queue.slice(0, this.turns.commandsMax);
      const recalled = await this.folded.recall(requests.map(({ command }) => command));
      const group = decideGroup(this.folded, requests, recalled);
      if (group.events.length === 0) {
        if (upToDate > 0) return this.answer(group.verdicts.slice(0, upToDate));
        upToDate = this.queue.length;
        await this.folded.catchUp();
        continue;
      }
      const { stored, inDoubt } = await this.append(group);
      if (stored) {
        settle(group.layer, this.folded.state);
        this.folded.hash = group.hash;
        this.turns.won(group.events.length);
        return this.answer(group.verdicts);
      } else {
        this.answerStored(group, await this.newsFor(group, inDoubt));
        if (performance.now() > giveUpAt) {
          throw new LedgerBusy(`ledger ${this.folded.ledger} is written to by others all the time`);
        }
        upToDate = 0;
        await this.turns.lost();
      }
    }
  }

  /**
   * Not stored on a conflict. The same events are sent again until the store says what became of them;
   * `inDoubt` when it did not at first, so that even after a conflict they may be in the log.
   */
  private async append(group: Group<Waiting>): Promise<{ stored: boolean; inDoubt: boolean }> {
    const { stream, state } = this.folded;
    const expectedRevision = state.revision < 0 ? NO_STREAM : state.revision;
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const result = await this.store.append(stream, expectedRevision, group.events);
        return { stored: result.kind === 'appended', inDoubt: attempt > 0 };
      } catch (error) {
        if (!(error instanceof AppendOutcomeUnknown)) {
          throw attempt > 0 ? this.leftInDoubt(group, error) : error;
        }
        this.log.warn(
          { stream, expectedRevision, attempt, error: error.message },
          'append in doubt',
        );
        if (performance.now() > giveUpAt) throw this.leftInDoubt(group, error);
        await backoff(attempt + 1, RETRY);
      }
    }
  }

  private async newsFor(group: Group<Waiting>, inDoubt: boolean): Promise<ReadonlySet<string>> {
    try {
      return await this.folded.catchUp();
    } catch (error) {
      throw inDoubt ? this.leftInDoubt(group, error) : error;
    }
  }

  /** Tells the callers of a group whose events may be stored; the error is for those behind them. */
  private leftInDoubt({ verdicts }: Group<Waiting>, cause: unknown): EventStoreUnavailable {
    const message = cause instanceof Error ? cause.message : String(cause);
    const unknown = new OutcomeUnknown(message, { cause });
    for (const { fail } of this.takeFirst(verdicts.length)) fail(unknown);
    return new EventStoreUnavailable(message, { cause });
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
