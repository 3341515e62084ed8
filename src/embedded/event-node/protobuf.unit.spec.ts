import fc from 'fast-check';
import { bytesField, fieldsOf, scanFields, varintField } from './protobuf.js';

type Found = { number: number; bytes: Buffer } | { number: number; varint: number };

function scanned(message: Buffer): Found[] {
  const found: Found[] = [];
  scanFields(
    message,
    { from: 0, to: message.length },
    (number, from, to) => found.push({ number, bytes: message.subarray(from, to) }),
    (number, varint) => found.push({ number, varint }),
  );
  return found;
}

const someField = fc.oneof(
  fc.record({ number: fc.integer({ min: 1, max: 15 }), bytes: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ number: fc.integer({ min: 1, max: 15 }), varint: fc.maxSafeNat() }),
);

describe('the fields of a message', () => {
  it('are found by scanning as they were written', () => {
    fc.assert(
      fc.property(fc.array(someField, { maxLength: 8 }), (fields) => {
        const written = fields.map((field): [Found, Buffer] => {
          const { number } = field;
          if ('varint' in field) return [field, varintField(number, field.varint)];
          const bytes = Buffer.from(field.bytes);
          return [{ number, bytes }, bytesField(number, bytes)];
        });
        const message = Buffer.concat(written.map(([, encoded]) => encoded));
        expect(scanned(message)).toEqual(written.map(([found]) => found));
      }),
    );
  });

  it('are refused by scanning wherever they are refused otherwise', () => {
    const refuses = (work: () => unknown) => {
      try {
        work();
        return false;
      } catch {
        return true;
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
        const message = Buffer.from(bytes);
        // Numbers that no message needs are refused by scanning alone.
        if (refuses(() => [...fieldsOf(message)])) {
          expect(refuses(() => scanned(message))).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
