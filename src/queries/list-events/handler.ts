import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type EventStore, type StoredEvent } from '../../event-store/event-store.js';
import { type Answer } from '../../platform/http/answer.js';
import { ledgerNotFound } from '../../platform/http/api-error.js';
import { EVENT_STORE } from '../../platform/injection-tokens.js';
import { type PagedList, WHOLE_NUMBER, keyToContinue, pageOf } from '../page.js';
import { eventsOf, newestEvent } from '../ledger-log.js';
import { type EventAnswer } from './dto.js';

export interface EventsPage {
  readonly from: number | undefined;
  readonly direction: 'forwards' | 'backwards';
  readonly limit: number;
  readonly cursor: string | undefined;
}

export class ListEventsQuery extends Query<Answer<readonly EventAnswer[]>> {
  constructor(
    readonly ledger: string,
    readonly page: EventsPage,
  ) {
    super();
  }
}

@QueryHandler(ListEventsQuery)
export class ListEventsHandler implements IQueryHandler<ListEventsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ ledger, page }: ListEventsQuery): Promise<Answer<readonly EventAnswer[]>> {
    const { from, direction, limit } = page;
    const list: PagedList<EventAnswer> = {
      ...page,
      name: 'events',
      filters: { ledger, from, direction },
      keyOf: ({ revision }) => [String(revision)],
      keyPatterns: [WHOLE_NUMBER],
    };
    const [last] = keyToContinue(list) ?? [];
    const newest = await newestEvent(this.store, ledger);
    if (!newest) throw ledgerNotFound();
    const start = last === undefined ? from : Number(last) + (direction === 'forwards' ? 1 : -1);
    const first = start ?? (direction === 'forwards' ? 0 : newest.revision);
    const nothingThere = first < 0 || (direction === 'forwards' && first > newest.revision);
    const found = nothingThere
      ? []
      : await eventsOf(this.store, ledger, {
          from: Math.min(first, newest.revision),
          direction,
          limit: limit + 1,
        });
    const { items, ...next } = pageOf(list, found.map(eventAnswer));
    const { revision, position } = newest;
    return { data: items, meta: { revision, position: position.toString(), ...next } };
  }
}

export function eventAnswer(event: StoredEvent): EventAnswer {
  const { revision, position, id, type, data, metadata, created } = event;
  const storedAt = created.toISOString();
  return { revision, position: position.toString(), id, type, data, metadata, storedAt };
}
