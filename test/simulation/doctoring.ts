// Lies about a true record: about what was answered, or about what is in the stream.
import { type StoredEvent } from '../../src/event-store/event-store.js';
import { hashOf } from './audit/chain.js';
import { type Answer, type AnswerBody, type Journal, type JournalEntry } from './journal.js';
import { type BankRequest } from './requests.js';

export interface TrueRecord {
  readonly events: readonly StoredEvent[];
  readonly journal: Journal;
}

export const sent = (requestId: string, request: BankRequest): JournalEntry => ({
  ...{ what: 'sent', requestId, request },
});
export const requestIdsOf = (journal: Journal, request: BankRequest): string[] =>
  journal.flatMap((entry) =>
    entry.what === 'sent' && JSON.stringify(entry.request) === JSON.stringify(request)
      ? [entry.requestId]
      : [],
  );

/** The journal as if no answer to this request had come. */
export function losing(journal: Journal, request: BankRequest): Journal {
  const ids = requestIdsOf(journal, request);
  return journal.map(({ ...entry }) =>
    entry.what === 'answered' && ids.includes(entry.requestId)
      ? { what: 'lost', requestId: entry.requestId, reason: 'cut' }
      : entry,
  );
}

/** A lie about the answers to this request, or about that of them alone. */
export const answering =
  (request: BankRequest, lie: (answer: Answer) => Answer, only?: number) =>
  ({ events, journal }: TrueRecord): TrueRecord => {
    const ids = requestIdsOf(journal, request);
    const lied = only === undefined ? ids : ids.slice(only, only + 1);
    const told = journal.map((entry) =>
      entry.what === 'answered' && lied.includes(entry.requestId)
        ? { ...entry, answer: lie(entry.answer) }
        : entry,
    );
    return { events, journal: told };
  };

export const telling =
  (change: (body: AnswerBody) => AnswerBody) =>
  (answer: Answer): Answer => ({ ...answer, body: change(answer.body) });

/** A lie about the stream: numbered and chained anew. */
export const recording =
  (lie: (events: readonly StoredEvent[]) => readonly StoredEvent[]) =>
  ({ events, journal }: TrueRecord): TrueRecord => {
    let previousHash = '0'.repeat(64);
    const chained = lie(events).map((event, revision) => {
      const placed = { ...event, revision, metadata: { ...event.metadata, previousHash } };
      const hash = hashOf(placed, previousHash);
      previousHash = hash;
      return { ...placed, metadata: { ...placed.metadata, hash } };
    });
    return { events: chained, journal };
  };

export const isOf = (id: string) => (event: StoredEvent) => event.data['id'] === id;

/** A lie about the transfer, or the act on one, with this id. */
export const rewriting = (id: string, change: (event: StoredEvent) => StoredEvent) =>
  recording((events) => events.map((event) => (isOf(id)(event) ? change(event) : event)));

export const withData =
  (data: object) =>
  (event: StoredEvent): StoredEvent => ({ ...event, data: { ...event.data, ...data } });

export const typed =
  (type: string) =>
  (event: StoredEvent): StoredEvent => ({ ...event, type });

export const turnedAway = (status: number, code: string, answer: Answer): Answer => ({
  ...answer,
  status,
  body: { error: { code, number: 'DBK-0000', message: '', details: {} } },
});

export const moved = (events: readonly StoredEvent[], id: string, by: number): StoredEvent[] => {
  const from = events.findIndex(isOf(id));
  return events.toSpliced(from, 1).toSpliced(from + by, 0, ...events.slice(from, from + 1));
};
