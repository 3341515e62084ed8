// Deciding a transfer, to be posted at once or held until it is captured: all of its legs or none,
// against exactly the state it will be appended on.
import { decideRequest } from './decide-request.js';
import { canonicalCondition } from './conditions.js';
import { type Decision, decidedBefore, happened, recordedAtOf, rejected } from './decision.js';
import { differingMetadata } from './metadata.js';
import { type LedgerState } from './state.js';
import { type Leg, type TransferRequest } from './transfer-events.js';
import { type WrittenTransfer, canonicalLeg, transferProblems } from './transfer-request.js';
import { rejectedAs } from './unfit.js';

export interface PostTransfer extends WrittenTransfer {
  readonly type: 'PostTransfer';
  readonly now: string;
}

/** Rejections come before refusals; among refusals the order is that of REFUSAL_CODES. */
export function postTransfer(state: LedgerState, command: PostTransfer): Decision {
  if (!state.header) return rejected('LEDGER_NOT_FOUND', 'There is no such ledger.');
  const revision = state.decidedAt.get(command.id);
  if (revision !== undefined) return decidedBefore(revision);
  const unfit = rejectedAs(transferProblems(state, command));
  return unfit ?? happened(decideRequest(state, requestOf(state, command)));
}

/** What is recorded of a request. */
export function requestOf(
  state: LedgerState,
  written: WrittenTransfer & { readonly now: string },
): TransferRequest {
  const recordedAt = recordedAtOf(written.now, state.recordedAt);
  const { conditions, pending } = written;
  return {
    id: written.id,
    legs: written.legs.map((leg) => canonicalLeg(state, leg)),
    effectiveAt: written.effectiveAt ?? recordedAt,
    recordedAt,
    reference: written.reference,
    description: written.description,
    metadata: written.metadata,
    ...(conditions.length > 0 && {
      conditions: conditions.map((condition) => canonicalCondition(state, condition)),
    }),
    ...(pending && { pending: { expiresAt: pending.expiresAt } }),
  };
}

/** The fields in which a repeated request differs from the one recorded under the same id. */
export function transferDifferences(
  state: LedgerState,
  recorded: TransferRequest,
  written: WrittenTransfer,
): string[] {
  if (recorded.reverses ?? recorded.exchange) return ['type'];
  const legs = written.legs.map((leg) => canonicalLeg(state, leg));
  const conditions = written.conditions.map((item) => canonicalCondition(state, item));
  return [
    ...differingLegs(recorded.legs, legs),
    ...differing(recorded, written),
    ...(same(recorded.conditions ?? [], conditions) ? [] : ['conditions']),
    ...(same(recorded.pending ?? null, written.pending) ? [] : ['pending']),
  ];
}

/** The fields that requests of every kind have. */
export function differing(
  recorded: Omit<TransferRequest, 'id' | 'legs'>,
  written: Pick<WrittenTransfer, 'effectiveAt' | 'reference' | 'description' | 'metadata'>,
): string[] {
  const sameTime = (written.effectiveAt ?? recorded.recordedAt) === recorded.effectiveAt;
  return [
    ...(sameTime ? [] : ['effectiveAt']),
    ...(written.reference === recorded.reference ? [] : ['reference']),
    ...(written.description === recorded.description ? [] : ['description']),
    ...differingMetadata(recorded.metadata, written.metadata),
  ];
}

function differingLegs(recorded: readonly Leg[], written: readonly Leg[]): string[] {
  if (recorded.length !== written.length) return ['legs'];
  return recorded.flatMap((leg, index) =>
    (['debit', 'credit', 'amount', 'currency', 'expectedVersions'] as const)
      .filter((field) => !same(leg[field] ?? null, written[index]?.[field] ?? null))
      .map((field) => `legs[${index}].${field}`),
  );
}

/** Whether two pieces of canonical data are the same; both have their keys in the same order. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
