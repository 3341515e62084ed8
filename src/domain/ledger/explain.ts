// Explaining a recorded decision: deciding the same command again on the state before it, and showing
// everything that the decision looked at. A decision that does not come out the same is a finding.
import { type AccountSeen, InvariantViolation, type RefusalCode } from '../errors.js';
import { accountSeen } from './account-snapshot.js';
import { type Check, captureChecks, requestChecks, reversalChecks, voidChecks } from './checks.js';
import { type TransferCommand, decide } from './decide.js';
import { type Decision } from './decision.js';
import { decideInOrder } from './post-batch.js';
import { type DecidedEvent, commandOf, isDecided } from './recorded-command.js';
import { type LedgerState } from './state.js';
import { type Transfer, type TransferState, actedOn } from './transfer.js';
import { type TransferRequest } from './transfer-events.js';

/** Checks told of one decision; of a batch with more of them, passed ones are left off. */
export const CHECKS_MAX = 5_000;

export interface Explanation {
  readonly id: string;
  readonly kind: (typeof KINDS)[TransferCommand['type']];
  /** The batch, when the id is that of one of its transfers. */
  readonly batch?: string;
  /** Where the decision was recorded, and when. */
  readonly revision: number;
  readonly recordedAt: string;
  readonly outcome: Outcome;
  /** Whether the same command comes to the same event when it is decided again. */
  readonly agrees: boolean;
  /** When it does not: what was recorded, and what it comes to now. */
  readonly disagreement?: { readonly recorded: DecidedEvent; readonly decided: Decision | string };
  /** The state that the decision saw. */
  readonly state: {
    readonly revision: number;
    readonly closedThrough: string | null;
    /** Every account that was to be moved, or that a condition was about. */
    readonly accounts: readonly AccountSeen[];
  };
  /**
   * In the order in which refusals win; of a batch, transfer by transfer. None when the command cannot be
   * decided on this state.
   */
  readonly checks: readonly Check[];
  /** How many passed checks are not told, because there are too many. */
  readonly checksLeftOff?: number;
}

export type Outcome =
  /** Of the transfer; of an act, of the transfer that it acted on. */
  { readonly state: TransferState } | { readonly refusal: RefusalCode; readonly message: string };

const KINDS = {
  PostTransfer: 'transfer',
  ExchangeMoney: 'exchange',
  ReverseTransfer: 'reversal',
  CaptureTransfer: 'capture',
  VoidTransfer: 'void',
  PostBatch: 'batch',
} as const satisfies Record<TransferCommand['type'], string>;

/**
 * `state` is the one right before `event`, with the transfer that the event acted on; `id` is one that the
 * event decided: its own, or that of a transfer of a batch.
 */
export function explain(state: LedgerState, event: DecidedEvent, id: string): Explanation {
  const command = commandOf(event);
  const decided = decidedAgain(state, command);
  const agrees = isSame(decided, { kind: 'event', event });
  const isOfBatch = id !== command.id;
  const checks = checksOf(state, decided).filter(({ transfer }) => !isOfBatch || transfer === id);
  return {
    id,
    kind: KINDS[command.type],
    ...(isOfBatch && { batch: command.id }),
    revision: state.revision + 1,
    recordedAt: event.data.recordedAt,
    outcome: outcomeOf(state, event, id),
    agrees,
    ...(!agrees && { disagreement: { recorded: event, decided } }),
    state: {
      revision: state.revision,
      closedThrough: state.closedThrough,
      accounts: accountsSeen(state, event, isOfBatch ? id : undefined),
    },
    ...bounded(checks),
  };
}

function decidedAgain(state: LedgerState, command: TransferCommand): Decision | string {
  try {
    return decide(state, command);
  } catch (error) {
    if (error instanceof InvariantViolation) return error.message;
    throw error;
  }
}

