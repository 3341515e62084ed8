// Exchanges between customers' accounts in two currencies, at odd rates, rounded in every way there is.
import { ADDRESSES, CURRENCIES, liquidityOf, roundingOf } from '../customers.js';
import { type Draws } from '../draws.js';
import { type Memory } from '../memory.js';
import { type Asked } from '../requests.js';
import { idFor } from './ids.js';
import { amountOf } from './transfers.js';

const RATES = ['1', '163.25', '0.0061', '1.0857', '0.333333333333333333', '99999.5', '0.00001234'];
const MODES = ['half-even', 'half-up', 'half-down', 'up', 'down'];

export function exchange(draws: Draws, memory: Memory): Asked<'exchange-money'> {
  const sold = draws.pick(CURRENCIES);
  const bought = draws.pick(CURRENCIES.filter(({ code }) => code !== sold.code));
  const amount = draws.chance(0.6)
    ? { sell: amountOf(sold.scale, draws) }
    : { buy: amountOf(bought.scale, draws) };
  return {
    kind: 'exchange-money',
    ...idFor(draws, memory),
    from: draws.zipf(ADDRESSES[sold.code]),
    to: draws.zipf(ADDRESSES[bought.code]),
    ...amount,
    rate: draws.pick(RATES),
    ...(draws.chance(0.5) && { source: 'drawn by lot' }),
    via: { sell: liquidityOf(sold.code), buy: liquidityOf(bought.code) },
    rounding: { mode: draws.pick(MODES), account: roundingOf(bought.code) },
  };
}
