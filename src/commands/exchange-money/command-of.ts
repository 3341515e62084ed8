import { type ExchangeMoney } from '../../domain/ledger/exchange-money.js';
import { utcNow } from '../../platform/clock.js';
import { invalidRequest } from '../../platform/http/api-error.js';
import { utcOf } from '../../platform/http/instant.js';
import { conditionsOf } from '../post-transfer/conditions.js';
import { type ExchangeMoneyBody } from './dto.js';

/** What a request asks of the ledger. Throws ApiError INVALID_REQUEST unless it has one of two amounts. */
export function exchangeMoneyOf(id: string, body: ExchangeMoneyBody): ExchangeMoney {
  const { from, to, rate, via, rounding } = body;
  return {
    type: 'ExchangeMoney',
    ...{ id, from, to, rate, ...amountGiven(body) },
    source: body.source ?? null,
    via: { sell: via.sell, buy: via.buy },
    rounding: { mode: rounding.mode ?? 'half-even', account: rounding.account },
    effectiveAt: utcOf(body.effectiveAt) ?? null,
    reference: body.reference ?? null,
    description: body.description ?? null,
    metadata: body.metadata ?? {},
    conditions: conditionsOf(body.conditions),
    now: utcNow(),
  };
}

function amountGiven({ sell, buy }: ExchangeMoneyBody): Pick<ExchangeMoney, 'given' | 'amount'> {
  const [sold, bought] = [sell ?? null, buy ?? null];
  if (sold !== null && bought === null) return { given: 'sell', amount: sold };
  if (sold === null && bought !== null) return { given: 'buy', amount: bought };
  const problem = sold === null ? 'missing, and so is buy' : 'given together with buy';
  throw invalidRequest([{ field: 'sell', problem, expected: 'exactly one of sell and buy' }]);
}
