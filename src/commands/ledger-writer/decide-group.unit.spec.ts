import { ADDRESS_LENGTH_MAX } from '../../domain/ledger/account.js';
import { type LedgerEvent } from '../../domain/ledger/events.js';
import { evolve } from '../../domain/ledger/evolve.js';
import {
  METADATA_KEYS_MAX,
  METADATA_KEY_LENGTH_MAX,
  METADATA_VALUE_LENGTH_MAX,
} from '../../domain/ledger/metadata.js';
import { type PostTransfer } from '../../domain/ledger/post-transfer.js';
import {
  DESCRIPTION_LENGTH_MAX,
  LEGS_MAX,
  REFERENCE_LENGTH_MAX,
} from '../../domain/ledger/transfer-request.js';
import { emptyLedger } from '../../domain/ledger/state.js';
import { AMOUNT_INTEGER_DIGITS_MAX, SCALE_MAX } from '../../domain/money.js';
import { type NewEvent } from '../../event-store/event-store.js';
import { GENESIS_HASH } from '../../event-store/hash-chain.js';
import {
  accountOpened,
  ledgerOpened,
  leg,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import { APPEND_BYTES_MAX, GROUP_COMMANDS_MAX, type Request, decideGroup } from './decide-group.js';

/** What EventStoreDB takes in one append unless it is configured otherwise. */
const STORE_APPEND_BYTES_MAX = 1024 * 1024;
/** Three bytes in UTF-8, the most that a length of one can need. */
const WIDE = '漢';

const causation = {
  actor: WIDE.repeat(255),
  requestId: 'r'.repeat(128),
  correlationId: 'r'.repeat(128),
  causationId: 'r'.repeat(128),
  clientAddress: null,
};
const texts = {
  reference: WIDE.repeat(REFERENCE_LENGTH_MAX),
  description: WIDE.repeat(DESCRIPTION_LENGTH_MAX),
  metadata: Object.fromEntries(
    Array.from({ length: METADATA_KEYS_MAX }, (_, index) => [
      String(index).padStart(METADATA_KEY_LENGTH_MAX, WIDE),
      WIDE.repeat(METADATA_VALUE_LENGTH_MAX),
    ]),
  ),
};

function decided(history: readonly LedgerEvent[], commands: readonly PostTransfer[]) {
  const state = emptyLedger();
  for (const event of history) evolve(state, event);
  const requests: Request[] = commands.map((command) => ({ command, causation }));
  return decideGroup({ stream: 'ledger-shop', state, hash: GENESIS_HASH }, requests);
}

function bytesOf(events: readonly NewEvent[]): number {
  const sent = events.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }));
  return Buffer.byteLength(JSON.stringify(sent));
}

describe('commands decided together', () => {
  const books = [
    ledgerOpened(),
    accountOpened('world', 'asset', { overdraftLimit: null }),
    accountOpened('wallet', 'liability'),
  ];

  it('fit into one append, in whatever script their texts are written', () => {
    const commands = Array.from({ length: GROUP_COMMANDS_MAX }, (_, index) =>
      postTransfer(`t${index}`, [leg('world', 'wallet', '1')], texts),
    );
    const { events, verdicts } = decided(books, commands);
    expect(bytesOf(events) + bytesOf(events.slice(0, 1))).toBeGreaterThan(APPEND_BYTES_MAX);
    expect(bytesOf(events)).toBeLessThanOrEqual(STORE_APPEND_BYTES_MAX);
    expect(verdicts.map(({ request }) => request.command)).toEqual(
      commands.slice(0, events.length),
    );
  });

  it.each([
    ['posted', null],
    ['refused', '9'.repeat(AMOUNT_INTEGER_DIGITS_MAX)],
  ])('leave room for the largest transfer, %s', (_outcome, overdraftLimit) => {
    const currency = 'A'.repeat(16);
    const address = (index: number) => String(index).padStart(ADDRESS_LENGTH_MAX, 'a');
    const most = `${'9'.repeat(AMOUNT_INTEGER_DIGITS_MAX)}.${'9'.repeat(SCALE_MAX)}`;
    const legs = Array.from({ length: LEGS_MAX }, (_, index) =>
      leg(address(2 * index), address(2 * index + 1), most, currency),
    );
    const accounts = legs.flatMap(({ debit, credit }) => [
      accountOpened(debit, 'liability', { currency, overdraftLimit, balanceLimit: most }),
      accountOpened(credit, 'liability', { currency, overdraftLimit, balanceLimit: most }),
    ]);
    const ledger = ledgerOpened({ assets: [{ code: currency, scale: SCALE_MAX }] });
    const { events } = decided([ledger, ...accounts], [postTransfer('largest', legs, texts)]);
    const type = overdraftLimit === null ? 'TransferPosted' : 'TransferRefused';
    expect(events.map((event) => event.type)).toEqual([type]);
    expect(bytesOf(events)).toBeLessThan(APPEND_BYTES_MAX);
  });
});