function outcomeOf(state: LedgerState, event: DecidedEvent, id: string): Outcome {
  if ('refusal' in event.data) {
    const { code, message } = event.data.refusal;
    return { refusal: code, message };
  }
  switch (event.type) {
    case 'TransferHeld':
      return { state: 'pending' };
    case 'TransferCaptured':
    case 'TransferVoided': {
      const transfer = state.transfers.get(event.data.transfer);
      const { totals } = event.data;
      return { state: transfer ? actedOn(transfer, totals, event.type).state : 'posted' };
    }
    case 'BatchPosted': {
      const request = event.data.transfers.find((item) => item.id === id);
      return { state: request?.pending ? 'pending' : 'posted' };
    }
    default:
      return { state: 'posted' };
  }
}

// Of what the command comes to now: where that is what was recorded, it explains both.
function checksOf(state: LedgerState, decided: Decision | string): Check[] {
  if (typeof decided === 'string' || decided.kind !== 'event') return [];
  const { event } = decided;
  if (!isDecided(event)) return [];
  switch (event.type) {
    case 'TransferPosted':
    case 'TransferHeld':
    case 'TransferRefused': {
      const { reverses } = event.data;
      if (!reverses) return requestChecks(state, event.data);
      const transfer = state.transfers.get(reverses.transfer);
      const { parts } = reverses;
      return transfer ? reversalChecks(state, event.data, { transfer, parts }) : [];
    }
    case 'TransferCaptured':
    case 'CaptureRefused': {
      const transfer = state.transfers.get(event.data.transfer);
      return transfer ? captureChecks(state, transfer, event.data) : [];
    }
    case 'TransferVoided':
    case 'VoidRefused': {
      const transfer = state.transfers.get(event.data.transfer);
      return transfer ? voidChecks(state, transfer, event.data) : [];
    }
    case 'BatchPosted':
    case 'BatchRefused':
      return batchChecks(state, event.data.transfers);
  }
}

function batchChecks(state: LedgerState, requests: readonly TransferRequest[]): Check[] {
  const checks: Check[] = [];
  decideInOrder(state, requests, (before, { data }) => {
    for (const check of requestChecks(before, data)) checks.push({ transfer: data.id, ...check });
  });
  return checks;
}

function accountsSeen(
  state: LedgerState,
  { data }: DecidedEvent,
  itemOfBatch: string | undefined,
): AccountSeen[] {
  const addresses =
    'transfers' in data
      ? data.transfers.filter(({ id }) => (itemOfBatch ?? id) === id).flatMap(accountsOf)
      : 'transfer' in data
        ? accountsOf(state.transfers.get(data.transfer) ?? { legs: [] })
        : accountsOf(data);
  return [...new Set(addresses)].flatMap((address) => {
    const account = state.accounts.get(address);
    return account ? [accountSeen(account)] : [];
  });
}

function accountsOf({
  legs,
  conditions = [],
}: Pick<Transfer, 'legs'> & Pick<TransferRequest, 'conditions'>): string[] {
  return [
    ...legs.flatMap(({ debit, credit }) => [debit, credit]),
    ...conditions.map(({ account }) => account),
  ];
}

function bounded(checks: readonly Check[]): Pick<Explanation, 'checks' | 'checksLeftOff'> {
  if (checks.length <= CHECKS_MAX) return { checks };
  const failed = checks.filter(({ passed }) => !passed);
  const passed = checks.filter((check) => check.passed);
  const told = new Set([...failed, ...passed].slice(0, CHECKS_MAX));
  return {
    checks: checks.filter((check) => told.has(check)),
    checksLeftOff: checks.length - CHECKS_MAX,
  };
}

/** Whether two pieces of plain data are the same, in whatever order their keys were written. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  const [keys, otherKeys] = [Object.keys(one), Object.keys(other)];
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === otherKeys.length &&
    keys.every(
      (key) => Object.hasOwn(other, key) && isSame(Reflect.get(one, key), Reflect.get(other, key)),
    )
  );
}
