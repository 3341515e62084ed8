// Capturing, voiding, expiring and reversing in the books.
import { type CaptureTransfer } from '../../src/domain/ledger/capture-transfer.js';
import { type ReverseTransfer } from '../../src/domain/ledger/reverse-transfer.js';
import { type Leg } from '../../src/domain/ledger/transfer-events.js';
import { type ExpireTransfer, type VoidTransfer } from '../../src/domain/ledger/void-transfer.js';
import {
  type Step,
  type Told,
  balancesAt,
  decidedBefore,
  happens,
  rejected,
  timeOf,
  unchanged,
} from './answer.js';
import {
  type Books,
  type Transfer,
  stateOf,
  transferOf,
  unitsOf,
  withAccounts,
  withTransfer,
  written,
} from './books.js';
import { amountProblem, idProblem } from './problems.js';
import { type Refused, brokenRule, isOver, untimely } from './refusals.js';
import { type Wanted, attempt, touchedBy, transferAs } from './transfers.js';

type Act = CaptureTransfer | VoidTransfer | ReverseTransfer;

/** Decides an act on the transfer that it names; `asked` is null for all that is left. */
function onTransfer(
  books: Books,
  command: Act,
  act: (transfer: Transfer, asked: readonly bigint[] | null) => Step,
): Step {
  if (!books.rules) return rejected(books, 'LEDGER_NOT_FOUND');
  const before = decidedBefore(books, command.id, command);
  if (before) return before;
  if (idProblem(command.id) !== undefined) return rejected(books, 'INVALID_TRANSFER');
  const transfer = transferOf(books, command.transfer);
  if (!transfer) return rejected(books, 'TRANSFER_NOT_FOUND');
  const { legs } = transfer;
  const { amount, parts } = command;
  if (amount !== null && (parts !== null || legs.length > 1)) {
    return rejected(books, 'INVALID_TRANSFER');
  }
  const asked = amount === null ? parts : [{ leg: 0, amount }];
  if (asked === null) return act(transfer, null);
  if (asked.length === 0) return rejected(books, 'INVALID_TRANSFER');
  for (const [index, part] of asked.entries()) {
    const leg = legs[part.leg];
    const again = asked.findIndex((other) => other.leg === part.leg) < index;
    if (!leg || again) return rejected(books, 'INVALID_TRANSFER');
    const problem = amountProblem(part.amount, leg.currency);
    if (problem !== undefined) return rejected(books, problem);
  }
  return act(
    transfer,
    legs.map(({ currency }, index) => {
      const part = asked.find(({ leg }) => leg === index);
      return (part && unitsOf(part.amount, currency)) ?? 0n;
    }),
  );
}

/** Undefined when it is more than there is, or nothing at all. */
function taken(asked: readonly bigint[] | null, left: readonly bigint[]) {
  const units = asked ?? left;
  const fits = units.every((some, index) => some <= (left[index] ?? 0n));
  return fits && units.some((some) => some > 0n) ? units : undefined;
}

function notPending(transfer: Transfer, recordedAt: string): Refused | undefined {
  const state = stateOf(transfer);
  if (state === 'expired') return { code: 'TRANSFER_EXPIRED' };
  if (state !== 'pending') return { code: 'TRANSFER_NOT_PENDING' };
  return isOver(transfer.expiresAt, recordedAt) ? { code: 'TRANSFER_EXPIRED' } : undefined;
}

/** Takes some of what is held, and posts it or releases it. */
function letGo(
  books: Books,
  transfer: Transfer,
  { posts, releases }: Readonly<Record<'posts' | 'releases', readonly bigint[]>>,
  end = transfer.end,
): { readonly after: Books; readonly touched: readonly string[] } {
  const legs = transfer.legs.map((leg, index) => {
    const [posted, released] = [posts[index] ?? 0n, releases[index] ?? 0n];
    return { ...leg, posted: leg.posted + posted, held: leg.held - posted - released };
  });
  const entries = transfer.legs.flatMap((leg, index) => {
    const units = posts[index] ?? 0n;
    return units > 0n ? [{ ...leg, units }] : [];
  });
  const touched = touchedBy(
    transfer.legs.filter((_leg, index) => (posts[index] ?? 0n) + (releases[index] ?? 0n) > 0n),
  );
  const changed = withTransfer(books, { ...transfer, legs, end });
  const after = { ...changed, entries: [...books.entries, ...entries] };
  return { after: withAccounts(after, touched, () => ({})), touched };
}

function totalsOf(books: Books, id: string): Required<Told>['totals'] {
  return (transferOf(books, id)?.legs ?? []).map(({ held, posted, reversed, currency }) => [
    ...([written(held, currency), written(posted, currency), written(reversed, currency)] as const),
  ]);
}

function movedBy(legs: Transfer['legs'], units: readonly bigint[]): Required<Told>['moved'] {
  return legs.flatMap(({ debit, credit, currency }, index) => {
    const some = units[index] ?? 0n;
    return some > 0n ? [[debit, credit, written(some, currency)] as const] : [];
  });
}

