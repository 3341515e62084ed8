import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type AccountSnapshot } from '../../domain/ledger/account-snapshot.js';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { type ApiError, invalidRequest } from '../../platform/http/api-error.js';
import { etagOf } from '../../platform/http/etag.js';
import { problemWith } from '../../platform/http/fields.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import {
  AddressParam,
  ApiAddressParam,
  ApiLedgerParam,
  LedgerParam,
} from '../../platform/http/path-params.js';
import { ACCOUNT_EXAMPLE, DIGEST_EXAMPLE, REFLECTED_EXAMPLE } from '../examples.js';
import { AsOfQuery, asOf, isOfAnotherTime } from '../as-of.js';
import { minRevisionOf } from '../reflecting-query.js';
import { type AccountAsOf, AccountAsOfQuestion } from './as-of.js';
import { type Consistency, GetAccountQuery } from './handler.js';

const CONSISTENCY_HEADER = 'Daybook-Consistency';

@ApiTags('Accounts')
@Controller('v1/ledgers/:ledger/accounts/:address')
export class GetAccountController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiLedgerParam()
  @ApiAddressParam()
  @ApiHeader({ name: CONSISTENCY_HEADER, required: false, schema: { enum: ['strong'] } })
  @ApiOperation({
    summary: 'One account with its balances',
    description:
      'From the read model, which follows within milliseconds; `minRevision` waits for it. ' +
      `\`${CONSISTENCY_HEADER}: strong\` asks the write side instead. \`ETag\` is the version. ` +
      '`meta.digest` is a digest of its entries up to the position that the answer reflects, which ' +
      'anybody can recompute from them. With `at`, `knownAt` or both it tells the balance at another ' +
      'time, and of the rest only what does not change: without `at`, everything recorded counts.',
  })
  @ApiSuccess(200, ACCOUNT_EXAMPLE, { ...REFLECTED_EXAMPLE, digest: DIGEST_EXAMPLE })
  @ApiErrors(
    'INVALID_REQUEST',
    'LEDGER_NOT_FOUND',
    'ACCOUNT_NOT_FOUND',
    'READ_MODEL_UNAVAILABLE',
    'READ_MODEL_BEHIND',
    'EVENT_STORE_UNAVAILABLE',
  )
  async get(
    @LedgerParam() ledger: string,
    @AddressParam() address: string,
    @Query() query: AsOfQuery,
    @Headers(CONSISTENCY_HEADER.toLowerCase()) header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<AccountSnapshot | AccountAsOf>> {
    const times = asOf(query);
    if (isOfAnotherTime(times)) {
      if (header !== undefined) throw onlyOfThePresent(header);
      return this.bus.execute(
        new AccountAsOfQuestion(ledger, address, times, minRevisionOf(query)),
      );
    }
    const consistency = consistencyOf(header, query);
    const answer = await this.bus.execute(new GetAccountQuery(ledger, address, consistency));
    reply.header('ETag', etagOf(answer.data));
    return answer;
  }
}

function onlyOfThePresent(header: string): ApiError {
  const expected = 'no such header with "at" or "knownAt": the write side knows the present only';
  return invalidRequest([{ field: CONSISTENCY_HEADER, problem: problemWith(header), expected }]);
}

function consistencyOf(header: string | undefined, query: AsOfQuery): Consistency {
  if (header === undefined) return { minRevision: minRevisionOf(query) };
  if (header === 'strong') return 'strong';
  const expected = '"strong", or no such header';
  throw invalidRequest([{ field: CONSISTENCY_HEADER, problem: problemWith(header), expected }]);
}
