// Transfers as the read side keeps them: decided once, and acted on for as long as there is anything
// left of their legs. What became of each leg is added up here, and must be what the event recorded.
import {
  type Leg,
  type LegTotals,
  type TransferRequest,
} from '../../src/domain/ledger/transfer-events.js';
import { type TransferState } from '../../src/domain/ledger/transfer.js';
import { formatAmount, toMinorUnits } from '../../src/domain/money.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { placeOf } from './account-books.js';
import { type TransferBook } from './booking.js';
import { type Books, keyIn } from './touched.js';
import { type Touching } from './shifts.js';
import { violation } from './violation.js';

/** How a transfer came into being. */
export interface Outcome {
  readonly state: 'posted' | 'pending' | 'refused';
  readonly batch?: TransferBook['batch'];
  readonly refusal?: TransferBook['refusal'];
}

export function decidedTransfer(
  recorded: RecordedEvent,
  request: TransferRequest,
  { state, batch = null, refusal = null }: Outcome,
): TransferBook {
  const totals = request.legs.map(({ amount }) => {
    const none = zeroLike(amount);
    return {
      held: state === 'pending' ? amount : none,
      posted: state === 'posted' ? amount : none,
      reversed: none,
    };
  });
  const { ledger, position: statePosition } = recorded;
  return { ledger, request, state, totals, batch, refusal, ...placeOf(recorded), statePosition };
}

/** What an act takes from a leg of the transfer that it acts on. */
export interface Taking {
  readonly number: number;
  readonly leg: Leg;
  readonly effect: 'capture' | 'release' | 'reverse';
}

/** What each leg has of each total afterwards, in shares of the amount taken. */
const EFFECTS = {
  capture: { held: -1n, posted: 1n, reversed: 0n },
  release: { held: -1n, posted: 0n, reversed: 0n },
  reverse: { held: 0n, posted: 0n, reversed: 1n },
} as const;

export function transferActedOn(books: Books, recorded: RecordedEvent, id: string): TransferBook {
  const transfer = books.transfers.get(keyIn(recorded.ledger, id));
  if (!transfer) throw violation(recorded, `there is no transfer ${id} to act on`);
  return transfer;
}

/** The transfer after an act; the accounts of the legs taken from are among those touched. */
export function actedOn(
  { recorded, touched }: Touching,
  transfer: TransferBook,
  takings: readonly Taking[],
  totalsRecorded: readonly LegTotals[],
): TransferBook {
  const totals = [...transfer.totals];
  for (const taking of takings) {
    const leg = transfer.request.legs[taking.number];
    const before = totals[taking.number];
    const scale = touched.get(taking.leg.debit)?.scale;
    if (!leg || !before || scale === undefined || !isShareOf(leg, taking)) {
      throw violation(recorded, `leg ${taking.number} of ${transfer.request.id} is another one`);
    }
    const units = toMinorUnits(taking.leg.amount, scale);
    const after = (which: keyof LegTotals) =>
      toMinorUnits(before[which], scale) + EFFECTS[taking.effect][which] * units;
    if (after('held') < 0n || after('reversed') > after('posted')) {
      throw violation(recorded, `it takes more than is left of leg ${taking.number}`);
    }
    const written = (which: keyof LegTotals) => formatAmount(after(which), scale);
    totals[taking.number] = {
      ...{ held: written('held'), posted: written('posted'), reversed: written('reversed') },
    };
  }
  if (!agree(totals, totalsRecorded)) {
    throw violation(
      recorded,
      `it records other totals of ${transfer.request.id} than the log gives`,
    );
  }
  return {
    ...transfer,
    totals,
    state: stateOf(recorded, totals),
    statePosition: recorded.position,
  };
}

function stateOf({ event }: RecordedEvent, totals: readonly LegTotals[]): TransferState {
  const some = (which: keyof LegTotals) => totals.some((total) => /[1-9]/.test(total[which]));
  if (some('held')) return 'pending';
  if (some('posted')) return 'posted';
  return event.type === 'TransferExpired' ? 'expired' : 'voided';
}

// A reversal goes the other way.
function isShareOf({ debit, credit, currency }: Leg, { leg: share, effect }: Taking): boolean {
  const [from, to] = effect === 'reverse' ? [credit, debit] : [debit, credit];
  return share.debit === from && share.credit === to && share.currency === currency;
}

function agree(totals: readonly LegTotals[], recorded: readonly LegTotals[]): boolean {
  return (
    totals.length === recorded.length &&
    totals.every(({ held, posted, reversed }, index) => {
      const other = recorded[index];
      return other?.held === held && other.posted === posted && other.reversed === reversed;
    })
  );
}

/** Nothing, with the decimals of an amount. */
function zeroLike(amount: string): string {
  return amount.replace(/^\d+/, '0').replace(/[1-9]/g, '0');
}
