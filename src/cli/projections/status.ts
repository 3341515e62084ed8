// `daybook projections status`.
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
    .action(status);
};

async function status({ json = false }: { json?: boolean }): Promise<void> {
  const statuses = await withStores(({ pool, store }) =>
    projectionStatus(readModelsIn(pool), store),
  );
  createTerminal({ json }).result({ projections: statuses }, statuses.map(statusLine).join('\n'));
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
