// What a caller is told whose request differs from the one that was decided under the same id.
import { type Rejection } from '../../domain/errors.js';
import { type LedgerCommand } from '../../domain/ledger/decide.js';
import { type LedgerEvent } from '../../domain/ledger/events.js';

/** `event` is what was recorded, `differing` the fields that `differences` found. */
export function reused(
  command: LedgerCommand,
  event: LedgerEvent,
  differing: readonly string[],
): Rejection {
  const { code, message } = rejectionOf(command);
  const another = differing.includes('type') ? anotherKind(command, event) : undefined;
  const fields = differing.map((field) => ({
    field,
    problem: another ?? 'differs from what was recorded',
    expected: 'the same request again, or another id',
  }));
  return { code, message: another ? `${another}.` : message, fields };
}

function rejectionOf({ type }: LedgerCommand): Pick<Rejection, 'code' | 'message'> {
  switch (type) {
    case 'OpenLedger':
      return { code: 'LEDGER_EXISTS', message: 'The ledger exists and was opened differently.' };
    case 'OpenAccount':
      return { code: 'ACCOUNT_EXISTS', message: 'The account exists and was opened differently.' };
    default:
      return {
        code: 'TRANSFER_ID_REUSED',
        message: 'A different request was recorded under this id.',
      };
  }
}

function anotherKind(command: LedgerCommand, event: LedgerEvent): string {
  return `Under this id ${kindOf(command, event)} was recorded, which is another kind of request`;
}

function kindOf(command: LedgerCommand, event: LedgerEvent): string {
  switch (event.type) {
    case 'TransferPosted':
    case 'TransferHeld':
    case 'TransferRefused':
      if (event.data.reverses) return 'a reversal';
      return event.data.exchange ? 'an exchange' : 'a transfer';
    case 'TransferCaptured':
    case 'CaptureRefused':
      return 'a capture';
    case 'TransferVoided':
    case 'VoidRefused':
      return 'a void';
    case 'BatchPosted':
    case 'BatchRefused':
      return 'id' in command && command.id === event.data.id ? 'a batch' : 'a transfer of a batch';
    default:
      return event.type;
  }
}
