import { after, given } from '../../../test/support/given-when-then.js';
import { postTransfer } from '../../../test/support/ledger-factories.js';
import { BOOKS, SALE } from '../../../test/support/transfer-factories.js';

it('metadata under names that every object has are told apart like any other', () => {
  const metadata = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
  const other = JSON.parse('{"__proto__":"c","toString":"d"}') as Record<string, string>;
  const posted = after(BOOKS, postTransfer('t', SALE, { metadata }));
  const revision = BOOKS.length;
  given(...posted)
    .when(postTransfer('t', SALE, { metadata }))
    .thenDecidedAt(revision);
  given(...posted)
    .when(postTransfer('t', SALE, { metadata: other }))
    .thenDecidedAt(revision, ['metadata.__proto__', 'metadata.constructor', 'metadata.toString']);
  given(...posted)
    .when(postTransfer('t', SALE))
    .thenDecidedAt(revision, ['metadata.__proto__', 'metadata.constructor']);
});
