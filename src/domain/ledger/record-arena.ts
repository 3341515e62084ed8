// Records of a revision and a packed text, one after the other in growing memory. A record is the
// revision (48 bits), the shape of the text (16 bits) and its words, filled up to a multiple of 8 bytes.
import { type PackedText, wordsOf } from './packed-text.js';

export const REVISION_MAX = 2 ** 48 - 1;

/** Words to a chunk. Full chunks are never moved; an arena that needs less has one smaller chunk. */
const CHUNK_WORDS = 2 ** 18;
const FIRST_CHUNK_WORDS = 2 ** 6;
const HEADER_WORDS = 2;
const WORDS_PER_UNIT = 2;
const UNITS_PER_CHUNK = CHUNK_WORDS / WORDS_PER_UNIT;

interface Chunk {
  words: Uint32Array;
  used: number;
}

export class RecordArena {
  private readonly chunks: Chunk[] = [];

  /** Adds a record and returns its place, in units of 8 bytes from 1. */
  append(revision: number, text: PackedText): number {
    const length = recordWords(text.shape);
    const chunk = this.chunkWithRoom(length);
    const { words, used } = chunk;
    words[used] = revision;
    words[used + 1] = Math.floor(revision / 2 ** 32) | (text.shape << 16);
    const textLength = wordsOf(text.shape);
    for (let word = 0; word < textLength; word += 1) {
      words[used + HEADER_WORDS + word] = text.words[text.from + word] ?? 0;
    }
    chunk.used += length;
    return (this.chunks.length - 1) * UNITS_PER_CHUNK + used / WORDS_PER_UNIT + 1;
  }

  revisionAt(place: number): number {
    return revisionIn(this.wordsAt(place), fromOf(place));
  }

  /** Whether the record at a place has this text. */
  hasText(place: number, { shape, words, from }: PackedText): boolean {
    const stored = this.wordsAt(place);
    const storedFrom = fromOf(place);
    if (shapeIn(stored, storedFrom) !== shape) return false;
    const length = wordsOf(shape);
    for (let word = 0; word < length; word += 1) {
      if (stored[storedFrom + HEADER_WORDS + word] !== words[from + word]) return false;
    }
    return true;
  }

  /** All records with a higher revision, oldest first, as views that never change. */
  *recordsAfter(revision: number): Generator<Uint8Array> {
    const first = this.chunks.findLastIndex(({ words }) => revisionIn(words, 0) <= revision);
    for (const { words, used } of this.chunks.slice(Math.max(first, 0))) {
      let from = 0;
      while (from < used && revisionIn(words, from) <= revision) {
        from += recordWords(shapeIn(words, from));
      }
      if (from < used) yield bytesOf(words.subarray(from, used));
    }
  }

  private wordsAt(place: number): Uint32Array {
    return (this.chunks[Math.floor((place - 1) / UNITS_PER_CHUNK)] as Chunk).words;
  }

  private chunkWithRoom(length: number): Chunk {
    const last = this.chunks.at(-1);
    if (last && last.used + length <= last.words.length) return last;
    if (last && last.words.length < CHUNK_WORDS) {
      const words = new Uint32Array(last.words.length * 2);
      words.set(last.words);
      last.words = words;
    } else {
      const size = last ? CHUNK_WORDS : FIRST_CHUNK_WORDS;
      this.chunks.push({ words: new Uint32Array(size), used: 0 });
    }
    return this.chunkWithRoom(length);
  }
}

/** Hands on each record in what `recordsAfter` gave. Throws RangeError when that is damaged. */
export function readRecords(
  bytes: Uint8Array,
  take: (text: PackedText, revision: number) => void,
): void {
  // A copy, because words cannot begin at any byte.
  const words = new Uint32Array(new Uint8Array(bytes).buffer);
  for (let from = 0; from < words.length;) {
    const shape = shapeIn(words, from);
    const end = from + recordWords(shape);
    if (end > words.length) throw new RangeError('A packed record is cut off');
    take({ shape, words, from: from + HEADER_WORDS }, revisionIn(words, from));
    from = end;
  }
}

function fromOf(place: number): number {
  return ((place - 1) % UNITS_PER_CHUNK) * WORDS_PER_UNIT;
}

function revisionIn(words: Uint32Array, from: number): number {
  return (words[from] ?? 0) + ((words[from + 1] ?? 0) & 0xffff) * 2 ** 32;
}

function shapeIn(words: Uint32Array, from: number): number {
  return (words[from + 1] ?? 0) >>> 16;
}

function recordWords(shape: number): number {
  return HEADER_WORDS + Math.ceil(wordsOf(shape) / WORDS_PER_UNIT) * WORDS_PER_UNIT;
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