const heldOf = ({ legs }: Transfer) => legs.map(({ held }) => held);

export function capture(books: Books, command: CaptureTransfer): Step {
  return onTransfer(books, command, (transfer, asked) => {
    const recordedAt = timeOf(command, books);
    const refuse = (refused: Refused) =>
      happens(command, [command.id], { before: books }, { type: 'CaptureRefused', refused });
    const early = notPending(transfer, recordedAt);
    if (early) return refuse(early);
    const posts = taken(asked, heldOf(transfer));
    if (!posts) return refuse({ code: 'AMOUNT_EXCEEDS_HELD' });
    const releases = transfer.legs.map(({ held }, index) =>
      command.final ? held - (posts[index] ?? 0n) : 0n,
    );
    const { after, touched } = letGo(books, transfer, { posts, releases });
    const times = { recordedAt, effectiveAt: command.effectiveAt ?? recordedAt };
    const refused = untimely(books, times) ?? brokenRule(books, after, touched);
    if (refused) return refuse(refused);
    return happens(
      command,
      [command.id],
      { before: books, after },
      {
        type: 'TransferCaptured',
        balances: balancesAt(after, touched),
        totals: totalsOf(after, transfer.id),
        moved: movedBy(transfer.legs, posts),
      },
    );
  });
}

export function release(books: Books, command: VoidTransfer): Step {
  return onTransfer(books, command, (transfer, asked) => {
    const refuse = (refused: Refused) =>
      happens(command, [command.id], { before: books }, { type: 'VoidRefused', refused });
    const early = notPending(transfer, timeOf(command, books));
    if (early) return refuse(early);
    const releases = taken(asked, heldOf(transfer));
    if (!releases) return refuse({ code: 'AMOUNT_EXCEEDS_HELD' });
    const { after, touched } = letGo(books, transfer, { posts: [], releases }, 'voided');
    return happens(
      command,
      [command.id],
      { before: books, after },
      {
        type: 'TransferVoided',
        balances: balancesAt(after, touched),
        totals: totalsOf(after, transfer.id),
      },
    );
  });
}

export function expire(books: Books, command: ExpireTransfer): Step {
  if (!books.rules) return rejected(books, 'LEDGER_NOT_FOUND');
  const transfer = transferOf(books, command.transfer);
  if (!transfer || stateOf(transfer) !== 'pending') return unchanged(books);
  if (!isOver(transfer.expiresAt, timeOf(command, books))) return unchanged(books);
  const { after, touched } = letGo(
    books,
    transfer,
    { posts: [], releases: heldOf(transfer) },
    'expired',
  );
  return happens(
    command,
    [],
    { before: books, after },
    {
      type: 'TransferExpired',
      balances: balancesAt(after, touched),
      totals: totalsOf(after, transfer.id),
    },
  );
}

export function reverse(books: Books, command: ReverseTransfer): Step {
  return onTransfer(books, command, (transfer, asked) => {
    const recordedAt = timeOf(command, books);
    const backwards = (units: readonly bigint[]): Leg[] =>
      transfer.legs.flatMap(({ debit, credit, currency }, index) => {
        const some = units[index] ?? 0n;
        const amount = written(some, currency);
        return some > 0n ? [{ debit: credit, credit: debit, amount, currency }] : [];
      });
    const wanted = (legs: readonly Leg[]): Wanted => ({
      ...{ id: command.id, legs, recordedAt, reference: null, conditions: [], pending: null },
      effectiveAt: command.effectiveAt ?? recordedAt,
    });
    const refuse = (refused: Refused, units: readonly bigint[]) => {
      const kept = transferAs(wanted(backwards(units)), 'refused', true);
      const states = { before: books, after: withTransfer(books, kept) };
      return happens(command, [command.id], states, { type: 'TransferRefused', refused });
    };
    const hasPosted = transfer.legs.some(({ posted }) => posted > 0n);
    if (!hasPosted || transfer.isReversal) {
      return refuse({ code: 'TRANSFER_NOT_REVERSIBLE' }, asked ?? []);
    }
    const left = transfer.legs.map(({ posted, reversed }) => posted - reversed);
    const units = taken(asked, left);
    if (!units) return refuse({ code: 'AMOUNT_EXCEEDS_POSTED' }, asked ?? []);
    const legs = transfer.legs.map((leg, index) => ({
      ...leg,
      reversed: leg.reversed + (units[index] ?? 0n),
    }));
    const outcome = attempt(books, wanted(backwards(units)), true);
    if ('refused' in outcome) return refuse(outcome.refused, units);
    const after = withTransfer(outcome.after, { ...transfer, legs });
    return happens(
      command,
      [command.id],
      { before: books, after },
      {
        type: 'TransferPosted',
        balances: balancesAt(after, touchedBy(backwards(units))),
        totals: totalsOf(after, transfer.id),
        moved: backwards(units).map(({ debit, credit, amount }) => [debit, credit, amount]),
      },
    );
  });
}
