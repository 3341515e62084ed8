// How large one append may be, counted as EventStoreDB 24.6 counts: its limit holds for the data of
// all events together. A second, wider limit holds for everything, so that memory stays bounded.
import { type ProposedMessage } from './append-request.js';

/** Data of all events of one append; exactly as much is allowed. */
export const APPEND_DATA_BYTES_MAX = 1_048_576;

/** Data, metadata, types and bookkeeping of all events of one append. */
const APPEND_TOTAL_BYTES_MAX = 64 * 1_048_576;
const EVENT_OVERHEAD_BYTES = 256;

/** Adds up events; false once they are too large together. */
export function createAppendSize(): { add(event: ProposedMessage): boolean } {
  let data = 0;
  let total = 0;
  return {
    add: (event) => {
      const type = event.metadata.get('type') ?? '';
      data += event.data.length;
      total += event.data.length + event.customMetadata.length + 2 * type.length;
      total += EVENT_OVERHEAD_BYTES;
      return data <= APPEND_DATA_BYTES_MAX && total <= APPEND_TOTAL_BYTES_MAX;
    },
  };
}
