// Checks a request of the file by the API's own rules and turns it into the command that the API would give.
import { openAccountOf } from '../../commands/open-account/command-of.js';
import { OpenAccountBody } from '../../commands/open-account/dto.js';
import { postTransferOf } from '../../commands/post-transfer/command-of.js';
import { PostTransferBody } from '../../commands/post-transfer/dto.js';
import { type FieldProblem } from '../../domain/errors.js';
import { type LedgerCommand } from '../../domain/ledger/decide.js';
import { ApiError } from '../../platform/http/api-error.js';
import { read } from '../../platform/http/request-shape.js';
import { type ImportKind } from './layout.js';
import { type Body } from './requests.js';

export type ReadRequest =
  { readonly command: LedgerCommand } | { readonly problems: readonly FieldProblem[] };

/** `body` has what the rows say and nothing else; a transfer's always has `id` and `legs`. */
export function commandOf(kind: ImportKind, body: Body): ReadRequest {
  try {
    if (kind === 'accounts') return { command: openAccountOf(read(OpenAccountBody, body, kind)) };
    const sent = read(PostTransferBody, body, kind);
    return { command: postTransferOf(sent.id ?? '', sent) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { problems: error.context.details?.['fields'] as readonly FieldProblem[] };
  }
}
