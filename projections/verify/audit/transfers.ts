// Transfers that were made, and what acts on them: whether they were allowed, what they did to accounts,
// and whether that is what they recorded.
import {
  type BatchPosted,
  type Leg,
  type TransferCaptured,
  type TransferExpired,
  type TransferHeld,
  type TransferPosted,
  type TransferRequest,
  type TransferVoided,
} from '../../../src/domain/ledger/transfer-events.js';
import { type TransferHistory } from '../transfer-histories.js';
import { textOf, unitsOf } from './amounts.js';
import { type Auditing } from './ledger.js';
import { type Movement, checkBalances, settle } from './settle.js';
import { type AuditedTransfer, auditedTransfer, checkTotals } from './transfer.js';
import { checkTime, checkWishes } from './wishes.js';

export function auditTransfer(
  at: Auditing,
  { type, data }: TransferPosted | TransferHeld,
  history: TransferHistory | undefined,
): void {
  const { reverses } = data;
  if (type === 'TransferPosted' && reverses) {
    const reversed = auditedTransfer(at, reverses.transfer, history);
    if (reversed.isReversal) {
      at.tell({ what: 'reversal', expected: 'of a transfer', found: 'of a reversal' });
    }
    data.legs.forEach((leg, index) => {
      const share = {
        ...leg,
        leg: reverses.legs[index] ?? -1,
        debit: leg.credit,
        credit: leg.debit,
      };
      take(at, reversed, share, 'reverse');
    });
    checkTotals(at, reversed, data.totals ?? []);
  }
  make(at, data, 0, type === 'TransferHeld');
  checkBalances(at, touchedBy(data.legs), data.balances);
}

export function auditBatch(at: Auditing, { transfers, balances }: BatchPosted['data']): void {
  transfers.forEach((request, index) => make(at, request, index, request.pending !== undefined));
  checkBalances(at, touchedBy(transfers.flatMap(({ legs }) => legs)), balances);
}

function make(at: Auditing, request: TransferRequest, batchIndex: number, isHeld: boolean): void {
  checkWishes(at, request);
  const effect = isHeld ? HOLD : POST;
  settle(
    at,
    batchIndex,
    request.legs.map((leg, index) => ({ ...leg, leg: index, ...effect })),
  );
}

const POST = { posted: 1n, held: 0n } as const;
const HOLD = { posted: 0n, held: 1n } as const;
const CAPTURE = { posted: 1n, held: -1n } as const;
const RELEASE = { posted: 0n, held: -1n } as const;

export function auditAct(
  at: Auditing,
  { type, data }: TransferCaptured | TransferVoided | TransferExpired,
  history: TransferHistory | undefined,
): void {
  const transfer = auditedTransfer(at, data.transfer, history);
  checkInTime(at, type, transfer, data.recordedAt);
  const captured = type === 'TransferCaptured' ? data.legs : [];
  if (type === 'TransferCaptured') checkTime(at, data);
  for (const share of captured) take(at, transfer, share, 'capture');
  for (const share of data.released) take(at, transfer, share, 'release');
  if (type === 'TransferExpired' && transfer.legs.some(({ totals }) => totals.held !== 0n)) {
    at.tell({ what: 'expiry', expected: 'nothing held any more', found: 'something held' });
  }
  checkTotals(at, transfer, data.totals);
  const movements: Movement[] = [
    ...captured.map((share) => ({ ...share, ...CAPTURE })),
    ...data.released.map((share) => ({ ...share, ...RELEASE })),
  ];
  settle(at, 0, movements);
  checkBalances(at, touchedBy(movements), data.balances);
}

// Nothing is captured or voided once it is over, and nothing expires before.
function checkInTime(
  { tell }: Auditing,
  type: string,
  { expiresAt }: AuditedTransfer,
  recordedAt: string,
): void {
  const isOver = expiresAt !== null && recordedAt >= expiresAt;
  if (isOver === (type === 'TransferExpired')) return;
  const expected = isOver ? 'nothing after it expired' : 'no expiry yet';
  tell({ what: 'expiry', expected, found: `${type} at ${recordedAt}, over at ${expiresAt}` });
}

/** A share of a leg of the transfer; of a reversal, seen from the transfer that is turned back. */
interface Share extends Leg {
  readonly leg: number;
}

function take(
  { tell }: Auditing,
  { id, legs }: AuditedTransfer,
  share: Share,
  effect: 'capture' | 'release' | 'reverse',
): void {
  const leg = legs[share.leg];
  const found = `${share.debit} to ${share.credit} in ${share.currency}`;
  const expected = leg ? `${leg.debit} to ${leg.credit} in ${leg.currency}` : 'no such leg';
  if (!leg || found !== expected) {
    return tell({ what: `leg ${share.leg} of ${id}`, expected, found });
  }
  const { totals, scale } = leg;
  const units = unitsOf(share.amount, scale);
  const left = effect === 'reverse' ? totals.posted - totals.reversed : totals.held;
  if (units > left) {
    const what = `${effect} of leg ${share.leg} of ${id}`;
    tell({ what, expected: `at most ${textOf(left, scale)}`, found: share.amount });
  }
  if (effect === 'reverse') totals.reversed += units;
  else totals.held -= units;
  if (effect === 'capture') totals.posted += units;
}

function touchedBy(legs: readonly Pick<Leg, 'debit' | 'credit'>[]): Set<string> {
  return new Set(legs.flatMap(({ debit, credit }) => [debit, credit]));
}
