// Releasing what a pending transfer holds: because the caller says so, wholly or in part, or because
// nobody captured it in time. Nothing moves, so no rule of the accounts can stand against it.
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
import { isOver, refusal } from './decide-request.js';
import { type Decision, UNCHANGED, happened, recordedAtOf, rejected } from './decision.js';
import { accountsAfter, movementsTo, resultingBalance } from './movements.js';
import { type LedgerState } from './state.js';
import { type Transfer } from './transfer.js';
import { type TransferVoided, type VoidRefused, type VoidRequest } from './transfer-events.js';

export interface VoidTransfer extends ActOnTransfer {
  readonly type: 'VoidTransfer';
  /** For whoever reads the audit trail. */
  readonly reason: string;
  readonly now: string;
}

/** Asked for by the ledger itself once `expiresAt` of a pending transfer has come. */
export interface ExpireTransfer {
  readonly type: 'ExpireTransfer';
  readonly transfer: string;
  readonly now: string;
}

export function voidTransfer(state: LedgerState, command: VoidTransfer): Decision {
  return onTransfer(state, command, (transfer, parts) => {
    const recordedAt = recordedAtOf(command.now, state.recordedAt);
    const { id, reason } = command;
    const request = { id, transfer: transfer.id, parts, reason, recordedAt };
    return happened(decideVoid(state, transfer, request));
  });
}

/** The fields in which a repeated request differs from the one recorded under the same id. */
export function voidDifferences(
  { data }: TransferVoided | VoidRefused,
  command: VoidTransfer,
): string[] {
  if (command.transfer !== data.transfer) return ['transfer'];
  return [
    ...differingParts(data.parts, command),
    ...(command.reason === data.reason ? [] : ['reason']),
  ];
}

/** Leaves what is not pending any more, or not yet over, unchanged: it may be asked for at any time. */
export function expireTransfer(state: LedgerState, command: ExpireTransfer): Decision {
  if (!state.header) return rejected('LEDGER_NOT_FOUND', 'There is no such ledger.');
  const recordedAt = recordedAtOf(command.now, state.recordedAt);
  const transfer = state.transfers.get(command.transfer);
  if (transfer?.state !== 'pending') return UNCHANGED;
  const { id, expiresAt } = transfer;
  if (expiresAt === null || !isOver(expiresAt, recordedAt)) return UNCHANGED;
  const released = unitsHeld(state, transfer);
  const data = { transfer: id, expiresAt, recordedAt, ...releasing(state, transfer, released) };
  return happened({ type: 'TransferExpired', data });
}

function decideVoid(
  state: LedgerState,
  transfer: Transfer,
  request: VoidRequest,
): TransferVoided | VoidRefused {
  const early = notPending(state, transfer, request.recordedAt);
  if (early) return { type: 'VoidRefused', data: { ...request, refusal: early } };
  const taken = unitsTaken(state, transfer, request.parts, ({ held }) => held);
  if (!taken) {
    const evidence = { transfer: transferSeen(transfer) };
    const why = refusal(state, 'AMOUNT_EXCEEDS_HELD', 'Less is held than asked for.', evidence);
    return { type: 'VoidRefused', data: { ...request, refusal: why } };
  }
  const data = { ...request, ...releasing(state, transfer, taken) };
  return { type: 'TransferVoided', data };
}

function releasing(state: LedgerState, transfer: Transfer, units: readonly MinorUnits[]) {
  const totals = totalsAfter(state, transfer, ({ held }, leg) => ({
    held: held - (units[leg] ?? 0n),
  }));
  const after = accountsAfter(state, movementsTo(state, transfer, totals));
  const released = sharesOf(state, transfer, units);
  return { released, totals, balances: after.map(resultingBalance) };
}
