// Turning back what a transfer posted: a new transfer with its legs swapped, of all that is left or of
// parts, any number of times, never beyond what was posted less what was reversed before.
import { type Refusal } from '../errors.js';
import { type MinorUnits, formatAmount } from '../money.js';
import {
  type ActOnTransfer,
  differingParts,
  onTransfer,
  totalsAfter,
  transferSeen,
  unitsTaken,
} from './act-on-transfer.js';
import { decideRequest, refusal, refusedTransfer } from './decide-request.js';
import { type Decision, happened, recordedAtOf } from './decision.js';
import { type Metadata } from './metadata.js';
import { scaleOfLeg } from './movements.js';
import { differing } from './post-transfer.js';
import { type LedgerState } from './state.js';
import { type Transfer } from './transfer.js';
import { type Leg, type Part, type TransferRequest } from './transfer-events.js';

export interface ReverseTransfer extends ActOnTransfer {
  readonly type: 'ReverseTransfer';
  /** For whoever reads the audit trail. */
  readonly reason: string;
  /** When it counts in the books; null is the time of recording. */
  readonly effectiveAt: string | null;
  readonly description: string | null;
  readonly metadata: Metadata;
  readonly now: string;
}

export function reverseTransfer(state: LedgerState, command: ReverseTransfer): Decision {
  return onTransfer(state, command, (transfer, parts) => {
    const request = (legs: readonly NumberedLeg[]) =>
      requestOf(state, command, { transfer, parts, legs });
    const irreversible = notReversible(state, transfer);
    if (irreversible) {
      return happened(refusedTransfer(request(asked(transfer, parts)), irreversible));
    }
    const taken = unitsReversed(state, transfer, parts);
    if (!taken) {
      const message = 'Less is left to reverse than asked for.';
      const evidence = { transfer: transferSeen(transfer) };
      const exceeds = refusal(state, 'AMOUNT_EXCEEDS_POSTED', message, evidence);
      return happened(refusedTransfer(request(asked(transfer, parts)), exceeds));
    }
    const totals = totalsAfter(state, transfer, ({ reversed }, leg) => ({
      reversed: reversed + (taken[leg] ?? 0n),
    }));
    const legs = transfer.legs.flatMap((leg, index) => {
      const units = taken[index] ?? 0n;
      return units === 0n
        ? []
        : [{ ...leg, leg: index, amount: formatAmount(units, scaleOfLeg(state, leg)) }];
    });
    return happened(decideRequest(state, request(legs), totals));
  });
}

/** The fields in which a repeated request differs from the one recorded under the same id. */
export function reversalDifferences(recorded: TransferRequest, command: ReverseTransfer): string[] {
  const { reverses } = recorded;
  if (!reverses) return ['type'];
  if (command.transfer !== reverses.transfer) return ['transfer'];
  return [
    ...differingParts(reverses.parts, command),
    ...(command.reason === reverses.reason ? [] : ['reason']),
    ...differing(recorded, { ...command, reference: null }),
  ];
}

interface NumberedLeg extends Leg {
  readonly leg: number;
}

/** The legs that the parts name, with their amounts: what a refused reversal is recorded with. */
function asked({ legs }: Transfer, parts: readonly Part[] | null): NumberedLeg[] {
  return (parts ?? []).flatMap(({ leg: index, amount }) => {
    const leg = legs[index];
    return leg ? [{ ...leg, leg: index, amount }] : [];
  });
}

function requestOf(
  state: LedgerState,
  command: ReverseTransfer,
  reversed: {
    readonly transfer: Transfer;
    readonly parts: readonly Part[] | null;
    readonly legs: readonly NumberedLeg[];
  },
): TransferRequest {
  const recordedAt = recordedAtOf(command.now, state.recordedAt);
  const { transfer, parts, legs } = reversed;
  return {
    id: command.id,
    legs: legs.map(({ debit, credit, amount, currency }) => ({
      ...{ debit: credit, credit: debit, amount, currency },
    })),
    effectiveAt: command.effectiveAt ?? recordedAt,
    recordedAt,
    reference: null,
    description: command.description,
    metadata: command.metadata,
    reverses: {
      transfer: transfer.id,
      parts,
      legs: legs.map(({ leg }) => leg),
      reason: command.reason,
    },
  };
}

/** How much of each leg a reversal turns back; undefined when that is more than is left, or nothing. */
export function unitsReversed(
  state: LedgerState,
  transfer: Transfer,
  parts: readonly Part[] | null,
): readonly MinorUnits[] | undefined {
  return unitsTaken(state, transfer, parts, ({ posted, reversed }) => posted - reversed);
}

export function notReversible(state: LedgerState, transfer: Transfer): Refusal | undefined {
  const hasPosted = transfer.totals.some(({ posted }) => /[1-9]/.test(posted));
  if (hasPosted && !transfer.isReversal) return undefined;
  const message = transfer.isReversal
    ? 'A reversal cannot be reversed; post the transfer again instead.'
    : `The transfer is ${transfer.state}: nothing of it was posted.`;
  const evidence = { transfer: transferSeen(transfer) };
  return refusal(state, 'TRANSFER_NOT_REVERSIBLE', message, evidence);
}
