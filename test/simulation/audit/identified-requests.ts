// Answers to requests that are decided under an id of their own, once and for ever: each repetition is told
// what was recorded, byte for byte, and a different request under the same id is turned away.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type BankRequest, type Identified } from '../requests.js';
import { isForeseen } from './attempts.js';
import { type Books } from './books.js';
import { type Examiner, type Heard, examineFields } from './examiner.js';
import { compare } from './findings.js';

export type IdentifiedRequest = Extract<BankRequest, Identified>;

export interface Flaw<R extends IdentifiedRequest> {
  readonly status: number;
  /** Whether this is wrong with the request; `knownBefore` is what it may not have missed. */
  readonly holds: (request: R, books: Books, knownBefore: number) => boolean;
}

/** What the auditor has to know of one kind of such requests. */
export interface IdentifiedKind<R extends IdentifiedRequest> {
  /** Types of the events it can lead to: when it happens, and when it is refused. */
  readonly made: readonly string[];
  readonly refused: string;
  /** In which fields what is recorded differs; only asked for events of these types. */
  readonly differences: (request: R, event: StoredEvent, books: Books) => readonly string[];
  readonly madeAnswer: (event: StoredEvent) => object;
  /** `details` of the answer. */
  readonly refusedDetails: (event: StoredEvent, request: R) => object;
  /** Examines what was only foreseen: nothing was recorded. */
  readonly examineForeseen?: (heard: Heard<R>) => void;
  /** By code, what makes a rejection right. */
  readonly flaws: Readonly<Record<string, Flaw<R>>>;
}

export function identifiedExaminer<R extends IdentifiedRequest>(
  kind: IdentifiedKind<R>,
): Examiner<R> {
  return {
    nameOf: ({ id, idAsKey }) => `${idAsKey ? 'key' : 'id'} ${id}`,
    mismatches: (request, event, books) => [
      ...(request.idAsKey || request.id === event.data['id'] ? [] : ['id']),
      ...differencesIn(kind, request, event, books),
    ],
    examine: (heard) => {
      const { status, body } = heard.answer;
      const revision = body.meta?.revision;
      if (isForeseen(heard.attempt.request, heard.answer)) return kind.examineForeseen?.(heard);
      if (revision === undefined) examineRejection(kind, heard);
      else if (status === 201) examineOutcome(kind, heard, revision, kind.made);
      else examineOutcome(kind, heard, revision, [kind.refused]);
    },
  };
}

function differencesIn<R extends IdentifiedRequest>(
  kind: IdentifiedKind<R>,
  request: R,
  event: StoredEvent,
  books: Books,
): readonly string[] {
  const isOfKind = [...kind.made, kind.refused].includes(event.type);
  return isOfKind ? kind.differences(request, event, books) : ['type'];
}

/** Statuses of recorded refusals, by code; 422 is that of all others. */
const REFUSAL_STATUS: Readonly<Record<string, number>> = {
  REFERENCE_TAKEN: 409,
  CONDITIONS_NOT_MET: 412,
};

function examineOutcome<R extends IdentifiedRequest>(
  kind: IdentifiedKind<R>,
  heard: Heard<R>,
  revision: number,
  types: readonly string[],
): void {
  const { attempt, answer, books, events, decided, report } = heard;
  const event = events[revision];
  if (!event || !types.includes(event.type)) {
    return report('answer', `${types.join()} at revision ${revision}: there is ${event?.type}`);
  }
  if (event !== decided) report('answer', `decided at ${revision}, known is ${decided?.revision}`);
  const differing = differencesIn(kind, attempt.request, event, books);
  if (differing.length > 0) report('answer', `told of another request: ${differing.join()}`);
  if (answer.replayed === (event === attempt.event)) {
    report('answer', answer.replayed ? 'told as a repetition' : 'not told as a repetition');
  }
  const { data, error } = answer.body;
  if (event.type !== kind.refused) {
    return compare(report, 'answer', data, kind.madeAnswer(event));
  }
  const { code, message } = event.data['refusal'] as { code: string; message: string };
  const status = REFUSAL_STATUS[code] ?? 422;
  if (answer.status !== status) report('answer', `${answer.status} for ${code}`);
  const details = kind.refusedDetails(event, attempt.request);
  compare(report, 'answer', withoutNumbers(error), { code, message, details });
}

/** The numbers of errors are those of the catalogue, whatever is in the books. */
function withoutNumbers(error: unknown): unknown {
  return JSON.parse(
    JSON.stringify(error, (key, value: unknown) => (key === 'number' ? undefined : value)),
  );
}

function examineRejection<R extends IdentifiedRequest>(
  kind: IdentifiedKind<R>,
  heard: Heard<R>,
): void {
  const { attempt, answer, books, decided, report } = heard;
  const { request, knownBefore } = attempt;
  const code = answer.body.error?.code ?? '';
  if (attempt.event) report('trace', `turned away with ${code}, and recorded`);
  const flaw = kind.flaws[code];
  const isFlawed = flaw?.holds(request, books, knownBefore) ?? false;
  const wasDecided = decided !== undefined && decided.revision <= knownBefore;
  // What was decided under the id itself wins over whatever else is wrong with the request.
  if (code === 'TRANSFER_ID_REUSED' && decided && (wasDecided || !isFlawed)) {
    if (answer.status !== 409) report('answer', `${answer.status} for ${code}`);
    return examineFields(heard, differencesIn(kind, request, decided, books));
  }
  if (wasDecided) {
    report('once', `turned away with ${code}, though decided at ${decided.revision} before`);
  }
  if (answer.status !== flaw?.status) report('answer', `${answer.status} ${code}`);
  if (!isFlawed) report('answer', `${code} without reason`);
}
