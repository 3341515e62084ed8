// Capturing what a pending transfer holds: all of it, or parts, the last of which may release the rest.
// It was reserved on both sides, so no rule about balances can stand against it; a freeze can.
import {
  type ActOnTransfer,
  differingParts,
  notPending,
  onTransfer,
  sharesOf,
  totalsAfter,
  transferSeen,
  unitsHeld,
  unitsTaken,
} from './act-on-transfer.js';
import { type MinorUnits } from '../money.js';
import { type Account } from './account.js';
import { refusalOf } from './balance-rules.js';
import { refusal, untimely } from './decide-request.js';
import { type Decision, happened, recordedAtOf } from './decision.js';
import { differingMetadata, type Metadata } from './metadata.js';
import { accountsAfter, movementsTo, resultingBalance } from './movements.js';
import { type LedgerState } from './state.js';
import { type Transfer } from './transfer.js';
import {
  type CaptureRefused,
  type CaptureRequest,
  type LegTotals,
  type TransferCaptured,
} from './transfer-events.js';

export interface CaptureTransfer extends ActOnTransfer {
  readonly type: 'CaptureTransfer';
  /** Whether what is held beyond `amount` or `parts` is released. */
  readonly final: boolean;
  /** When it counts in the books; null is the time of recording. */
  readonly effectiveAt: string | null;
  readonly description: string | null;
  readonly metadata: Metadata;
  readonly now: string;
}

export function captureTransfer(state: LedgerState, command: CaptureTransfer): Decision {
  return onTransfer(state, command, (transfer, parts) => {
    const recordedAt = recordedAtOf(command.now, state.recordedAt);
    const request = {
      id: command.id,
      transfer: transfer.id,
      parts,
      final: command.final,
      effectiveAt: command.effectiveAt ?? recordedAt,
      recordedAt,
      description: command.description,
      metadata: command.metadata,
    };
    return happened(decideCapture(state, transfer, request));
  });
}

/** The fields in which a repeated request differs from the one recorded under the same id. */
export function captureDifferences(
  { data }: TransferCaptured | CaptureRefused,
  command: CaptureTransfer,
): string[] {
  if (command.transfer !== data.transfer) return ['transfer'];
  const sameTime = (command.effectiveAt ?? data.recordedAt) === data.effectiveAt;
  return [
    ...differingParts(data.parts, command),
    ...(command.final === data.final ? [] : ['final']),
    ...(sameTime ? [] : ['effectiveAt']),
    ...(command.description === data.description ? [] : ['description']),
    ...differingMetadata(data.metadata, command.metadata),
  ];
}

function decideCapture(
  state: LedgerState,
  transfer: Transfer,
  request: CaptureRequest,
): TransferCaptured | CaptureRefused {
  const refused = (why: CaptureRefused['data']['refusal']): CaptureRefused => ({
    type: 'CaptureRefused',
    data: { ...request, refusal: why },
  });
  const early = notPending(state, transfer, request.recordedAt);
  if (early) return refused(early);
  const taken = unitsTaken(state, transfer, request.parts, ({ held }) => held);
  if (!taken) {
    const evidence = { transfer: transferSeen(transfer) };
    return refused(refusal(state, 'AMOUNT_EXCEEDS_HELD', 'Less is held than asked for.', evidence));
  }
  const { totals, after } = captured(state, transfer, { taken, final: request.final });
  const broken = untimely(state, request) ?? refusalOf(state, after);
  if (broken) return refused(broken);
  const rest = unitsHeld(state, transfer).map((units, leg) => units - (taken[leg] ?? 0n));
  return {
    type: 'TransferCaptured',
    data: {
      ...request,
      legs: sharesOf(state, transfer, taken),
      released: request.final ? sharesOf(state, transfer, rest) : [],
      totals,
      balances: after.map(resultingBalance),
    },
  };
}

/** What taking so much of each leg leaves of the transfer, and of every account it moves. */
export function captured(
  state: LedgerState,
  transfer: Transfer,
  { taken, final }: { readonly taken: readonly MinorUnits[]; readonly final: boolean },
): { readonly totals: readonly LegTotals[]; readonly after: readonly Account[] } {
  const totals = totalsAfter(state, transfer, ({ held, posted }, leg) => {
    const units = taken[leg] ?? 0n;
    return { held: final ? 0n : held - units, posted: posted + units };
  });
  return { totals, after: accountsAfter(state, movementsTo(state, transfer, totals)) };
}
