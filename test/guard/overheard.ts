// What clients ask of the stores, counted on the wire: nothing that a layer above says or hides counts.
import { type Overhearing } from '../support/tcp-proxy.js';

/** HTTP/2: a frame has nine bytes before its content, three of which are the length of that. */
const FRAME_HEADER_BYTES = 9;
/** What a client begins an HTTP/2 connection with. */
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const DATA_FRAME = 0;
const HEADERS_FRAME = 1;
/** gRPC: a message has five bytes before its content, the last four are the length of that. */
const GRPC_HEADER_BYTES = 5;

export interface EventStoreTraffic {
  /** Reads and subscriptions are one each; appends are messages of one long call. */
  calls: number;
  /** In all calls. */
  messages: number;
  bytes: number;
}

/** Counts from the beginning on. */
export function eventStoreTraffic(): { traffic: EventStoreTraffic; overhearing: Overhearing } {
  const traffic = { calls: 0, messages: 0, bytes: 0 };
  const countMessage = (message: Buffer) => {
    traffic.messages += 1;
    traffic.bytes += message.length;
  };
  const overhearing = () => {
    const calls = new Map<number, (content: Buffer) => void>();
    return cutting(FRAME_HEADER_BYTES, frameBytes, (frame) => {
      if (isPreface(frame)) return;
      const [type, call] = [frame.readUInt8(3), frame.readUInt32BE(5)];
      if (type === HEADERS_FRAME && !calls.has(call)) {
        traffic.calls += 1;
        calls.set(call, cutting(GRPC_HEADER_BYTES, grpcBytes, countMessage));
      }
      if (type === DATA_FRAME) calls.get(call)?.(frame.subarray(FRAME_HEADER_BYTES));
    });
  };
  return { traffic, overhearing };
}

const isPreface = (bytes: Buffer) => bytes.toString('latin1', 0, 3) === PREFACE.slice(0, 3);
const frameBytes = (bytes: Buffer) =>
  isPreface(bytes) ? PREFACE.length : FRAME_HEADER_BYTES + bytes.readUIntBE(0, 3);
const grpcBytes = (bytes: Buffer) => GRPC_HEADER_BYTES + bytes.readUInt32BE(1);

/** Postgres: a letter and four bytes of length, which count themselves; the very first has no letter. */
const POSTGRES_HEADER_BYTES = 5;

export interface PostgresTraffic {
  /** Times that a client waited for the server. */
  roundTrips: number;
  /** The statements carried out, as they were written. */
  statements: string[];
  /** Of those, how many the server had to read and understand first. */
  parsed: number;
}

/** Counts what clients of one name ask, from the beginning on. */
export function postgresTraffic(applicationName: string): {
  traffic: PostgresTraffic;
  overhearing: Overhearing;
} {
  const traffic: PostgresTraffic = { roundTrips: 0, statements: [], parsed: 0 };
  const overhearing = () => {
    const prepared = new Map<string, string>();
    let isCounted = false;
    return cutting(POSTGRES_HEADER_BYTES, postgresBytes, (message) => {
      const texts = message.toString('utf8', POSTGRES_HEADER_BYTES).split('\0');
      const [first = '', second = ''] = texts;
      const kind = String.fromCharCode(message.readUInt8(0));
      if (kind === '\0') isCounted = texts.includes(applicationName);
      if (!isCounted) return;
      if (kind === 'P') prepared.set(first, second);
      if (kind === 'P') traffic.parsed += 1;
      if (kind === 'B') traffic.statements.push(prepared.get(second) ?? '');
      if (kind === 'Q') traffic.statements.push(first);
      if (kind === 'Q' || kind === 'S') traffic.roundTrips += 1;
    });
  };
  return { traffic, overhearing };
}

const postgresBytes = (bytes: Buffer) =>
  bytes.readUInt8(0) === 0 ? bytes.readUInt32BE(0) : 1 + bytes.readUInt32BE(1);

/** Cuts what comes in pieces of any size into messages that tell their length at their beginning. */
function cutting(
  headerBytes: number,
  bytesOf: (beginning: Buffer) => number,
  onMessage: (message: Buffer) => void,
): (piece: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (piece) => {
    rest = Buffer.concat([rest, piece]);
    while (rest.length >= headerBytes && rest.length >= bytesOf(rest)) {
      const bytes = bytesOf(rest);
      onMessage(rest.subarray(0, bytes));
      rest = rest.subarray(bytes);
    }
  };
}
