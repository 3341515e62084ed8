import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type EventStore } from '../../event-store/event-store.js';
import { type Identity } from '../../identity/identity.js';
import { invalidRequest, ledgerNotFound } from '../../platform/http/api-error.js';
import { markOf, messageOf } from '../../platform/http/server-sent-events.js';
import { EVENT_STORE } from '../../platform/injection-tokens.js';
import { newestEvent } from '../ledger-log.js';
import { eventAnswer } from '../list-events/handler.js';
import { OneAtATime } from '../one-at-a-time.js';
import { eventsAfter } from './events-after.js';
import { LiveEvents } from './live-events.js';
import { type OpenStream, OpenStreams, STREAMS_MAX } from './open-streams.js';

/** Where a stream begins, and the field of the request that says so; undefined is from now on. */
export type Beginning = { readonly field: string; readonly revision: number } | undefined;

export interface EventMessages extends OpenStream {
  readonly messages: (signal: AbortSignal) => AsyncIterable<string>;
}

export class StreamEventsQuery extends Query<EventMessages> {
  constructor(
    readonly ledger: string,
    readonly beginning: Beginning,
    readonly caller: Identity,
  ) {
    super();
  }
}

@QueryHandler(StreamEventsQuery)
export class StreamEventsHandler implements IQueryHandler<StreamEventsQuery> {
  private readonly live: LiveEvents;
  private readonly turns = new OneAtATime(STREAMS_MAX);

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly open: OpenStreams,
  ) {
    this.live = new LiveEvents(store);
  }

  async execute({ ledger, beginning, caller }: StreamEventsQuery): Promise<EventMessages> {
    const stream = this.open.enter(caller);
    try {
      const after = await this.placeBefore(ledger, beginning);
      const messages = (signal: AbortSignal) => this.messages(ledger, after, signal);
      return { ...stream, messages };
    } catch (error) {
      stream.close();
      throw error;
    }
  }

  /** The revision after which the stream begins, which has to be there: none skips what is not yet. */
  private async placeBefore(ledger: string, beginning: Beginning): Promise<number> {
    const newest = await newestEvent(this.store, ledger);
    if (!newest) throw ledgerNotFound();
    if (beginning === undefined) return newest.revision;
    const { field, revision } = beginning;
    if (revision <= newest.revision + 1) return revision - 1;
    const problem = `beyond the end of this ledger, which is at revision ${newest.revision}`;
    throw invalidRequest([{ field, problem, expected: 'a revision that this ledger has reached' }]);
  }

  private async *messages(ledger: string, after: number, signal: AbortSignal) {
    // Whoever is cut off before the first event knows where to go on.
    if (after >= 0) yield markOf(String(after));
    const { store, live, turns } = this;
    for await (const event of eventsAfter({ store, live, turns }, { ledger, after, signal })) {
      const { revision, type } = event;
      yield messageOf({ id: String(revision), type, data: JSON.stringify(eventAnswer(event)) });
    }
  }
}
