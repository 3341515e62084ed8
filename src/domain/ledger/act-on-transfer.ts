// What capturing, voiding and reversing have in common: each acts on a transfer that was decided before,
// on all that is left of it or on parts, and has an id of its own under which it is decided for ever.
// Precedence of rejections: LEDGER_NOT_FOUND, the id, TRANSFER_NOT_FOUND, then parts that do not fit.
import { type Refusal, type TransferSeen } from '../errors.js';
import { type MinorUnits, formatAmount, sameAmount, toMinorUnits } from '../money.js';
import { type Decision, decidedBefore, rejected } from './decision.js';
import { isOver, refusal } from './decide-request.js';
import { scaleOfLeg } from './movements.js';
import { type LedgerState } from './state.js';
import { type Transfer } from './transfer.js';
import { type LegShare, type LegTotals, type Part } from './transfer-events.js';
import { amountProblems, canonicalAmount, idProblems } from './transfer-request.js';
import { type Unfit, rejectedAs } from './unfit.js';

export interface ActOnTransfer {
  /** The caller's idempotency key for the act itself. */
  readonly id: string;
  /** The transfer acted on. */
  readonly transfer: string;
  /** Of a transfer with one leg; null is all that is left, or see `parts`. */
  readonly amount: string | null;
  /** The same for some of several legs. */
  readonly parts: readonly Part[] | null;
}

/** Decides on the transfer that the act names; `parts` is what was asked for, null is all of it. */
export function onTransfer(
  state: LedgerState,
  command: ActOnTransfer,
  decideOn: (transfer: Transfer, parts: readonly Part[] | null) => Decision,
): Decision {
  if (!state.header) return rejected('LEDGER_NOT_FOUND', 'There is no such ledger.');
  const revision = state.decidedAt.get(command.id);
  if (revision !== undefined) return decidedBefore(revision);
  const unfitId = rejectedAs(idProblems(command.id));
  if (unfitId) return unfitId;
  const transfer = state.transfers.get(command.transfer);
  if (!transfer) {
    const message = `There is no transfer "${command.transfer}" in this ledger.`;
    return rejected('TRANSFER_NOT_FOUND', message);
  }
  const unfit = rejectedAs(partProblems(state, transfer, command));
  return unfit ?? decideOn(transfer, partsAsked(state, transfer, command));
}

/** The parts asked for, as they are recorded. */
function partsAsked(
  state: LedgerState,
  { legs }: Transfer,
  { amount, parts }: Pick<ActOnTransfer, 'amount' | 'parts'>,
): readonly Part[] | null {
  const asked = amount === null ? parts : [{ leg: 0, amount }];
  if (!asked) return null;
  return asked.map((part) => {
    const leg = legs[part.leg];
    const scale = leg && scaleOfLeg(state, leg);
    return { leg: part.leg, amount: canonicalAmount(part.amount, scale) };
  });
}

/**
 * How much of each leg an act takes: what its part says, all that is left when there are no parts, and
 * nothing of legs that are not among them. Undefined when it asks for more than is left, or for nothing.
 */
export function unitsTaken(
  state: LedgerState,
  { legs, totals }: Transfer,
  parts: readonly Part[] | null,
  left: (units: Record<keyof LegTotals, MinorUnits>) => MinorUnits,
): readonly MinorUnits[] | undefined {
  const asked = new Map(parts?.map(({ leg, amount }) => [leg, amount]));
  let exceeds = false;
  const taken = legs.map((leg, index) => {
    const scale = scaleOfLeg(state, leg);
    const most = left(unitsOf(totals[index], scale));
    const amount = asked.get(index);
    const units = amount === undefined ? 0n : toMinorUnits(amount, scale);
    if (units > most) exceeds = true;
    return parts ? units : most;
  });
  return exceeds || taken.every((units) => units === 0n) ? undefined : taken;
}

/** The legs of which an act takes anything. */
export function sharesOf(
  state: LedgerState,
  { legs }: Transfer,
  units: readonly MinorUnits[],
): LegShare[] {
  return legs.flatMap(({ debit, credit, currency }, leg) => {
    const taken = units[leg] ?? 0n;
    if (taken === 0n) return [];
    const amount = formatAmount(taken, scaleOfLeg(state, { debit }));
    return [{ leg, debit, credit, amount, currency }];
  });
}

/** What is held of every leg. */
export function unitsHeld(state: LedgerState, { legs, totals }: Transfer): MinorUnits[] {
  return legs.map((leg, index) => unitsOf(totals[index], scaleOfLeg(state, leg)).held);
}

