import { after, fold } from '../../../test/support/given-when-then.js';
import {
  BOOKS,
  EVENING,
  SALE,
  expireTransfer,
  holdTransfer,
} from '../../../test/support/transfer-factories.js';
import { earliestExpiry, transfersOver } from './expiry.js';

const LATER = '2026-03-01T18:00:00.001Z';
const holds = [
  ...[holdTransfer('later', SALE, LATER), holdTransfer('evening', SALE, EVENING)],
  ...[holdTransfer('also', SALE, EVENING), holdTransfer('never', SALE)],
];
const state = fold(after(BOOKS, ...holds));

it('transfers are over from their expiry on, those that expired first before the others', () => {
  expect(transfersOver(state, '2026-03-01T17:59:59.999Z', 9)).toEqual([]);
  expect(transfersOver(state, EVENING, 9).sort()).toEqual(['also', 'evening']);
  expect(transfersOver(state, LATER, 9)).toHaveLength(3);
  expect(transfersOver(state, LATER, 9).at(-1)).toBe('later');
  expect(transfersOver(state, LATER, 2).sort()).toEqual(['also', 'evening']);
});

it('the earliest expiry is that of what is pending still', () => {
  expect(earliestExpiry(state)).toBe(EVENING);
  const expired = ['also', 'evening'].map((id) => expireTransfer(id, EVENING));
  expect(earliestExpiry(fold(after(BOOKS, ...holds, ...expired)))).toBe(LATER);
  expect(earliestExpiry(fold(BOOKS))).toBeNull();
  expect(earliestExpiry(fold(after(BOOKS, holdTransfer('never', SALE))))).toBeNull();
});

it('the state never looks for an expiry later than the earliest one', () => {
  expect(state.nextExpiry).toBe(EVENING);
});
