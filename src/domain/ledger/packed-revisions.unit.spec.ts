import fc from 'fast-check';
import { PACKED_LENGTH_MAX } from './packed-text.js';
import { PackedRevisions } from './packed-revisions.js';

const KEY = [0x243f6a88, 0x85a308d3] as const;

// Few texts, so that they come again, and texts that are easily taken for one another.
const LOOKALIKES = [
  ...[
    '',
    'a',
    'A',
    'a\0',
    '\0a',
    'ab',
    'abcd',
    'abcde',
    '\u00e9',
    'e\u0301',
    '\ud800',
    '\udc00',
    '\ufffd',
  ],
  ...['ÿ', 'Ā', '0123456789abcdef', '😀', '日本', 'x'.repeat(PACKED_LENGTH_MAX)],
  '12345678-9abc-def0-1234-56789abcdef0',
  '12345678-9ABC-def0-1234-56789abcdef0',
  '12345678-9abc-def0-1234-56789abcdef',
  '12345678+9abc-def0-1234-56789abcdef0',
  '12345678-9abc-def0-1234-56789abcdefg',
];
const text = fc.oneof(
  fc.constantFrom(...LOOKALIKES),
  fc.uuid(),
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.nat(300).map(String),
);
/** What is set, and by how much the revision grows each time: one event may decide many. */
const history = fc.array(fc.tuple(text, fc.nat(2)), { maxLength: 400, size: 'max' });

interface Pair {
  readonly packed: PackedRevisions;
  readonly map: Map<string, number>;
  readonly revisions: readonly number[];
}

function fill(steps: readonly (readonly [string, number])[], packed: PackedRevisions): Pair {
  const map = new Map<string, number>();
  let revision = 0;
  const revisions = steps.map(([text, growth]) => {
    revision += growth;
    packed.set(text, revision);
    map.set(text, revision);
    return revision;
  });
  return { packed, map, revisions };
}

function expectSame(packed: PackedRevisions, map: ReadonlyMap<string, number>): void {
  for (const text of [...LOOKALIKES, ...map.keys()]) expect(packed.get(text)).toBe(map.get(text));
  expect(packed.size).toBe(map.size);
}

describe('packed revisions', () => {
  it('know what a Map knows', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { packed, map } = fill(steps, new PackedRevisions(KEY));
        expectSame(packed, map);
      }),
    );
  });

  it('are the same again from their records, taken in parts, under any key', () => {
    fc.assert(
      fc.property(history, fc.nat(400), fc.nat(), (steps, at, key) => {
        const { packed, map, revisions } = fill(steps, new PackedRevisions(KEY));
        const cut = revisions[at] ?? -1;
        const copy = new PackedRevisions([key, 7]);
        const untilCut = new PackedRevisions(KEY);
        fill(steps.slice(0, revisions.findLastIndex((revision) => revision <= cut) + 1), untilCut);
        for (const records of untilCut.recordsAfter(-1)) copy.appendRecords(records);
        for (const records of packed.recordsAfter(cut)) copy.appendRecords(Buffer.from(records));
        expectSame(copy, map);
      }),
    );
  });

  it('keep 100,000 ids apart, while the table grows and across chunks', () => {
    const packed = new PackedRevisions(KEY);
    const id = (n: number) =>
      n % 2 === 0 ? `${n}` : `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    const count = 100_000;
    for (let n = 0; n < count; n += 1) {
      packed.set(id(n), n);
      if (packed.get(id(n >> 1)) !== n >> 1) throw new Error(`${id(n >> 1)} is lost at ${n}`);
    }
    const found = Array.from({ length: count + 10 }, (_, n) => packed.get(id(n)));
    expect(found.findIndex((revision, n) => revision !== (n < count ? n : undefined))).toBe(-1);
    expect(packed.size).toBe(count);
    const after = [...packed.recordsAfter(count - 3)].reduce((sum, { length }) => sum + length, 0);
    expect(after).toBe(16 + 24);
  });

  it('keep the views they gave as they were', () => {
    const packed = new PackedRevisions(KEY);
    packed.set('one', 0);
    const [view] = [...packed.recordsAfter(-1)];
    const before = Buffer.from(view ?? []).toString('hex');
    for (let n = 1; n < 1_000; n += 1) packed.set(n % 3 === 0 ? 'one' : `n${n}`, n);
    expect(Buffer.from(view ?? []).toString('hex')).toBe(before);
  });

  it('hold revisions up to 2^48 - 1, which never go back', () => {
    const packed = new PackedRevisions(KEY);
    const highest = 2 ** 48 - 1;
    packed.set('a', highest - 1);
    packed.set('b', highest);
    expect([packed.get('a'), packed.get('b')]).toEqual([highest - 1, highest]);
    for (const revision of [highest - 1, highest + 1, NaN]) {
      expect(() => packed.set('c', revision)).toThrow(RangeError);
    }
  });

  it('take no text that is too long, and know none', () => {
    const packed = new PackedRevisions(KEY);
    const long = 'x'.repeat(PACKED_LENGTH_MAX + 1);
    expect(() => packed.set(long, 1)).toThrow(RangeError);
    expect(packed.get(long)).toBeUndefined();
    expect(packed.size).toBe(0);
  });

  it.each([
    ['cut off', (bytes: Uint8Array) => bytes.subarray(0, -8)],
    ['cut off within a word', (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ['of an unknown shape', (bytes: Uint8Array) => bytes.map((byte, n) => (n === 7 ? 0xff : byte))],
    ['of a revision before', (bytes: Uint8Array) => bytes.map((byte, n) => (n < 6 ? 0 : byte))],
  ])('refuse records that are %s', (_what, damage) => {
    const packed = new PackedRevisions(KEY);
    packed.set('12345678-9abc-def0-1234-56789abcdef0', 5);
    const [records = new Uint8Array()] = [...packed.recordsAfter(-1)];
    const copy = new PackedRevisions(KEY);
    copy.set('first', 1);
    expect(() => copy.appendRecords(damage(Buffer.from(records)))).toThrow(RangeError);
  });
});
