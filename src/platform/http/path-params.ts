// Path parameters, read by what they mean. Their names are the same in every route.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { type FastifyRequest } from 'fastify';
import { LEDGER_ID_PATTERN } from '../../domain/ledger/open-ledger.js';
import { TRANSFER_ID_EXPECTED, TRANSFER_ID_PATTERN } from '../../domain/ledger/transfer-request.js';
import { invalidRequest, ledgerNotFound } from './api-error.js';
import { problemWith } from './fields.js';
import { address } from './ledger-fields.js';

/** `:ledger`, of a form that a ledger's id can have; another one is a ledger that does not exist. */
export const LedgerParam = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const ledger = paramOf(context, 'ledger');
  if (!LEDGER_ID_PATTERN.test(ledger)) throw ledgerNotFound();
  return ledger;
});

export const ApiLedgerParam = () =>
  ApiParam({ name: 'ledger', schema: { type: 'string' }, example: 'demo' });

/** `:address` of an account. */
export const AddressParam = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const given = paramOf(context, 'address');
  const problems = address.check(given, 'address');
  if (problems.length === 0) return given;
  throw invalidRequest(problems);
});

export const ApiAddressParam = () =>
  ApiParam({ name: 'address', schema: { type: 'string' }, example: 'customers:42:wallet' });

/** `:transfer`, the id of one. */
export const TransferParam = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const id = paramOf(context, 'transfer');
  if (TRANSFER_ID_PATTERN.test(id)) return id;
  const expected = TRANSFER_ID_EXPECTED;
  throw invalidRequest([{ field: 'transfer', problem: problemWith(id), expected }]);
});

export const ApiTransferParam = () =>
  ApiParam({ name: 'transfer', schema: { type: 'string' }, example: 'hold-0001' });

type Params = Readonly<Record<string, string | undefined>>;

function paramOf(context: ExecutionContext, name: string): string {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: Params }>>();
  return params[name] ?? '';
}
