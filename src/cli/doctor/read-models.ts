// Whether the read models are of this version and of this log, up to date, whole and proven.
import { type ClientBase, type Pool } from 'pg';
import { changedDefinitions } from '../../../projections/engine/changed-definitions.js';
import { type Checkpoint, readCheckpoint } from '../../../projections/engine/checkpoint.js';
import { withConnection } from '../../../projections/engine/connection.js';
import { type Generation, readGenerations } from '../../../projections/engine/generations.js';
import { readModelsIn } from '../../../projections/engine/queries.js';
import { AnotherLog, assertSameLog } from '../../../projections/engine/same-log.js';
import { READ_MODELS_VERSION } from '../../../projections/registry.js';
import { projectionStatus, projectorLockHolder } from '../../../projections/status/queries.js';
import { lastVerification } from '../../../projections/verify/verification-record.js';
import { findingText } from '../../../projections/verify/finding.js';
import { type EventStore } from '../../event-store/event-store.js';
import { type Examination, bad, ok, warn } from './diagnosis.js';

const REBUILD = 'daybook projections rebuild --all';
const VERIFIED_AGE_MAX_MS = 24 * 60 * 60 * 1_000;

interface Stores {
  readonly store: EventStore;
  /** Of at least two connections. */
  readonly pool: Pool;
}

export function readModelExaminations(stores: Stores): Examination[] {
  const { pool } = stores;
  return [
    { name: 'projector', examine: () => projector(pool) },
    { name: 'generations', examine: () => generations(pool) },
    { name: 'log identity', examine: () => logIdentity(stores) },
    { name: 'lag', examine: () => lag(stores) },
    { name: 'parked ledgers', examine: () => parkedLedgers(pool) },
    { name: 'views', examine: () => views(pool) },
    { name: 'verification', examine: () => verification(pool) },
  ];
}

async function projector(pool: Pool) {
  const holder = await projectorLockHolder(readModelsIn(pool));
  if (!holder) return bad('none is active: read models do not follow', 'daybook projector');
  if (!holder.isOutsider) return ok('one is active');
  return bad(
    `the login ${holder.role} holds the lock by which projectors take turns`,
    `ask what it is doing there, and end it: SELECT pg_terminate_backend(${holder.pid})`,
  );
}

async function live(database: ClientBase): Promise<Generation | undefined> {
  return (await readGenerations(database)).find(({ state }) => state === 'live');
}

async function generations(pool: Pool) {
  const all = await readGenerations(pool);
  const current = all.find(({ state }) => state === 'live');
  if (!current) return warn('no read models yet', 'daybook projector');
  const { number, version } = current;
  if (version !== READ_MODELS_VERSION) {
    return bad(`the live one is of version ${version}, not ${READ_MODELS_VERSION}`, REBUILD);
  }
  const retired = all.filter(({ state }) => state === 'retired');
  if (retired.length === 0) return ok(`generation ${number} is live, of this version`);
  const names = retired.map((generation) => generation.number).join(', ');
  return warn(
    `generation ${names} is retired and takes room`,
    'daybook projections drop --retired',
  );
}

async function logIdentity({ store, pool }: Stores) {
  const checkpoint = await withConnection(pool, async (database) => {
    const current = await live(database);
    return current && (await readCheckpoint(database, current.number));
  });
  if (!checkpoint?.last) return ok('nothing was applied yet');
  return sameLog(store, checkpoint);
}

async function sameLog(store: EventStore, checkpoint: Checkpoint) {
  try {
    await assertSameLog(store, checkpoint);
    return ok(`the log holds the last event applied, ${checkpoint.last?.id}`);
  } catch (error) {
    if (!(error instanceof AnotherLog)) throw error;
    return bad('the log does not hold the last event applied', error.message);
  }
}

async function lag({ store, pool }: Stores) {
  const [status] = await projectionStatus(readModelsIn(pool), store);
  if (!status) return ok('nothing to follow yet');
  if (status.lag === null) return warn('the log does not tell', 'see "event store" above');
  if (status.lag === 0) return ok(`none, at position ${status.position}`);
  return warn(`${status.lag} events behind`, 'daybook projections status, again in a while');
}

async function parkedLedgers(pool: Pool) {
  const { rows } = await pool.query<{ ledger: string; revision: string; reason: string }>(
    `SELECT ledger, revision, reason FROM daybook.parked_lane
     JOIN daybook.generation ON number = generation WHERE state = 'live' ORDER BY ledger`,
  );
  const [first] = rows;
  if (!first) return ok('none');
  const said = `${rows.length}; ${first.ledger} since revision ${first.revision}: ${first.reason}`;
  return bad(said, 'daybook projections parked list');
}

async function views(pool: Pool) {
  const changed = await changedDefinitions(pool);
  if (changed.length === 0) return ok('those of "reporting" are as this version makes them');
  const names = changed.map(
    ({ name, isMissing }) => `${name} is ${isMissing ? 'gone' : 'another'}`,
  );
  return bad(names.join(', '), `${REBUILD}, which makes them anew`);
}

async function verification(pool: Pool) {
  const last = await lastVerification(pool);
  if (!last) return warn('nothing was verified yet', 'daybook projections verify --all');
  const { findingCount, findings, verifiedPosition, verifiedAt } = last;
  const [first] = findings;
  if (findingCount > 0) {
    const said = `${findingCount} findings${first ? `; ${findingText(first)}` : ''}`;
    return bad(said, `daybook projections verify --all; where the log is whole, ${REBUILD}`);
  }
  const said = `every row was proven at position ${verifiedPosition}, ${verifiedAt}`;
  const isOld = verifiedAt === null || Date.now() - Date.parse(verifiedAt) > VERIFIED_AGE_MAX_MS;
  return isOld ? warn(said, 'daybook projections verify --all') : ok(said);
}
