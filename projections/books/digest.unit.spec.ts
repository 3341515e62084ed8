// The definition of the digest as it is written down for others, followed by other means than ours.
import { execFileSync } from 'node:child_process';
import { examplesOf } from '../../test/support/shell-examples.js';
import { EMPTY_DIGEST, nextDigest } from './digest.js';

const DEPOSIT = {
  eventId: '2f26429b-d107-865b-8e77-666d34d41b20',
  ...{ revision: 5, batchIndex: 0, leg: 0, units: -1250n },
};
const PAYMENT = {
  eventId: '7c1e04aa-93b5-8d1f-9a4e-0b6f3d2c5e18',
  ...{ revision: 9, batchIndex: 2, leg: 1, units: 400n },
};

describe('the digest of an account', () => {
  it('is what the documented example shows, with nothing but sha256sum', () => {
    const [example] = examplesOf('docs/verification.md');
    const first = nextDigest(EMPTY_DIGEST, DEPOSIT);
    const second = nextDigest(first, PAYMENT);
    const printed = execFileSync('sh', ['-euc', example?.shell ?? ''], { encoding: 'utf8' });
    expect(printed.trim().split('\n')).toEqual([first, second]);
    expect(example?.shown).toEqual([first, second]);
  });

  it('tells entries apart by everything that it covers, and by their order', () => {
    const changed = [
      ...[{ eventId: PAYMENT.eventId }, { revision: 6 }, { batchIndex: 1 }, { leg: 1 }],
      ...[{ units: 1250n }, { units: -1251n }],
    ].map((change) => nextDigest(EMPTY_DIGEST, { ...DEPOSIT, ...change }));
    const inOrder = nextDigest(nextDigest(EMPTY_DIGEST, DEPOSIT), PAYMENT);
    const swapped = nextDigest(nextDigest(EMPTY_DIGEST, PAYMENT), DEPOSIT);
    const all = [EMPTY_DIGEST, nextDigest(EMPTY_DIGEST, DEPOSIT), ...changed, inOrder, swapped];
    expect(new Set(all).size).toBe(all.length);
  });
});
