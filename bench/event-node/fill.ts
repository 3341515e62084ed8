// Writes a log of many events, in a process of its own so that its memory is nobody's: the number of
// events and the folder are its arguments. Writes as the node does, but through no client.
import { randomFillSync } from 'node:crypto';
import { openNodeStore } from '../../src/embedded/event-node/store/node-store.js';
import { dataAt, EVENT_TYPE } from './client/events.js';

const APPEND_EVENTS = 500;
/** What the streams that are written in turn come to. */
const STREAMS = 10_000;
const IN_FLIGHT = 8;
const ID_BYTES = 16;

const count = Number(process.argv[2]);
const dataDir = process.argv[3] ?? '';
const store = await openNodeStore({
  dataDir,
  // What is measured is what the log needs once it is there.
  isDurable: false,
  instanceId: Buffer.alloc(ID_BYTES, 1),
  onFailure: (error) => {
    throw error;
  },
});
let appended = 0;
const writer = async () => {
  while (appended < count) {
    const first = appended;
    const length = Math.min(APPEND_EVENTS, count - first);
    appended += length;
    const stream = `account-${Math.floor(first / APPEND_EVENTS) % STREAMS}`;
    const events = Array.from({ length }, (_, n) => eventAt(first + n));
    await store.append({ stream, expected: 'any', events });
  }
};
await Promise.all(Array.from({ length: IN_FLIGHT }, writer));
await store.close();

function eventAt(number: number) {
  return {
    id: randomFillSync(Buffer.allocUnsafe(ID_BYTES)),
    type: EVENT_TYPE,
    isJson: true,
    data: Buffer.from(JSON.stringify(dataAt(number))),
    metadata: Buffer.alloc(0),
  };
}
