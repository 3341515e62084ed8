import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createFrameReader, MESSAGE_BYTES_MAX, PREFIX_BYTES, writePrefix } from './framing.js';
import { STATUS } from './status.js';

const frameOf = (message: Buffer, isCompressed = false) => {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  writePrefix(prefix, 0, message.length);
  prefix[0] = isCompressed ? 1 : 0;
  return Buffer.concat([prefix, message]);
};

function read(chunks: readonly Buffer[], encoding = 'identity'): Buffer[] {
  const messages: Buffer[] = [];
  const reader = createFrameReader(encoding, (message) => messages.push(message));
  for (const chunk of chunks) reader.push(chunk);
  return messages;
}

/** Of what is garbage: a piece that is kept takes some 100 bytes. */
const HEAP_BYTES_MAX = 40_000_000;

const codeOf = (work: () => unknown) => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

describe('the messages of a call', () => {
  it('are the same wherever the stream of bytes is cut', () => {
    const someMessages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 });
    const cuts = fc.array(fc.nat({ max: 500 }), { maxLength: 20 });
    fc.assert(
      fc.property(someMessages, cuts, (contents, places) => {
        const messages = contents.map((content) => Buffer.from(content));
        const bytes = Buffer.concat(messages.map((message) => frameOf(message)));
        const at = [0, ...places.filter((place) => place < bytes.length), bytes.length];
        const sorted = at.sort((a, b) => a - b);
        const chunks = sorted.slice(1).map((end, n) => bytes.subarray(sorted[n], end));
        expect(read(chunks)).toEqual(messages);
      }),
    );
  });

  it.each([1, PREFIX_BYTES, PREFIX_BYTES + 1])(
    'are refused if they end after %d bytes',
    (length) => {
      const reader = createFrameReader('identity', () => {});
      reader.push(frameOf(Buffer.from('a message')).subarray(0, length));
      expect(codeOf(() => reader.end())).toBe(STATUS.INTERNAL);
    },
  );

  it('take no more memory for coming in many pieces', () => {
    const bytes = frameOf(Buffer.alloc(500_000));
    const reader = createFrameReader('identity', () => {});
    const before = process.memoryUsage().heapUsed;
    for (let at = 0; at < bytes.length - 1; at++) reader.push(bytes.subarray(at, at + 1));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(HEAP_BYTES_MAX);
  });

  it('may be compressed, as the call says', () => {
    const message = Buffer.from('a message');
    expect(read([frameOf(gzipSync(message), true)], 'gzip')).toEqual([message]);
  });

  it('are refused above 16 MiB, also when that shows only once they are unpacked', () => {
    const tooLong = Buffer.alloc(PREFIX_BYTES);
    writePrefix(tooLong, 0, MESSAGE_BYTES_MAX + 1);
    expect(codeOf(() => read([tooLong]))).toBe(STATUS.RESOURCE_EXHAUSTED);
    const bomb = frameOf(gzipSync(Buffer.alloc(MESSAGE_BYTES_MAX + 1)), true);
    expect(codeOf(() => read([bomb], 'gzip'))).toBe(STATUS.RESOURCE_EXHAUSTED);
  });

  it('are refused if they are compressed in a way that is not known, or damaged', () => {
    const message = frameOf(Buffer.from('not packed'), true);
    expect(codeOf(() => read([message], 'snappy'))).toBe(STATUS.UNIMPLEMENTED);
    expect(codeOf(() => read([message], 'gzip'))).toBe(STATUS.INTERNAL);
  });
});