/** The totals of every leg after `change`, written out again. */
export function totalsAfter(
  state: LedgerState,
  { legs, totals }: Transfer,
  change: (
    before: Record<keyof LegTotals, MinorUnits>,
    leg: number,
  ) => Partial<Record<keyof LegTotals, MinorUnits>>,
): LegTotals[] {
  return legs.map((leg, index) => {
    const scale = scaleOfLeg(state, leg);
    const before = unitsOf(totals[index], scale);
    const after = { ...before, ...change(before, index) };
    return {
      held: formatAmount(after.held, scale),
      posted: formatAmount(after.posted, scale),
      reversed: formatAmount(after.reversed, scale),
    };
  });
}

/** Whether a repeated act asks for other parts than the recorded one: as fields. */
export function differingParts(
  recorded: readonly Part[] | null,
  { amount, parts }: Pick<ActOnTransfer, 'amount' | 'parts'>,
): string[] {
  if (amount !== null && parts !== null) return ['parts'];
  const asked = amount === null ? inOrder(parts) : [{ leg: 0, amount }];
  const before = inOrder(recorded);
  const agree =
    before && asked
      ? before.length === asked.length &&
        before.every(({ leg, amount: units }, index) => {
          const part = asked[index];
          return part?.leg === leg && sameAmount(part.amount, units);
        })
      : before === asked;
  if (agree) return [];
  return [amount === null ? 'parts' : 'amount'];
}

function inOrder(parts: readonly Part[] | null): readonly Part[] | null {
  return parts && [...parts].sort((one, other) => one.leg - other.leg);
}

/** Why what a transfer holds can no longer be captured or voided. */
export function notPending(
  state: LedgerState,
  transfer: Transfer,
  now: string,
): Refusal | undefined {
  const evidence = { transfer: transferSeen(transfer) };
  const { state: is, expiresAt } = transfer;
  if (is !== 'pending' && is !== 'expired') {
    return refusal(state, 'TRANSFER_NOT_PENDING', `The transfer is ${is}.`, evidence);
  }
  if (is === 'pending' && !isOver(expiresAt, now)) return undefined;
  const message = `The transfer expired at ${expiresAt}.`;
  return refusal(state, 'TRANSFER_EXPIRED', message, evidence);
}

/** What a refusal tells of the transfer that it was decided on. */
export function transferSeen(transfer: Transfer): TransferSeen {
  const { id, state, expiresAt, isReversal, totals } = transfer;
  return { transfer: id, state, expiresAt, isReversal, totals };
}

function unitsOf(totals: LegTotals | undefined, scale: number) {
  const { held = '0', posted = '0', reversed = '0' } = totals ?? {};
  return {
    held: toMinorUnits(held, scale),
    posted: toMinorUnits(posted, scale),
    reversed: toMinorUnits(reversed, scale),
  };
}

function partProblems(
  state: LedgerState,
  { legs }: Transfer,
  { amount, parts }: ActOnTransfer,
): Unfit[] {
  if (amount !== null && parts !== null) {
    return [unfitParts('amount', 'given together with parts', 'one of the two')];
  }
  if (amount !== null) {
    const expected = 'parts, which say how much of each leg';
    if (legs.length > 1) return [unfitParts('amount', `given for ${legs.length} legs`, expected)];
    return partAmountProblems(state, legs, { leg: 0, amount }, 'amount');
  }
  if (parts?.length === 0) return [unfitParts('parts', 'empty', 'none at all, or at least one')];
  const seen = new Set<number>();
  return (parts ?? []).flatMap((part, index) => {
    const at = `parts[${index}]`;
    if (seen.has(part.leg)) return [unfitParts(`${at}.leg`, 'named twice', 'each leg once')];
    seen.add(part.leg);
    return partAmountProblems(state, legs, part, `${at}.amount`, `${at}.leg`);
  });
}

function partAmountProblems(
  state: LedgerState,
  legs: Transfer['legs'],
  { leg: index, amount }: Part,
  field: string,
  legField = field,
): Unfit[] {
  const leg = legs[index];
  if (!leg) {
    const expected = `the number of one of its ${legs.length} legs, counted from 0`;
    return [unfitParts(legField, `the transfer has no leg ${index}`, expected)];
  }
  return amountProblems({ amount, currency: leg.currency }, scaleOfLeg(state, leg), field);
}

function unfitParts(field: string, problem: string, expected: string): Unfit {
  return { code: 'INVALID_TRANSFER', field, problem, expected };
}
