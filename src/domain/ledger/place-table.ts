// From hashes to places, by open addressing. The table grows without a pause: a larger one is filled
// little by little, and until it holds everything, the smaller one is searched as well.

const FIRST_SLOTS = 2 ** 4;
/** The share of slots taken beyond which there are twice as many. */
const LOAD_MAX = 0.7;
/** Slots moved with each addition: enough to be done before the next growth. */
const SLOTS_MOVED_AT_ONCE = 4;
/** A slot is a place, 0 for none, and the hash of what lies there. */
const SLOT_WORDS = 2;

export class PlaceTable {
  private slots = new Uint32Array(FIRST_SLOTS * SLOT_WORDS);
  /** The smaller table that is being left. What lies before `moved` is in the larger one too. */
  private left = new Uint32Array(0);
  private moved = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Among the places with this hash the one that is sought; 0 when there is none. */
  get(hash: number, isSought: (place: number) => boolean): number {
    const { table, slot } = this.find(hash, isSought);
    return table[slot] ?? 0;
  }

  /** Puts `place` where the one that is sought was, or adds it. */
  set(hash: number, isSought: (place: number) => boolean, place: number): void {
    const { table, slot } = this.find(hash, isSought);
    if (table[slot] === 0) this.count += 1;
    table[slot] = place;
    table[slot + 1] = hash;
    this.moveSome();
    if (this.count * SLOT_WORDS > this.slots.length * LOAD_MAX) this.grow();
  }

  /** Makes room for so many places at once, while there are none yet. */
  reserve(places: number): void {
    if (this.count > 0) return;
    let length = FIRST_SLOTS * SLOT_WORDS;
    while (places * SLOT_WORDS > length * LOAD_MAX) length *= 2;
    this.slots = new Uint32Array(length);
  }

  private find(hash: number, isSought: (place: number) => boolean) {
    const slot = slotOf(this.slots, hash, isSought);
    if (this.slots[slot] === 0 && this.left.length > 0) {
      const before = slotOf(this.left, hash, isSought);
      if (this.left[before] !== 0) return { table: this.left, slot: before };
    }
    return { table: this.slots, slot };
  }

  private grow(): void {
    this.left = this.slots;
    this.moved = 0;
    this.slots = new Uint32Array(this.left.length * 2);
  }

  private moveSome(): void {
    if (this.left.length === 0) return;
    const end = Math.min(this.moved + SLOTS_MOVED_AT_ONCE * SLOT_WORDS, this.left.length);
    for (; this.moved < end; this.moved += SLOT_WORDS) {
      const place = this.left[this.moved] ?? 0;
      const hash = this.left[this.moved + 1] ?? 0;
      if (place === 0) continue;
      const slot = slotOf(this.slots, hash, () => false);
      this.slots[slot] = place;
      this.slots[slot + 1] = hash;
    }
    if (this.moved === this.left.length) this.left = new Uint32Array(0);
  }
}

/** Where in `table` the slot of what is sought begins, or the empty one where it belongs. */
function slotOf(table: Uint32Array, hash: number, isSought: (place: number) => boolean): number {
  // The length is a power of two, and slots begin at even words.
  const mask = table.length - 1;
  let slot = (hash * SLOT_WORDS) & mask;
  for (let place = table[slot]; place; place = table[slot]) {
    if (table[slot + 1] === hash && isSought(place)) return slot;
    slot = (slot + SLOT_WORDS) & mask;
  }
  return slot;
}
