// The command that led to an event, as far as its decision depends on it: deciding it again on the state
// before the event has to come to the same event.
import { type CaptureTransfer } from './capture-transfer.js';
import { type TransferCommand } from './decide.js';
import { type LedgerEvent } from './events.js';
import { type ExchangeMoney } from './exchange-money.js';
import { type PostTransfer } from './post-transfer.js';
import { type ReverseTransfer } from './reverse-transfer.js';
import {
  type BatchPosted,
  type BatchRefused,
  type CaptureRequest,
  type Exchange,
  type RefusedEvent,
  type Reverses,
  type TransferEvent,
  type TransferExpired,
  type TransferRequest,
  type VoidRequest,
} from './transfer-events.js';
import { type WrittenTransfer } from './transfer-request.js';
import { type VoidTransfer } from './void-transfer.js';

/** An event that decided an id: of a transfer, a batch, or an act on a transfer. */
export type DecidedEvent = Exclude<TransferEvent, TransferExpired> | RefusedEvent;

export function isDecided(event: LedgerEvent): event is DecidedEvent {
  return DECIDED.has(event.type);
}

const DECIDED: ReadonlySet<string> = new Set<DecidedEvent['type']>([
  'TransferPosted',
  'TransferHeld',
  'TransferRefused',
  'TransferCaptured',
  'CaptureRefused',
  'TransferVoided',
  'VoidRefused',
  'BatchPosted',
  'BatchRefused',
]);

export function commandOf(event: DecidedEvent): TransferCommand {
  switch (event.type) {
    case 'TransferPosted':
    case 'TransferHeld':
    case 'TransferRefused':
      return transferCommand(event.data);
    case 'TransferCaptured':
    case 'CaptureRefused':
      return captureCommand(event.data);
    case 'TransferVoided':
    case 'VoidRefused':
      return voidCommand(event.data);
    case 'BatchPosted':
    case 'BatchRefused':
      return batchCommand(event.data);
  }
}

function transferCommand(request: TransferRequest): PostTransfer | ExchangeMoney | ReverseTransfer {
  const { exchange, reverses } = request;
  if (exchange) return exchangeCommand(request, exchange);
  if (reverses) return reverseCommand(request, reverses);
  return { type: 'PostTransfer', ...written(request), now: request.recordedAt };
}

function written(request: TransferRequest): WrittenTransfer {
  const { id, legs, effectiveAt, reference, description, metadata } = request;
  const { conditions = [], pending = null } = request;
  return { id, legs, effectiveAt, reference, description, metadata, conditions, pending };
}

function exchangeCommand(request: TransferRequest, exchange: Exchange): ExchangeMoney {
  const { id, effectiveAt, recordedAt, reference, description, metadata } = request;
  const { from, to, via, given, rate, source, rounding } = exchange;
  return {
    type: 'ExchangeMoney',
    ...{ id, from, to, via, given, rate, source, rounding },
    amount: exchange[given].amount,
    ...{ effectiveAt, reference, description, metadata },
    conditions: request.conditions ?? [],
    now: recordedAt,
  };
}

function reverseCommand(request: TransferRequest, reverses: Reverses): ReverseTransfer {
  const { id, effectiveAt, recordedAt, description, metadata } = request;
  const { transfer, parts, reason } = reverses;
  return {
    type: 'ReverseTransfer',
    ...{ id, transfer, amount: null, parts, reason },
    ...{ effectiveAt, description, metadata, now: recordedAt },
  };
}

function captureCommand(request: CaptureRequest): CaptureTransfer {
  const { id, transfer, parts, final, effectiveAt, recordedAt, description, metadata } = request;
  return {
    type: 'CaptureTransfer',
    ...{ id, transfer, amount: null, parts, final },
    ...{ effectiveAt, description, metadata, now: recordedAt },
  };
}

function voidCommand({ id, transfer, parts, reason, recordedAt }: VoidRequest): VoidTransfer {
  return { type: 'VoidTransfer', id, transfer, amount: null, parts, reason, now: recordedAt };
}

function batchCommand({ id, transfers, recordedAt }: (BatchPosted | BatchRefused)['data']) {
  return {
    type: 'PostBatch',
    id,
    transfers: transfers.map((request) => written(request)),
    now: recordedAt,
  } as const;
}
