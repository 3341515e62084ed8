import { amountText } from './fields.js';

it.each([[{ toString: '' }], [{ toString: null, valueOf: 1 }], [[]], [null], [5], [true]])(
  'an amount that is %j is told to be none',
  (value) => {
    expect(amountText('1.00').check(value, 'amount')).toMatchObject([{ field: 'amount' }]);
  },
);
