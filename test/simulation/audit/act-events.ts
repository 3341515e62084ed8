// Captures, voids and expiries in the stream, booked naively.
import { type Booking } from './booking.js';
import { Draft, type Movement } from './draft.js';
import { type Report, compare } from './findings.js';
import { type Refused, accountsForbid, timeForbids } from './forbidden.js';
import { sharesOf, unitsTaken } from './shares.js';
import { type ActData, actIn } from './transfer-data.js';
import { compareBalances, compareRefusal, markDecided } from './transfer-events.js';
import {
  type KnownLeg,
  type TransferState,
  changed,
  totalsOf,
  transferSeen,
} from './transfer-state.js';

/** What an act makes of what each leg held; `units` is what it takes of it. */
type Effect = (leg: KnownLeg, units: bigint, act: ActData) => Pick<KnownLeg, 'held' | 'posted'>;

const captures: Effect = ({ held, posted }, units, { final }) => ({
  held: final ? 0n : held - units,
  posted: posted + units,
});
const releases: Effect = ({ held, posted }, units) => ({ held: held - units, posted });

export const bookCapture = bookAct(captures, 'voided');
export const bookVoid = bookAct(releases, 'voided');

export function bookExpiry({ books, event, report }: Booking): void {
  const act = actIn(event);
  const transfer = books.transfers.get(act.transfer);
  if (transfer?.state !== 'pending' || transfer.expiresAt === null) {
    return report('books', `${act.transfer} expires, and is ${transfer?.state}`);
  }
  if (act.recordedAt < transfer.expiresAt || act.expiresAt !== transfer.expiresAt) {
    report('books', `${transfer.id} expires before ${transfer.expiresAt}`);
  }
  const draft = new Draft(books);
  const after = carryOut(draft, transfer, releases, { act, taken: heldBy(transfer) }, 'expired');
  compareOutcome(report, act, { draft, transfer, after });
  draft.enter(event.revision);
}

function bookAct(effect: Effect, ended: 'voided'): (booking: Booking) => void {
  return ({ books, event, report }) => {
    const act = actIn(event);
    markDecided(books, act.id ?? '', event.revision, report);
    const transfer = books.transfers.get(act.transfer);
    if (!transfer) return report('books', `${act.transfer} was never decided`);
    const draft = new Draft(books);
    const taken = unitsTaken(transfer, act.parts ?? null, ({ held }) => held);
    const early = stateForbids(transfer, taken, act.recordedAt);
    const after = carryOut(draft, transfer, effect, { act, taken: taken ?? [] }, ended);
    const refused = early ?? (effect === captures ? captureForbids(draft, act) : undefined);
    if (event.type.endsWith('Refused')) {
      return compareRefusal(report, act.refusal, refused, event.revision - 1);
    }
    if (refused) report('books', `${act.id} was made in spite of ${refused.code}`);
    if (effect === captures) compare(report, 'figures', act.legs, sharesOf(transfer, taken ?? []));
    compareOutcome(report, act, { draft, transfer, after });
    draft.enter(event.revision);
  };
}

function captureForbids(draft: Draft, { effectiveAt = '' }: ActData): Refused | undefined {
  return timeForbids(draft, effectiveAt) ?? accountsForbid(draft);
}

function stateForbids(
  transfer: TransferState,
  taken: readonly bigint[] | undefined,
  recordedAt: string,
): Refused | undefined {
  const evidence = { accounts: [], transfer: transferSeen(transfer) };
  const { expiresAt } = transfer;
  if (transfer.state === 'expired') return { code: 'TRANSFER_EXPIRED', evidence };
  if (transfer.state !== 'pending') return { code: 'TRANSFER_NOT_PENDING', evidence };
  if (expiresAt !== null && recordedAt >= expiresAt) return { code: 'TRANSFER_EXPIRED', evidence };
  return taken ? undefined : { code: 'AMOUNT_EXCEEDS_HELD', evidence };
}

function carryOut(
  draft: Draft,
  transfer: TransferState,
  effect: Effect,
  { act, taken }: { act: ActData; taken: readonly bigint[] },
  ended: 'voided' | 'expired',
): TransferState {
  const legs = transfer.legs.map((leg, n) => ({ ...leg, ...effect(leg, taken[n] ?? 0n, act) }));
  const movements = legs.flatMap(({ leg, held, posted }, n): Movement[] => {
    const before = transfer.legs[n];
    if (before?.held === held && before.posted === posted) return [];
    return [{ leg, posted: posted - (before?.posted ?? 0n), pending: held - (before?.held ?? 0n) }];
  });
  draft.move(movements);
  const after = changed(transfer, legs, ended);
  draft.setTransfer(after);
  return after;
}

function compareOutcome(
  report: Report,
  act: ActData,
  { draft, transfer, after }: { draft: Draft; transfer: TransferState; after: TransferState },
): void {
  const released = heldBy(transfer).map((held, n) => {
    const [before, now] = [transfer.legs[n], after.legs[n]];
    return held - (now?.held ?? 0n) - ((now?.posted ?? 0n) - (before?.posted ?? 0n));
  });
  compare(report, 'figures', act.released, sharesOf(transfer, released));
  compare(report, 'figures', act.totals, totalsOf(after));
  compareBalances(report, act.balances, draft);
}

function heldBy({ legs }: TransferState): bigint[] {
  return legs.map(({ held }) => held);
}
