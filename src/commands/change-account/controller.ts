// What becomes of an account after it was opened. Every command here can be repeated: what is so already
// is answered with the account as it is, and recorded once.
import { Body, Controller, Headers, HttpCode, HttpStatus, Patch, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type AccountSnapshot } from '../../domain/ledger/account-snapshot.js';
import { type AccountCommand } from '../../domain/ledger/decide.js';
import { type Causation } from '../../event-store/codec.js';
import { Requires } from '../../identity/requires.js';
import { utcNow } from '../../platform/clock.js';
import { type Answer } from '../../platform/http/answer.js';
import { IF_MATCH_HEADER, etagOf, expectedVersionOf } from '../../platform/http/etag.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import {
  AddressParam,
  ApiAddressParam,
  ApiLedgerParam,
  LedgerParam,
} from '../../platform/http/path-params.js';
import { Caused } from '../causation.js';
import { ChangeAccountBody, FreezeBody, ReasonBody } from './dto.js';
import { CHANGED_EXAMPLE, CLOSED_EXAMPLE, FROZEN_EXAMPLE } from './examples.js';
import { ChangeAccountCommand } from './handler.js';

@ApiTags('Accounts')
@Controller('v1/ledgers/:ledger/accounts/:address')
export class ChangeAccountController {
  constructor(private readonly bus: CommandBus) {}

  @Patch()
  @Requires('change-accounts')
  @ApiLedgerParam()
  @ApiAddressParam()
  @ApiHeader({
    name: IF_MATCH_HEADER,
    required: false,
    description: 'The `ETag` of the account: change it only if it is still at that version',
  })
  @ApiOperation({
    summary: "Change an account's limits or metadata",
    description:
      'What is absent stays; `metadata` is replaced as a whole. A limit that the account is beyond ' +
      'already refuses only what would take it further.',
  })
  @ApiSuccess(200, CHANGED_EXAMPLE, { revision: 4 })
  @ApiErrors(
    'INVALID_REQUEST',
    'INVALID_ACCOUNT',
    'LEDGER_NOT_FOUND',
    'ACCOUNT_NOT_FOUND',
    'VERSION_MISMATCH',
    'ACCOUNT_CLOSED',
  )
  change(
    @LedgerParam() ledger: string,
    @AddressParam() address: string,
    @Body() { overdraftLimit, balanceLimit, metadata }: ChangeAccountBody,
    @Headers(IF_MATCH_HEADER.toLowerCase()) ifMatch: string | undefined,
    @Caused() causation: Causation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<AccountSnapshot>> {
    const command: AccountCommand = {
      type: 'ChangeAccount',
      address,
      overdraftLimit,
      balanceLimit,
      metadata: metadata === null ? {} : metadata,
      expectedVersion: expectedVersionOf(ifMatch),
      now: utcNow(),
    };
    return this.answer(new ChangeAccountCommand(ledger, command, causation), reply);
  }

  @Post('freeze')
  @HttpCode(HttpStatus.OK)
  @Requires('change-accounts')
  @ApiLedgerParam()
  @ApiAddressParam()
  @ApiOperation({
    summary: 'Freeze an account',
    description:
      'From now on transfers with an entry on it are refused: `all`, or with `debits` those that ' +
      "debit it. Debits take money out of a customer's account, which is a liability; they add to " +
      'an asset.',
  })
  @ApiSuccess(200, FROZEN_EXAMPLE, { revision: 4 })
  @ApiErrors('INVALID_REQUEST', 'LEDGER_NOT_FOUND', 'ACCOUNT_NOT_FOUND', 'ACCOUNT_CLOSED')
  freeze(
    @LedgerParam() ledger: string,
    @AddressParam() address: string,
    @Body() { freeze, reason }: FreezeBody,
    @Caused() causation: Causation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<AccountSnapshot>> {
    const command: AccountCommand = {
      type: 'FreezeAccount',
      address,
      freeze: freeze ?? 'all',
      reason,
      now: utcNow(),
    };
    return this.answer(new ChangeAccountCommand(ledger, command, causation), reply);
  }

  @Post('unfreeze')
  @HttpCode(HttpStatus.OK)
  @Requires('change-accounts')
  @ApiLedgerParam()
  @ApiAddressParam()
  @ApiOperation({ summary: 'Unfreeze an account' })
  @ApiSuccess(200, CHANGED_EXAMPLE, { revision: 5 })
  @ApiErrors('INVALID_REQUEST', 'LEDGER_NOT_FOUND', 'ACCOUNT_NOT_FOUND', 'ACCOUNT_CLOSED')
  unfreeze(
    @LedgerParam() ledger: string,
    @AddressParam() address: string,
    @Body() { reason }: ReasonBody,
    @Caused() causation: Causation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<AccountSnapshot>> {
    const command: AccountCommand = { type: 'UnfreezeAccount', address, reason, now: utcNow() };
    return this.answer(new ChangeAccountCommand(ledger, command, causation), reply);
  }

  @Post('close')
  @HttpCode(HttpStatus.OK)
  @Requires('change-accounts')
  @ApiLedgerParam()
  @ApiAddressParam()
  @ApiOperation({
    summary: 'Close an account, for ever',
    description: 'It must have neither a balance nor pending transfers. Its address stays taken.',
  })
  @ApiSuccess(200, CLOSED_EXAMPLE, { revision: 6 })
  @ApiErrors('INVALID_REQUEST', 'LEDGER_NOT_FOUND', 'ACCOUNT_NOT_FOUND', 'ACCOUNT_NOT_EMPTY')
  close(
    @LedgerParam() ledger: string,
    @AddressParam() address: string,
    @Body() { reason }: ReasonBody,
    @Caused() causation: Causation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<AccountSnapshot>> {
    const command: AccountCommand = { type: 'CloseAccount', address, reason, now: utcNow() };
    return this.answer(new ChangeAccountCommand(ledger, command, causation), reply);
  }

  private async answer(
    command: ChangeAccountCommand,
    reply: FastifyReply,
  ): Promise<Answer<AccountSnapshot>> {
    const { account, revision } = await this.bus.execute(command);
    reply.header('ETag', etagOf(account));
    return { data: account, meta: { revision } };
  }
}
