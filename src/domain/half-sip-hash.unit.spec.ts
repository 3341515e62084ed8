import { halfSipHash } from './half-sip-hash.js';

// The published results for the key 00 01 .. 07 and the first 0, 4, 8, ... of the bytes 00 01 02 ...
const PUBLISHED = [
  0x5814c896, 0x7e059ea6, 0x577999b1, 0x6b28096c, 0x8b31d501, 0x911bb605, 0x57150ad7, 0x0a4100d0,
  0xbc6dda8d, 0x7c46fb7f, 0x05327eb2, 0x11795ab1, 0x007783eb, 0xc368dda6, 0x53ecd77e, 0x88b4c4cc,
];

it('comes to the published results', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => index);
  const words = new Uint32Array(bytes.buffer);
  const hashes = PUBLISHED.map((_, count) =>
    halfSipHash(words, 0, count, [0x03020100, 0x07060504]),
  );
  expect(hashes).toEqual(PUBLISHED);
});

it('comes to something else under another key', () => {
  const words = Uint32Array.of(1, 2, 3);
  expect(halfSipHash(words, 0, 3, [1, 2])).not.toBe(halfSipHash(words, 0, 3, [1, 3]));
});
