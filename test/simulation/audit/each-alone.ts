// Transfers that were sent together and decided each for itself are audited as if each had been sent alone.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type Answer, type AnswerBody, type JournalEntry } from '../journal.js';
import { type EachAsked, type SingleRequest } from '../requests.js';

type EntryAlone =
  | Exclude<JournalEntry, { readonly what: 'sent' }>
  | { readonly what: 'sent'; readonly requestId: string; readonly request: SingleRequest };

export interface EachAlone {
  readonly journal: readonly EntryAlone[];
  /** The request id in the journal of what led to an event. */
  readonly causeOf: (event: StoredEvent) => string;
}

export function eachAlone(journal: readonly JournalEntry[]): EachAlone {
  const together = new Map<string, EachAsked>();
  const alone = journal.flatMap((entry): EntryAlone[] => {
    const { requestId } = entry;
    if (entry.what === 'sent') {
      const { request } = entry;
      if (request.kind !== 'post-each') return [{ what: 'sent', requestId, request }];
      together.set(requestId, request);
      return request.transfers.map((transfer, n) => ({
        ...{ what: 'sent', requestId: itemId(requestId, n), request: transfer },
      }));
    }
    const items = together.get(requestId)?.transfers;
    if (!items) return [entry];
    return items.map((_item, n) => {
      const own = { ...entry, requestId: itemId(requestId, n) };
      return own.what === 'answered' ? { ...own, answer: answerTo(own.answer, n) } : own;
    });
  });
  const causeOf = ({ metadata, data }: StoredEvent) => {
    const requestId = String(metadata['requestId']);
    const items = together.get(requestId)?.transfers;
    return items
      ? itemId(
          requestId,
          items.findIndex(({ id }) => id === data['id']),
        )
      : requestId;
  };
  return { journal: alone, causeOf };
}

function itemId(requestId: string, n: number): string {
  return `${requestId}/${n}`;
}

interface Outcome extends Pick<AnswerBody, 'error'> {
  readonly status: number;
  readonly replayed: boolean;
  readonly transfer?: { readonly revision: number };
}

function answerTo(whole: Answer, n: number): Answer {
  if (whole.status !== 200) return whole;
  const outcomes = whole.body.data as object as readonly Outcome[];
  const { status = 0, replayed = false, transfer, error } = outcomes[n] ?? {};
  const evidence = error?.details['evidence'] as { readonly revision: number } | undefined;
  const isRecorded = error?.details['transferId'] !== undefined && evidence !== undefined;
  const revision = isRecorded ? evidence.revision + 1 : transfer?.revision;
  const body: AnswerBody = {
    ...(transfer && { data: { ...transfer } }),
    ...(error && { error }),
    meta: revision === undefined ? {} : { revision },
  };
  return { status, replayed, etag: null, body };
}
