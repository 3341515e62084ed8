import { Body, Controller, HttpStatus, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type AccountSnapshot } from '../../domain/ledger/account-snapshot.js';
import { type Causation } from '../../event-store/codec.js';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { etagOf } from '../../platform/http/etag.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { Caused } from '../causation.js';
import { openAccountOf } from './command-of.js';
import { OpenAccountBody } from './dto.js';
import { OpenAccountCommand } from './handler.js';

const EXAMPLE: AccountSnapshot = {
  address: 'customers:42:wallet',
  type: 'liability',
  currency: 'EUR',
  status: 'open',
  freeze: null,
  version: 1,
  balance: '0.00',
  available: '0.00',
  posted: { debits: '0.00', credits: '0.00' },
  pending: { debits: '0.00', credits: '0.00' },
  overdraftLimit: '0.00',
  balanceLimit: null,
  metadata: { customer: '42' },
  openedAt: '2026-01-15T09:30:00.000Z',
};

@ApiTags('Accounts')
@Controller('v1/ledgers/:ledger/accounts')
export class OpenAccountController {
  constructor(private readonly bus: CommandBus) {}

  @Post()
  @Requires('open-accounts')
  @ApiLedgerParam()
  @ApiOperation({
    summary: 'Open an account',
    description:
      'The same again answers 200 with the account as it is now; something different at the same ' +
      'address answers 409. An `overdraftLimit` of null is without limit. `ETag` is the version.',
  })
  @ApiSuccess(201, EXAMPLE, { revision: 1 })
  @ApiErrors(
    'INVALID_REQUEST',
    'INVALID_ACCOUNT',
    'UNKNOWN_CURRENCY',
    'LEDGER_NOT_FOUND',
    'ACCOUNT_EXISTS',
  )
  async open(
    @LedgerParam() ledger: string,
    @Body() body: OpenAccountBody,
    @Caused() causation: Causation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<AccountSnapshot>> {
    const { account, revision, openedBefore } = await this.bus.execute(
      new OpenAccountCommand(ledger, openAccountOf(body), causation),
    );
    reply.status(openedBefore ? HttpStatus.OK : HttpStatus.CREATED);
    reply.header('ETag', etagOf(account));
    return { data: account, meta: { revision } };
  }
}
