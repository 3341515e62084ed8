// A busy ledger, back-dated and dated ahead at random, long enough for several blocks of past sums.
import { BLOCK_LENGTH } from '../../projections/balance-history/table.js';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { leg, openAccount, openLedger, postTransfer } from './ledger-factories.js';
import {
  captureTransfer,
  holdTransfer,
  postBatch,
  reverseTransfer,
  written,
} from './transfer-factories.js';

export const START = Date.parse('2026-03-01T00:00:00.000Z');
export const DAY_MS = 24 * 60 * 60 * 1000;
/** More than two blocks of the account that is in all of them, and of the ledger. */
const COMMANDS = 2 * BLOCK_LENGTH + 900;
export const CUSTOMERS = 6;

/** A random whole number from 0 up to the limit, without it. */
type Below = (limit: number) => number;

export const instant = (ms: number) => new Date(ms).toISOString();

/** Often the time of recording, often a whole day long ago or ahead, and sometimes anything. */
function effectiveAt(below: Below, now: number): string {
  const kind = below(4);
  if (kind === 0) return instant(now);
  const days = below(40) - 35;
  if (kind === 1) return instant(START + days * DAY_MS);
  return instant(now + days * DAY_MS + below(DAY_MS));
}

function command(below: Below, number: number, at: number): LedgerCommand {
  const id = `t-${number}`;
  const now = instant(at);
  const customer = () => `customers:${below(CUSTOMERS)}`;
  const deposit = () => leg('cash', customer(), `${1 + below(900)}.${10 + below(90)}`);
  switch (below(12)) {
    case 0:
      return { ...holdTransfer(id, [deposit(), deposit()]), now };
    case 1:
      return { ...captureTransfer(id, `t-${number - 1 - below(30)}`), now };
    case 2:
      return { ...reverseTransfer(id, `t-${number - 1 - below(30)}`, { amount: '0.50' }), now };
    case 3: {
      const transfers = Array.from({ length: 1 + below(4) }, (_, index) =>
        written(`${id}-${index}`, [deposit(), deposit()], { effectiveAt: effectiveAt(below, at) }),
      );
      return { ...postBatch(id, transfers), now };
    }
    case 4:
      return postTransfer(id, [leg('cash-usd', 'ann-usd', '7.25')], {
        ...{ effectiveAt: effectiveAt(below, at), now },
      });
    default:
      return postTransfer(id, [deposit()], { effectiveAt: effectiveAt(below, at), now });
  }
}

/** The commands of ledger `shop`. Some that act on a transfer meet none that can be acted on. */
export function backDatedCommands(below: Below): LedgerCommand[] {
  let at = START;
  const opening = { now: instant(START), overdraftLimit: null };
  const asset = (address: string, currency: string) =>
    openAccount({ address, currency, accountType: 'asset', ...opening });
  const customers = Array.from({ length: CUSTOMERS }, (_, index) =>
    openAccount({ address: `customers:${index}`, ...opening }),
  );
  return [
    openLedger({ now: opening.now }),
    ...[asset('cash', 'EUR'), asset('cash-usd', 'USD')],
    ...[openAccount({ address: 'ann-usd', currency: 'USD', ...opening }), ...customers],
    ...Array.from({ length: COMMANDS }, (_, number) => {
      // Several in the same millisecond, and pauses of hours.
      at += below(3) * below(2 * 60 * 60 * 1000) * (number % 5 === 0 ? 1 : 0);
      return command(below, number, at);
    }),
  ];
}
