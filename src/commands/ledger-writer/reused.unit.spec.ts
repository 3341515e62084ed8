import { type LedgerEvent } from '../../domain/ledger/events.js';
import {
  ledgerOpened,
  openLedger,
  postTransfer,
  transferPosted,
} from '../../../test/support/ledger-factories.js';
import { reused } from './reused.js';

const { data } = transferPosted('cash', 'wallet', '1.00');
const posted = (more: object) => ({ type: 'TransferPosted', data: { ...data, ...more } });
const command = postTransfer('x', []);
const told = (event: object) => reused(command, event as LedgerEvent, ['type']);

describe('a request under an id that was used before', () => {
  it('is told every field in which it differs', () => {
    expect(reused(command, transferPosted('cash', 'wallet', '1.00'), ['pending', 'legs'])).toEqual({
      code: 'TRANSFER_ID_REUSED',
      message: 'A different request was recorded under this id.',
      fields: ['pending', 'legs'].map((field) => ({
        field,
        problem: 'differs from what was recorded',
        expected: 'the same request again, or another id',
      })),
    });
  });

  it.each([
    ['a transfer', posted({})],
    ['a reversal', posted({ reverses: {} })],
    ['an exchange', posted({ exchange: {} })],
    ['a transfer', { type: 'TransferHeld', data }],
    ['a transfer', { type: 'TransferRefused', data }],
    ['a capture', { type: 'TransferCaptured', data: {} }],
    ['a capture', { type: 'CaptureRefused', data: {} }],
    ['a void', { type: 'TransferVoided', data: {} }],
    ['a void', { type: 'VoidRefused', data: {} }],
    ['a batch', { type: 'BatchPosted', data: { id: 'x' } }],
    ['a batch', { type: 'BatchRefused', data: { id: 'x' } }],
    ['a transfer of a batch', { type: 'BatchPosted', data: { id: 'y' } }],
  ])('of another kind is told that it was %s', (kind, event) => {
    const { message, fields } = told(event);
    const problem = `Under this id ${kind} was recorded, which is another kind of request`;
    expect(message).toBe(`${problem}.`);
    expect(fields).toMatchObject([{ field: 'type', problem }]);
  });

  it('is told of ledgers and accounts by their own codes', () => {
    expect(reused(openLedger(), ledgerOpened(), ['name']).code).toBe('LEDGER_EXISTS');
    const openAccount = { type: 'OpenAccount' } as Parameters<typeof reused>[0];
    expect(reused(openAccount, ledgerOpened(), ['currency']).code).toBe('ACCOUNT_EXISTS');
  });
});
