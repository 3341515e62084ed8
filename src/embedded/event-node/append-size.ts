// How large one append may be, counted as EventStoreDB 24.6 counts: its limit holds for the data of
// all events together. A second, wider limit holds for everything, and all appends that were begun
// share the memory there is for them, so that it stays bounded.
import { type AppendMemory } from './append-memory.js';
import { type ProposedMessage } from './append-request.js';

/** Data of all events of one append; exactly as much is allowed. */
export const APPEND_DATA_BYTES_MAX = 1_048_576;

/** So much each may take whatever the others take, so that small appends always find room. */
const OWN_BYTES = 262_144;

/** The messages and bookkeeping of all events of one append. */
const APPEND_TOTAL_BYTES_MAX = 64 * 1_048_576;
const EVENT_OVERHEAD_BYTES = 256;

export interface AppendSize {
  /** False once they are too large together. Throws UNAVAILABLE if all appends are. */
  add(event: ProposedMessage): boolean;
  /** The append is complete, or given up. */
  release(): void;
}

/** Adds up the events of one append. */
export function createAppendSize(memory: AppendMemory): AppendSize {
  let data = 0;
  let total = 0;
  let shared = 0;
  return {
    add: (event) => {
      data += event.data.length;
      total += event.heldBytes + EVENT_OVERHEAD_BYTES;
      const more = Math.max(total - OWN_BYTES - shared, 0);
      memory.take(more);
      shared += more;
      return data <= APPEND_DATA_BYTES_MAX && total <= APPEND_TOTAL_BYTES_MAX;
    },
    release: () => {
      memory.giveBack(shared);
      shared = 0;
    },
  };
}
