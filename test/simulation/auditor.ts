// The independent auditor: knows nothing of how Daybook decides. It books the event stream itself, naively
// and with arithmetic of its own, and holds every answer that any client got against it: what was
// acknowledged is there once, what was refused or turned away was never applied, what got no answer is
// there once or not at all, and everything is in the order in which it was acknowledged.
import { type StoredEvent } from '../../src/event-store/event-store.js';
import { type Attempt, attemptsOf } from './audit/attempts.js';
import { type Books } from './audit/books.js';
import { auditChain } from './audit/chain.js';
import { type EachAlone, eachAlone } from './audit/each-alone.js';
import { examinerOf } from './audit/examiners.js';
import { type Finding, type Rule } from './audit/findings.js';
import { fold } from './audit/fold.js';
import { type Journal } from './journal.js';

/** With OUTCOME_UNKNOWN alone a command may have been recorded after all. */
const RECORDED_NOTHING = new Set(['LEDGER_BUSY', 'EVENT_STORE_UNAVAILABLE', 'SHUTTING_DOWN']);

export interface Audit {
  readonly findings: readonly Finding[];
  readonly books: Books;
}

export function audit(events: readonly StoredEvent[], journal: Journal): Audit {
  const { books, findings } = fold(events);
  const alone = eachAlone(journal);
  const attempts = attemptsOf(alone, events);
  return {
    books,
    findings: [
      ...auditChain(events),
      ...findings,
      ...auditCauses(events, { attempts, causeOf: alone.causeOf }, books),
      ...auditAnswers(events, attempts, books),
    ],
  };
}

/** Every event was asked for by one attempt, is what was asked for, and comes after what was known then. */
function auditCauses(
  events: readonly StoredEvent[],
  { attempts, causeOf }: { attempts: readonly Attempt[] } & Pick<EachAlone, 'causeOf'>,
  books: Books,
): Finding[] {
  const findings: Finding[] = [];
  const byRequestId = new Map(attempts.map((attempt) => [attempt.requestId, attempt]));
  const decided = new Map<string, number>();
  for (const event of events) {
    const where = `revision ${event.revision}`;
    const report = (rule: Rule, what: string) => findings.push({ rule, where, what });
    // The ledger does this by itself.
    if (event.type === 'TransferExpired') continue;
    const attempt = byRequestId.get(causeOf(event));
    if (!attempt) {
      report('cause', `${event.type} was asked for by nobody`);
      continue;
    }
    const { request, requestId, knownBefore } = attempt;
    const examiner = examinerOf(request);
    const mismatches = examiner.mismatches(request, event, books);
    if (mismatches.length > 0) {
      report('cause', `${event.type} is not what ${requestId} asked for: ${mismatches.join()}`);
    }
    if (event.revision <= knownBefore) {
      report('order', `${requestId} was sent when ${knownBefore} was known`);
    }
    const names = [`attempt ${requestId}`, examiner.nameOf(request)];
    for (const name of names) {
      if (name === undefined) continue;
      const before = decided.get(name);
      if (before !== undefined) report('once', `${name} was decided at revision ${before}`);
      decided.set(name, event.revision);
    }
  }
  return findings;
}

function auditAnswers(
  events: readonly StoredEvent[],
  attempts: readonly Attempt[],
  books: Books,
): Finding[] {
  const findings: Finding[] = [];
  const decided = decidedUnder(events, attempts, books);
  for (const attempt of attempts) {
    const { requestId, request, answer, event } = attempt;
    const where = `${requestId}, ${request.kind}`;
    const report = (rule: Rule, what: string) => void findings.push({ rule, where, what });
    const code = answer?.body.error?.code ?? '';
    if (RECORDED_NOTHING.has(code) && event) report('trace', `${code}, and recorded`);
    if (!answer || RECORDED_NOTHING.has(code) || code === 'OUTCOME_UNKNOWN') continue;
    if (answer.status >= 500) report('answer', `${answer.status} ${code}`);
    else {
      const { examine, nameOf } = examinerOf(request);
      const name = nameOf(request);
      const decision = name === undefined ? undefined : decided.get(name);
      examine({ attempt, answer, books, events, decided: decision, report });
    }
  }
  return findings;
}

/** By name, the event in which it was decided: what has an id is found in the stream itself. */
function decidedUnder(
  events: readonly StoredEvent[],
  attempts: readonly Attempt[],
  books: Books,
): Map<string, StoredEvent | undefined> {
  const byId = [...books.decided].map(([id, revision]) => [`id ${id}`, events[revision]] as const);
  const byAttempt = attempts.flatMap(({ request, event }) => {
    const name = examinerOf(request).nameOf(request);
    return event && name !== undefined ? [[name, event] as const] : [];
  });
  return new Map([...byAttempt, ...byId]);
}
