// Reversals: transfers whose legs are those of another one, swapped, and never more than is left of it.
import { textOf } from './amounts.js';
import { type Draft } from './draft.js';
import { type Report, compare } from './findings.js';
import { type Refused } from './forbidden.js';
import { unitsTaken } from './shares.js';
import { type TransferData } from './transfer-data.js';
import { type TransferState, changed, transferSeen } from './transfer-state.js';

export interface Reversal {
  /** The transfer that is turned back. */
  readonly transfer: TransferState;
  /** Of each of its legs; undefined when it is more than there is. */
  readonly taken: readonly bigint[] | undefined;
}

/** Undefined, and reported, when what it turns back was never made. */
export function reversalOf(draft: Draft, data: TransferData, report: Report): Reversal | undefined {
  const { reverses } = data;
  if (!reverses) return undefined;
  const transfer = draft.transfer(reverses.transfer);
  if (!transfer) {
    report('books', `${data.id} reverses ${reverses.transfer}, which was never decided`);
    return undefined;
  }
  const left = unitsTaken(transfer, reverses.parts, ({ posted, reversed }) => posted - reversed);
  const taken = isReversible(transfer) ? left : undefined;
  compare(report, 'figures', [data.legs, reverses.legs], legsDue(transfer, reverses.parts, taken));
  return { transfer, taken };
}

function isReversible({ legs, isReversal }: TransferState): boolean {
  return !isReversal && legs.some(({ posted }) => posted > 0n);
}

/** The legs that are due, and the numbers of those they turn back. */
function legsDue(
  { legs }: TransferState,
  parts: NonNullable<TransferData['reverses']>['parts'],
  taken: Reversal['taken'],
): [object[], number[]] {
  const amounts = taken
    ? legs.map(({ scale }, n) => ({ leg: n, amount: textOf(taken[n] ?? 0n, scale) }))
    : (parts ?? []);
  const due = amounts.filter(({ leg }) => !taken || taken[leg] !== 0n);
  const swapped = due.flatMap(({ leg: n, amount }) => {
    const { leg } = legs[n] ?? {};
    return leg ? [{ debit: leg.credit, credit: leg.debit, amount, currency: leg.currency }] : [];
  });
  return [swapped, due.map(({ leg }) => leg)];
}

export function reversalForbids({ transfer, taken }: Reversal): Refused | undefined {
  if (taken) return undefined;
  const code = isReversible(transfer) ? 'AMOUNT_EXCEEDS_POSTED' : 'TRANSFER_NOT_REVERSIBLE';
  return { code, evidence: { accounts: [], transfer: transferSeen(transfer) } };
}

/** Enters what the reversal leaves of the other transfer, and returns it. */
export function turnedBack(draft: Draft, { transfer, taken }: Reversal): TransferState {
  const legs = transfer.legs.map((leg, n) => ({
    ...leg,
    reversed: leg.reversed + (taken?.[n] ?? 0n),
  }));
  const after = changed(transfer, legs, transfer.state);
  draft.setTransfer(after);
  return after;
}
