// `daybook projections parked`: ledgers with an event that cannot be applied, and trying them again.
import { setTimeout as delay } from 'node:timers/promises';
import { type Command } from 'commander';
import { readModelsIn } from '../../../projections/engine/queries.js';
import {
  type ParkedLane,
  parkedLane,
  parkedLanes,
  requestRetry,
  retriesOutstanding,
} from '../../../projections/parked/queries.js';
import { Failure } from '../../platform/failure.js';
import { type RegisterVerb } from '../register-verb.js';
import { createTerminal } from '../terminal.js';
import { type Stores, withStores } from './stores.js';

/** How long a projector may take to get to a lane; a long lane is then still under way. */
const RETRY_PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 200;

export const registerParked: RegisterVerb = (projections: Command) => {
  const parked = projections
    .command('parked')
    .description('ledgers with an event that cannot be applied');
  parked.command('list').description('name them, and say why').action(list);
  parked
    .command('show')
    .description('tell all about one')
    .argument('<ledger>', 'id of the ledger')
    .action(show);
  parked
    .command('retry')
    .description('try again from the event that could not be applied')
    .argument('[ledger]', 'id of the ledger')
    .option('--all', 'every parked ledger')
    .action(retry);
};

interface JsonOption {
  json?: boolean;
}

async function list({ json = false }: JsonOption): Promise<void> {
  const lanes = await withStores(({ pool }) => parkedLanes(readModelsIn(pool)));
  const text = lanes.length === 0 ? 'No ledger is parked.' : lanes.map(line).join('\n');
  createTerminal({ json }).result({ parked: lanes }, text);
}

function line({ ledger, category, revision, eventType, staleSince, reason }: ParkedLane): string {
  return `${ledger} · ${category} · revision ${revision} ${eventType} · since ${staleSince}\n  ${reason}`;
}

async function show(ledger: string, { json = false }: JsonOption): Promise<void> {
  const lane = await withStores(({ pool }) => parkedLane(readModelsIn(pool), ledger));
  if (!lane) throw notParked(ledger);
  const fields = Object.entries(lane).map(([name, value]) => `${name.padEnd(12)}${value}`);
  createTerminal({ json }).result(lane, fields.join('\n'));
}

function notParked(ledger: string): Failure {
  return new Failure('usage', `Ledger "${ledger}" is not parked.`);
}

async function retry(
  ledger: string | undefined,
  { all = false, json = false }: JsonOption & { all?: boolean },
): Promise<void> {
  if ((ledger === undefined) !== all) {
    throw new Failure('usage', 'Say which: the id of a ledger, or --all.');
  }
  const { asked, still } = await withStores((stores) =>
    retried(stores, ledger === undefined ? 'all' : [ledger]),
  );
  if (asked.length === 0 && ledger !== undefined) throw notParked(ledger);
  const resumed = asked.filter((one) => !still.some((lane) => lane.ledger === one));
  if (still.length > 0) {
    throw new Failure('findings', ['Still parked:', ...still.map(line)].join('\n  '));
  }
  const text = resumed.length === 0 ? 'No ledger is parked.' : `Resumed: ${resumed.join(', ')}.`;
  createTerminal({ json }).result({ resumed }, text);
}

async function retried({ pool }: Stores, ledgers: readonly string[] | 'all') {
  const asked = await requestRetry(pool, ledgers);
  const deadline = performance.now() + RETRY_PATIENCE_MS;
  while ((await retriesOutstanding(pool, asked)).length > 0) {
    if (performance.now() >= deadline) throw notTakenUp();
    await delay(LOOK_EVERY_MS);
  }
  const parked = await parkedLanes(readModelsIn(pool));
  return { asked, still: parked.filter(({ ledger }) => asked.includes(ledger)) };
}

function notTakenUp(): Failure {
  return new Failure(
    'infrastructure',
    `No projector was done with it within ${RETRY_PATIENCE_MS / 1_000} s; the request stands. Is one ` +
      'running? Look with "daybook projections parked list".',
  );
}
