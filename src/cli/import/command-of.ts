// Checks a request of the file by the API's own rules and turns it into the command that the API would give.
import { OpenAccountBody } from '../../commands/open-account/dto.js';
import { PostTransferBody } from '../../commands/post-transfer/dto.js';
import { utcOf } from '../../commands/post-transfer/effective-at.js';
import { type FieldProblem } from '../../domain/errors.js';
import { type LedgerCommand } from '../../domain/ledger/decide.js';
import { utcNow } from '../../platform/clock.js';
import { ApiError } from '../../platform/http/api-error.js';
import { read } from '../../platform/http/request-shape.js';
import { type ImportKind } from './layout.js';
import { type Body } from './requests.js';

export type ReadRequest =
  { readonly command: LedgerCommand } | { readonly problems: readonly FieldProblem[] };

/** `body` has what the rows say and nothing else; a transfer's always has `id` and `legs`. */
export function commandOf(kind: ImportKind, body: Body): ReadRequest {
  try {
    return { command: kind === 'accounts' ? openAccountOf(body) : postTransferOf(body) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { problems: error.context.details?.['fields'] as readonly FieldProblem[] };
  }
}

const OVERDRAFT_LIMIT_DEFAULT = '0';

function openAccountOf(body: Body): LedgerCommand {
  const sent = read(OpenAccountBody, body, 'account');
  const { overdraftLimit = OVERDRAFT_LIMIT_DEFAULT } = sent;
  return {
    type: 'OpenAccount',
    address: sent.address,
    accountType: sent.type,
    currency: sent.currency,
    overdraftLimit,
    balanceLimit: sent.balanceLimit ?? null,
    metadata: sent.metadata ?? {},
    now: utcNow(),
  };
}

function postTransferOf(body: Body): LedgerCommand {
  const sent = read(PostTransferBody, body, 'transfer');
  return {
    type: 'PostTransfer',
    id: sent.id ?? '',
    legs: (sent.legs ?? []).map(({ debit, credit, amount, currency }) => ({
      debit,
      credit,
      amount,
      currency,
    })),
    effectiveAt: utcOf(sent.effectiveAt) ?? null,
    reference: sent.reference ?? null,
    description: sent.description ?? null,
    metadata: sent.metadata ?? {},
    now: utcNow(),
  };
}
