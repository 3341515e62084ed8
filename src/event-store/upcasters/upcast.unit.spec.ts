import { currentVersion, upcast } from './index.js';
import { type Upcaster } from './upcaster.js';

// Two imaginary changes of shape: a field was renamed, then a field was added.
const steps: Upcaster[] = [
  { type: 'Sold', from: 2, upcast: (data) => ({ ...data, currency: 'EUR' }) },
  { type: 'Sold', from: 1, upcast: ({ sum, ...data }) => ({ ...data, amount: sum }) },
  { type: 'Bought', from: 1, upcast: () => ({}) },
];

describe('upcasting', () => {
  it('takes an old event through every step in order', () => {
    expect(upcast('Sold', 1, { sum: '1.00' }, steps)).toEqual({ amount: '1.00', currency: 'EUR' });
  });

  it('takes only the steps that are missing', () => {
    expect(upcast('Sold', 2, { amount: '1.00' }, steps)).toEqual({
      amount: '1.00',
      currency: 'EUR',
    });
  });

  it('leaves the newest version as it is', () => {
    const data = { amount: '1.00', currency: 'USD' };
    expect(upcast('Sold', 3, data, steps)).toBe(data);
    expect(upcast('Lent', 1, data, steps)).toBe(data);
  });

  it('writes each type in the version after its last step', () => {
    expect(currentVersion('Sold', steps)).toBe(3);
    expect(currentVersion('Lent', steps)).toBe(1);
  });

  it.each([0, 4, 1.5, NaN])('does not guess at version %d', (version) => {
    expect(() => upcast('Sold', version, {}, steps)).toThrow('cannot be read; known are 1 to 3');
  });

  it('does not jump over a missing step', () => {
    expect(() => upcast('Sold', 1, {}, steps.slice(0, 1))).toThrow('No upcaster reads Sold');
  });
});
