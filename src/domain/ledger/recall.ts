// Which transfer a command acts on that the state does not hold: only pending ones are kept in memory,
// any other has to be read again from the log before the command is decided.
import { type LedgerCommand } from './decide.js';
import { type LedgerState } from './state.js';

/** Where the log tells of a transfer. */
export interface Recall {
  readonly id: string;
  /** Revision of the event that decided it. */
  readonly decidedAt: number;
  /** Revision of the last event that acted on it. */
  readonly actedAt: number | undefined;
}

/** Undefined when the command can be decided as the state is. See `transferFrom` for what to make of it. */
export function transferToRecall(state: LedgerState, command: LedgerCommand): Recall | undefined {
  const id = transferNamed(command);
  if (id === undefined || state.transfers.get(id)) return undefined;
  const decidedAt = state.decidedAt.get(id);
  return decidedAt === undefined ? undefined : { id, decidedAt, actedAt: state.actedAt.get(id) };
}

function transferNamed(command: LedgerCommand): string | undefined {
  switch (command.type) {
    case 'CaptureTransfer':
    case 'VoidTransfer':
    case 'ReverseTransfer':
      return command.transfer;
    default:
      return undefined;
  }
}
