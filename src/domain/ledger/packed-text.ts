// Texts as 32-bit words, as short as is simple: a UUID takes 4. Exact for every string that JavaScript
// can hold: two texts have the same kind, length and words only when they are the same.

/** UUIDs in lower case; texts of characters up to U+00FF, one byte each; all others, two bytes each. */
const KINDS = { uuid: 0, bytes: 1, pairs: 2 } as const;
const LENGTH_BITS = 14;
/** In UTF-16 code units. */
export const PACKED_LENGTH_MAX = 1_000;
/** Words that the longest text takes. */
export const PACKED_WORDS_MAX = PACKED_LENGTH_MAX / 2;

/** A text in `words` from `from` on; its shape, 16 bits, tells what kind it is and how long. */
export interface PackedText {
  readonly shape: number;
  readonly words: Uint32Array;
  readonly from: number;
}

const UUID_LENGTH = 36;
const DASH = 0x2d;

/**
 * Packs a text at the start of `words`; what is left of its last word is zero.
 * Throws RangeError when it is longer than PACKED_LENGTH_MAX.
 */
export function packText(text: string, words: Uint32Array): PackedText {
  return { shape: pack(text, words), words, from: 0 };
}

function pack(text: string, words: Uint32Array): number {
  if (packUuid(text, words)) return shapeOf(KINDS.uuid, UUID_LENGTH);
  const { length } = text;
  if (length > PACKED_LENGTH_MAX) throw new RangeError(`A text of ${length} characters to pack`);
  const kind = /^[\0-\xff]*$/.test(text) ? KINDS.bytes : KINDS.pairs;
  const perWord = kind === KINDS.bytes ? 4 : 2;
  const shape = shapeOf(kind, length);
  words.fill(0, 0, wordsOf(shape));
  for (let index = 0; index < length; index += 1) {
    const shift = (index % perWord) * (32 / perWord);
    const word = Math.floor(index / perWord);
    words[word] = (words[word] ?? 0) | (text.charCodeAt(index) << shift);
  }
  return shape;
}

/** How many words a text of this shape takes. Throws RangeError when there is no such shape. */
export function wordsOf(shape: number): number {
  const kind = shape >>> LENGTH_BITS;
  const length = shape & ((1 << LENGTH_BITS) - 1);
  if (kind === KINDS.uuid && length === UUID_LENGTH) return 4;
  if (length <= PACKED_LENGTH_MAX) {
    if (kind === KINDS.bytes) return Math.ceil(length / 4);
    if (kind === KINDS.pairs) return Math.ceil(length / 2);
  }
  throw new RangeError(`Nothing is packed in the shape ${shape}`);
}

function shapeOf(kind: number, length: number): number {
  return (kind << LENGTH_BITS) | length;
}

/** False when it is not a UUID as it is usually written. */
function packUuid(text: string, words: Uint32Array): boolean {
  if (text.length !== UUID_LENGTH) return false;
  let digits = 0;
  let word = 0;
  for (let index = 0; index < UUID_LENGTH; index += 1) {
    const code = text.charCodeAt(index);
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (code !== DASH) return false;
      continue;
    }
    const digit = hexDigit(code);
    if (digit < 0) return false;
    word = (word << 4) | digit;
    digits += 1;
    if (digits % 8 === 0) words[digits / 8 - 1] = word;
  }
  return true;
}

/** -1 for what is not a digit; capital letters are not, for they would come back as small ones. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x61 + 10;
  return -1;
}
