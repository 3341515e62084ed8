import { layoutOf } from './layout.js';

const read = (header: string) => layoutOf(header.split(','));

describe('the header of a file', () => {
  it('tells accounts from transfers', () => {
    expect(read('address,type,currency,overdraftLimit,metadata.branch').kind).toBe('accounts');
    expect(read('id,debit,credit,amount,currency').kind).toBe('transfers');
  });

  it('may have its columns in any order, and spaces around their names', () => {
    expect(read('currency, amount ,credit,debit').columns).toEqual([
      'currency',
      'amount',
      'credit',
      'debit',
    ]);
  });

  it('names every column that is missing, unknown or there twice', () => {
    expect(() => read('id,debit,amount,Credit,metadata.,amount')).toThrow(
      /lacks "credit", "currency".*unknown columns: "Credit", "metadata\.".*twice: "amount"/s,
    );
  });

  it('cannot name a key of metadata that the API would not take', () => {
    expect(() => read('debit,credit,amount,currency,metadata.__proto__')).toThrow(
      'Metadata cannot have the key "__proto__".',
    );
    expect(read('debit,credit,amount,currency,metadata.constructor').kind).toBe('transfers');
  });

  it('is shown what would be right', () => {
    expect(() => read('datum,betrag')).toThrow(
      /not a header that Daybook knows: "datum", "betrag".*accounts: address,type,currency.*transfers: debit,/s,
    );
  });

  it('with semicolons is told so', () => {
    expect(() => layoutOf(['id;debit;credit;amount'])).toThrow('not separated by commas');
  });
});
