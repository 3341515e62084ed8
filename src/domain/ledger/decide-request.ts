// The decision on a transfer that fits the ledger, of whatever kind: it happens, or it is refused. The
// order in which refusals win is that of REFUSAL_CODES: the time it counts, its reference, the caller's
// conditions, then the rules of the accounts.
import { type Evidence, type Refusal, type RefusalCode } from '../errors.js';
import { refusalOf } from './balance-rules.js';
import { unmetConditions } from './conditions.js';
import { effectiveTimeRefusal } from './effective-time.js';
import { accountsAfter, movementsOf, resultingBalance } from './movements.js';
import { type LedgerState } from './state.js';
import {
  type LegTotals,
  type TransferHeld,
  type TransferPosted,
  type TransferRefused,
  type TransferRequest,
} from './transfer-events.js';

/** `totals`: of a reversal, what it leaves of the transfer that it turns back. */
export function decideRequest(
  state: LedgerState,
  request: TransferRequest,
  totals?: readonly LegTotals[],
): TransferPosted | TransferHeld | TransferRefused {
  const { pending } = request;
  const movements = movementsOf(state, request.legs, pending ? 'pending' : 'posted');
  const after = accountsAfter(state, movements);
  const refusal = refusalBeforeRules(state, request) ?? refusalOf(state, after);
  if (refusal) return refusedTransfer(request, refusal);
  const balances = after.map(resultingBalance);
  if (pending) return { type: 'TransferHeld', data: { ...request, pending, balances } };
  return { type: 'TransferPosted', data: { ...request, ...(totals && { totals }), balances } };
}

export function refusedTransfer(request: TransferRequest, refusal: Refusal): TransferRefused {
  return { type: 'TransferRefused', data: { ...request, refusal } };
}

/** A refusal with its evidence, decided on `state`. */
export function refusal(
  { revision }: LedgerState,
  code: RefusalCode,
  message: string,
  evidence: Omit<Evidence, 'revision' | 'accounts'> = {},
): Refusal {
  return { code, message, evidence: { revision, accounts: [], ...evidence } };
}

/** Why a transfer may not count when it is to. */
export function untimely(
  state: LedgerState,
  times: { readonly effectiveAt: string; readonly recordedAt: string },
): Refusal | undefined {
  const problem = effectiveTimeRefusal(state, times);
  if (!problem) return undefined;
  return problem.closedThrough === undefined
    ? refusal(state, 'EFFECTIVE_AT_OUT_OF_RANGE', 'It would count too far from now.', problem)
    : refusal(state, 'PERIOD_CLOSED', 'It would count in a period that is closed.', problem);
}

/** Whether a pending transfer can no longer be captured, whatever the log says of it so far. */
export function isOver(expiresAt: string | null, now: string): boolean {
  return expiresAt !== null && now >= expiresAt;
}

function refusalBeforeRules(state: LedgerState, request: TransferRequest): Refusal | undefined {
  return (
    expiredAlready(state, request) ??
    untimely(state, request) ??
    referenceTaken(state, request) ??
    conditionsNotMet(state, request)
  );
}

function expiredAlready(state: LedgerState, { pending, recordedAt }: TransferRequest) {
  if (!pending || !isOver(pending.expiresAt, recordedAt)) return undefined;
  return refusal(state, 'TRANSFER_EXPIRED', 'It would have expired before it is recorded.');
}

export function referenceTaken(
  state: LedgerState,
  { reference }: Pick<TransferRequest, 'reference'>,
): Refusal | undefined {
  const revision = reference === null ? undefined : state.references.get(reference);
  if (reference === null || revision === undefined) return undefined;
  const evidence = { reference: { reference, revision } };
  return refusal(state, 'REFERENCE_TAKEN', 'Another transfer has this reference.', evidence);
}

function conditionsNotMet(state: LedgerState, request: TransferRequest): Refusal | undefined {
  const conditions = unmetConditions(state, request);
  if (conditions.length === 0) return undefined;
  return refusal(state, 'CONDITIONS_NOT_MET', 'The accounts are not as asked for.', { conditions });
}
