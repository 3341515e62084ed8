import { postTransfer } from '../../test/support/ledger-factories.js';
import { ApiError } from '../platform/http/api-error.js';
import { type LedgerWriters, OutcomeUnknown } from './ledger-writer/ledger-writers.js';
import { SubmitTransferCommand, SubmitTransferHandler } from './submit-transfer-command.js';

const causation = {
  ...{ actor: 'tester', requestId: 'r', correlationId: 'r', causationId: 'r', clientAddress: null },
};

/** Writers whose store took the command or did not, who knows. */
const doubtful: LedgerWriters = {
  submit: () => Promise.reject(new OutcomeUnknown('the answer was lost')),
  submitAll: () => Promise.reject(new OutcomeUnknown('the answer was lost')),
  preview: () => Promise.resolve([]),
  current: () => Promise.reject(new OutcomeUnknown('the answer was lost')),
  expireDue: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

it('a command in doubt is answered with the id under which to ask again', async () => {
  const handler = new SubmitTransferHandler(doubtful);
  const command = postTransfer('chosen-by-the-server', []);
  const answer = handler.execute(new SubmitTransferCommand('shop', command, causation, false));
  await expect(answer).rejects.toMatchObject({
    code: 'OUTCOME_UNKNOWN',
    context: { details: { id: 'chosen-by-the-server' } },
  });
  await expect(answer).rejects.toBeInstanceOf(ApiError);
});
