// What a first start shows: a small bakery's books. Everything has an id of its own and the days are
// fixed, so that seeding twice changes nothing.
import { type LedgerWriters } from '../commands/ledger-writer/ledger-writers.js';
import { NO_RULES } from '../domain/ledger/open-ledger.js';
import { type LedgerCommand } from '../domain/ledger/decide.js';
import { type Causation } from '../event-store/codec.js';
import { utcNow } from '../platform/clock.js';
import { ACCOUNTS } from './demo/accounts.js';
import { posted, storiesAt } from './demo/stories.js';
import { TRANSFERS } from './demo/transfers.js';

const DEMO_LEDGER = 'demo';

const NAME = 'Demo bakery';
const ACTOR = 'daybook:demo';

/**
 * Opens the ledger `demo` with its accounts and transfers, or adds what an interrupted start left out.
 * A ledger of that name that is somebody's own is left alone. Throws what LedgerWriters throws.
 */
export async function seedDemo(writers: LedgerWriters): Promise<void> {
  const { header, decidedAt } = await writers.current(DEMO_LEDGER);
  const now = utcNow();
  const stories = storiesAt(now);
  const isComplete = decidedAt.get(stories.at(-1)?.command.id ?? '') !== undefined;
  if (header && (header.name !== NAME || isComplete)) return;
  await submit(writers, {
    type: 'OpenLedger',
    ledger: DEMO_LEDGER,
    name: NAME,
    assets: [],
    rules: NO_RULES,
    now,
  });
  for (const [address, accountType, currency, overdraftLimit] of ACCOUNTS) {
    const limits = { overdraftLimit, balanceLimit: null };
    const account = { address, accountType, currency, ...limits, metadata: {}, now };
    await submit(writers, { type: 'OpenAccount', ...account });
  }
  for (const [index, line] of TRANSFERS.entries()) {
    await submit(writers, posted(`demo-${index + 1}`, line, now));
  }
  for (const { command, refused = false } of stories) await submit(writers, command, refused);
}

const CAUSATION: Causation = {
  actor: ACTOR,
  requestId: 'demo',
  correlationId: 'demo',
  causationId: 'demo',
  clientAddress: null,
};

async function submit(
  writers: LedgerWriters,
  command: LedgerCommand,
  refused = false,
): Promise<void> {
  const outcome = await writers.submit(DEMO_LEDGER, command, CAUSATION);
  if (outcome.kind === 'recorded' && outcome.event.type.endsWith('Refused') === refused) return;
  const why = outcome.kind === 'rejected' ? outcome.rejection.message : 'the books say otherwise';
  throw new Error(`The demo ledger did not take ${JSON.stringify(command)}: ${why}`);
}
