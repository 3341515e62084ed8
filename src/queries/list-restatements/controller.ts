import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { invalidRequest } from '../../platform/http/api-error.js';
import { utcByDateOrTime } from '../../platform/http/instant.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { REFLECTED_EXAMPLE } from '../examples.js';
import { PAGE_ERRORS, pageOfLedger } from '../reflecting-query.js';
import { type Restatement, RestatementsParameters } from './dto.js';
import { type RestatementsFilter, RestatementsQuery } from './handler.js';

const EXAMPLE: Restatement = {
  ...{ address: 'customers:42:wallet', type: 'liability', currency: 'EUR' },
  ...{ before: '120.00', after: '100.00', difference: '-20.00' },
  transfers: [
    {
      ...{ id: 'late-0001', change: '-20.00', effectiveAt: '2026-06-15T12:00:00.000Z' },
      ...{ recordedAt: '2026-07-03T09:30:00.000Z', revision: 61 },
    },
  ],
};

@ApiTags('Books')
@Controller('v1/ledgers/:ledger/restatements')
export class RestatementsController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiLedgerParam()
  @ApiOperation({
    summary: 'Balances of the past that back-dated transfers changed, and which transfers',
    description:
      'Balances at `at`, as they were known at `knownFrom` and at `knownTo`: every account of which ' +
      'anything was recorded in between that counts by `at`. All pages are as of the first.',
  })
  @ApiSuccess(200, [EXAMPLE], REFLECTED_EXAMPLE)
  @ApiErrors(...PAGE_ERRORS)
  list(
    @LedgerParam() ledger: string,
    @Query() query: RestatementsParameters,
  ): Promise<Answer<readonly Restatement[]>> {
    const page = pageOfLedger(ledger, query);
    return this.bus.execute(new RestatementsQuery(filterOf(query), page));
  }
}

function filterOf(query: RestatementsParameters): RestatementsFilter {
  const knownFrom = utcByDateOrTime(query.knownFrom) ?? '';
  const knownTo = utcByDateOrTime(query.knownTo);
  if (knownTo !== undefined && knownTo <= knownFrom) {
    const problem = 'not after "knownFrom"';
    throw invalidRequest([{ field: 'knownTo', problem, expected: 'a time after "knownFrom"' }]);
  }
  return { at: utcByDateOrTime(query.at) ?? knownFrom, knownFrom, knownTo };
}
