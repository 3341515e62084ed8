// What a call sends. All messages of one turn go out in one write: a write costs more than a message.
import { type ServerHttp2Stream } from 'node:http2';
import { PREFIX_BYTES, writePrefix } from './framing.js';

export interface Outbox {
  readonly isEmpty: boolean;
  /** False once the receiver should be waited for. */
  send(message: Buffer): boolean;
  /** What waits to be written, for whoever writes it now. */
  take(): Buffer;
}

/** What waits goes out at the end of the turn, or at once when it comes to this. */
const WRITE_BYTES = 64 * 1024;
/** What one call may have waiting, here and in the stream, before its sender is told to wait. */
const WAITING_BYTES_MAX = 128 * 1024;

/** `beforeWriting` tells whether the stream can still be written to. */
export function createOutbox(stream: ServerHttp2Stream, beforeWriting: () => boolean): Outbox {
  let messages: Buffer[] = [];
  let bytes = 0;
  let isScheduled = false;
  const take = () => {
    const frames = Buffer.allocUnsafe(bytes);
    let at = 0;
    for (const message of messages) {
      writePrefix(frames, at, message.length);
      frames.set(message, at + PREFIX_BYTES);
      at += PREFIX_BYTES + message.length;
    }
    messages = [];
    bytes = 0;
    return frames;
  };
  const write = () => {
    isScheduled = false;
    if (bytes > 0 && beforeWriting()) stream.write(take());
  };
  return {
    get isEmpty() {
      return bytes === 0;
    },
    take,
    send: (message) => {
      messages.push(message);
      bytes += PREFIX_BYTES + message.length;
      if (bytes >= WRITE_BYTES) write();
      else if (!isScheduled) {
        isScheduled = true;
        process.nextTick(write);
      }
      return stream.writableLength + bytes < WAITING_BYTES_MAX;
    },
  };
}
