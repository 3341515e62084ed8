// `daybook projections status`.
import { setTimeout as delay } from 'node:timers/promises';
import { readModelsIn } from '../../../projections/engine/queries.js';
import { READ_MODELS } from '../../../projections/registry.js';
import { type ProjectionStatus, projectionStatus } from '../../../projections/status/queries.js';
import { type RegisterVerb } from '../register-verb.js';
import { createTerminal } from '../terminal.js';
import { withStores } from './stores.js';

export const registerStatus: RegisterVerb = (projections) => {
  projections
    .command('status')
    .description('show how far each is, and how far behind the log')
    .option('--watch', 'look every two seconds, and show what changed, until stopped')
    .action(status);
};

interface Options {
  watch?: boolean;
  json?: boolean;
}

const LOOK_EVERY_MS = 2_000;

async function status({ watch = false, json = false }: Options): Promise<void> {
  const terminal = createTerminal({ json });
  const stopping = new AbortController();
  if (watch) {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
  }
  const { signal } = stopping;
  await withStores(async ({ pool, store }) => {
    let shown = '';
    do {
      const statuses = await projectionStatus(readModelsIn(pool), store);
      const text = statuses.map(statusLine).join('\n');
      if (text !== shown) terminal.result({ projections: statuses }, text);
      shown = text;
      if (watch) await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    } while (watch && !signal.aborted);
  });
}

function statusLine(status: ProjectionStatus): string {
  const { projection, generation, state, ledger, revision, position } = status;
  const { events, lag, parkedLanes, paused } = status;
  const place = position === null ? 'nothing yet' : `position ${position}, ${ledger}@${revision}`;
  const behind = lag === null ? 'lag unknown' : lag === 0 ? 'caught up' : `${lag} events behind`;
  const words = [`generation ${generation}`, state, place, `${events} events`, behind];
  words.push(verifiedText(status));
  if (parkedLanes > 0) words.push(`${parkedLanes} ledgers parked`);
  if (paused) words.push(`paused by ${paused.actor} since ${paused.since}: ${paused.reason}`);
  return `${projection.padEnd(NAME_WIDTH)}${words.join(' · ')}`;
}

function verifiedText({ verifiedPosition, findings }: ProjectionStatus): string {
  if (findings !== null && findings > 0) return `${findings} FINDINGS: see daybook doctor`;
  return verifiedPosition === null ? 'not verified yet' : `verified at ${verifiedPosition}`;
}

const NAME_WIDTH = 2 + Math.max(...READ_MODELS.map(({ name }) => name.length));
