// From texts (ids, references) to revisions, for millions of them: a UUID takes 24 bytes and 12 to 23 in
// the table, where a Map of strings takes more than 100. Nothing is ever taken out, and revisions only
// grow, so what came after a revision is all at the end. A text that is set again gets a new record.
import { type HashKey, halfSipHash } from '../half-sip-hash.js';
import {
  PACKED_LENGTH_MAX,
  PACKED_WORDS_MAX,
  type PackedText,
  packText,
  wordsOf,
} from './packed-text.js';
import { PlaceTable } from './place-table.js';
import { REVISION_MAX, RecordArena, readRecords } from './record-arena.js';

// Where texts are packed to be looked for; never kept from one call to the next.
const desk = new Uint32Array(PACKED_WORDS_MAX);

export class PackedRevisions {
  private readonly arena = new RecordArena();
  private readonly places = new PlaceTable();
  private lastRevision = -1;

  /** With a key that callers do not know, they cannot choose texts that make the table slow. */
  constructor(private readonly key: HashKey) {}

  /** How many texts are known. */
  get size(): number {
    return this.places.size;
  }

  get(text: string): number | undefined {
    if (text.length > PACKED_LENGTH_MAX) return undefined;
    const packed = packText(text, desk);
    const place = this.places.get(this.hashOf(packed), (at) => this.arena.hasText(at, packed));
    return place === 0 ? undefined : this.arena.revisionAt(place);
  }

  /** Throws RangeError when an earlier call had a higher revision, or the text is too long to pack. */
  set(text: string, revision: number): void {
    this.setPacked(packText(text, desk), revision);
  }

  /** To be called before so many texts are set, while there are none: it saves growing to that size. */
  reserve(texts: number): void {
    this.places.reserve(texts);
  }

  /** All records with a higher revision, oldest first, as views that never change. */
  recordsAfter(revision: number): Iterable<Uint8Array> {
    return this.arena.recordsAfter(revision);
  }

  /** Takes what `recordsAfter` gave, in the same order. Throws RangeError when it is damaged. */
  appendRecords(bytes: Uint8Array): void {
    readRecords(bytes, (text, revision) => this.setPacked(text, revision));
  }

  private setPacked(text: PackedText, revision: number): void {
    if (!(revision >= this.lastRevision && revision <= REVISION_MAX)) {
      throw new RangeError(`Revision ${revision} came after ${this.lastRevision}`);
    }
    this.lastRevision = revision;
    const place = this.arena.append(revision, text);
    this.places.set(this.hashOf(text), (at) => this.arena.hasText(at, text), place);
  }

  private hashOf({ shape, words, from }: PackedText): number {
    return halfSipHash(words, from, wordsOf(shape), this.key);
  }
}
