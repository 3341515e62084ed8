// Messages in the stream of bytes of a call: one byte that says whether the message is compressed,
// four that say how long it is, and the message.
import { gunzipSync, inflateSync } from 'node:zlib';
import { GrpcError } from '../errors.js';
import { EMPTY } from '../protobuf.js';
import { STATUS } from './status.js';

/** What the real server takes. */
export const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
export const PREFIX_BYTES = 5;

/** The prefix of a message that is not compressed. */
export function writePrefix(into: Buffer, at: number, messageLength: number): void {
  into[at] = 0;
  into.writeUInt32BE(messageLength, at + 1);
}

export interface FrameReader {
  /** Takes what came, and tells of the messages that are whole. Throws a GrpcError. */
  push(chunk: Buffer): void;
  /** No more will come: throws a GrpcError if a message lacks its end. */
  end(): void;
}

/** What is gathered of a message goes into one buffer, that grows: pieces can be single bytes. */
const GATHERED_BYTES_MIN = 64 * 1024;

/** Messages are views of what came, if they came in one piece. */
export function createFrameReader(
  encoding: string,
  onMessage: (message: Buffer) => void,
): FrameReader {
  /** Its first `held` bytes are the beginning of a message, of which `needed` are the whole. */
  let gathered: Buffer = EMPTY;
  let held = 0;
  let needed = PREFIX_BYTES;
  const readAll = (bytes: Buffer) => {
    let at = 0;
    needed = PREFIX_BYTES;
    while (bytes.length - at >= PREFIX_BYTES) {
      const end = at + PREFIX_BYTES + checkedLength(bytes.readUInt32BE(at + 1));
      needed = end - at;
      if (end > bytes.length) break;
      const message = bytes.subarray(at + PREFIX_BYTES, end);
      onMessage(bytes[at] === 0 ? message : decompressed(message, encoding));
      at = end;
      needed = PREFIX_BYTES;
    }
    gathered = at === bytes.length ? EMPTY : bytes.subarray(at);
    held = gathered.length;
  };
  const gather = (chunk: Buffer) => {
    const length = held + chunk.length;
    if (length > gathered.length) {
      const roomy = Math.max(2 * gathered.length, GATHERED_BYTES_MIN);
      const larger = Buffer.allocUnsafe(Math.max(length, Math.min(needed, roomy)));
      gathered.copy(larger, 0, 0, held);
      gathered = larger;
    }
    chunk.copy(gathered, held);
    held = length;
  };
  return {
    push: (chunk) => {
      if (held === 0) return readAll(chunk);
      gather(chunk);
      if (held >= needed) readAll(gathered.subarray(0, held));
    },
    end: () => {
      if (held > 0) throw new GrpcError(STATUS.INTERNAL, 'Incomplete message.');
    },
  };
}

function checkedLength(length: number): number {
  if (length <= MESSAGE_BYTES_MAX) return length;
  throw tooLong();
}

const tooLong = () =>
  new GrpcError(
    STATUS.RESOURCE_EXHAUSTED,
    'Received message exceeds the maximum configured message size.',
  );

function decompressed(message: Buffer, encoding: string): Buffer {
  const limits = { maxOutputLength: MESSAGE_BYTES_MAX };
  try {
    if (encoding === 'gzip') return gunzipSync(message, limits);
    if (encoding === 'deflate') return inflateSync(message, limits);
  } catch (error) {
    const isTooLong = (error as NodeJS.ErrnoException).code === TOO_LONG;
    throw isTooLong ? tooLong() : new GrpcError(STATUS.INTERNAL, 'Failed to decompress message');
  }
  throw new GrpcError(STATUS.UNIMPLEMENTED, `Unsupported message encoding '${encoding}'`);
}

const TOO_LONG = 'ERR_BUFFER_TOO_LARGE';
