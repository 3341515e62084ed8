// The schema `reporting`: views of the live generation and functions on its tables, each with its
// comments. All of it is made anew whenever another generation becomes the live one.
import { type ClientBase, escapeLiteral } from 'pg';
import { READ_MODELS } from '../registry.js';
import { EVENT_PLACE, type ReportingFunction, type View } from './read-model.js';

/** Every view, as it is when that generation is the live one. */
export function reportingViews(generation: number): readonly View[] {
  const others = READ_MODELS.flatMap(({ views }) => views);
  return [...others, freshness(generation), PARKED_LANE];
}

const PARKED_LANE: View = {
  name: 'parked_lane',
  comment:
    'Ledgers with an event that could not be applied: nothing of such a ledger is applied from that ' +
    'event on, so that its rows in all views are as they were before. Empty when all is well.',
  key: ['ledger'],
  columns: {
    ledger: 'Id of the ledger.',
    stale_since: 'When the event was recorded: what was recorded before is in the rows.',
    category:
      'Why: unknown_type, corrupt_payload or upcast (the event cannot be read), contiguity (events ' +
      'before it are missing), invariant (a rule of the books is broken), db_permanent (the rows ' +
      'contradict those that are there).',
    reason: 'What is wrong with the event, in words.',
    event_type: 'Type of the event, as it is stored.',
    revision: `${EVENT_PLACE.revision} Of the event that could not be applied.`,
    position: `${EVENT_PLACE.position} Of the event that could not be applied.`,
    event_id: `${EVENT_PLACE.event_id} Of the event that could not be applied.`,
  },
  select: (_, generation) =>
    `SELECT ledger, stale_since, category, reason, event_type, revision, position, event_id
     FROM daybook.parked_lane WHERE generation = ${generation}`,
};

const REPORTING_FUNCTIONS: readonly ReportingFunction[] = READ_MODELS.flatMap(
  ({ functions = [] }) => functions,
);

function freshness(generation: number): View {
  return {
    name: 'freshness',
    comment:
      'How far the rows of all views reflect the log: exactly one row. Read it in the statement that ' +
      'reads the rows, and both are of the same moment.',
    key: [],
    columns: {
      generation: 'Number of the set of tables that the views show; grows with every rebuild.',
      position: `${EVENT_PLACE.position} Of the last event applied; null before the first.`,
      event_id: 'Id of the last event applied; null before the first.',
      ledger: 'Ledger of the last event applied; null before the first.',
      revision:
        'Place of the last event applied in the stream of its ledger; null before the first.',
      recorded_at: 'When the last event applied was recorded; null before the first.',
      events: 'Events applied so far.',
      verified_position:
        'Position at which every row was last proven to follow from the log; null before the first time.',
      verified_at: 'When that was; null before the first time.',
      projection: 'Which read models the row is about: all, for they have one position together.',
      applied_at:
        'When the last event was applied, by the clock of this database; null before the first.',
      lag:
        'How long after its recording the last event was applied. It tells how fast rows follow the ' +
        'log, not whether there is more in it. Null before the first.',
    },
    select: () => `SELECT generation, position, event_id, ledger, revision, recorded_at, events,
         verified_position, verified_at, applied_at,
         'all' AS projection, greatest(applied_at - recorded_at, '0') AS lag
       FROM daybook.checkpoint LEFT JOIN daybook.verification USING (generation)
       WHERE generation = ${generation}`,
  };
}

/**
 * Makes the views show this generation, whose tables are in `schema`. In the caller's transaction: from the
 * first view on, queries wait for its end, so that views come last and what is so already is left.
 */
export async function pointViewsAt(
  database: ClientBase,
  generation: number,
  schema: string,
): Promise<void> {
  await database.query(defineFunctions('reporting', schema));
  const views = reportingViews(generation);
  await database.query(defineViews(views, schema, generation));
  const missing = await missingComments(database, views);
  if (missing.length > 0) await database.query(missing.join(';\n'));
  // Where the role cannot be made, nobody is admitted: "daybook analyst" says so to whoever asks.
  await database.query('SELECT daybook.admit_analysts()');
}

/** The statements that make all views and functions in a schema without any. */
export function definitionsIn(place: string, generation: number, schema: string): string {
  const views = reportingViews(generation).map((view) =>
    createView(place, view.select(schema, generation), view),
  );
  return [defineFunctions(place, schema), ...views].join(';\n');
}

/** A comment of the schema, by what it is on. */
interface Comment {
  readonly on: string;
  readonly text: string;
}

// A view or a function that is replaced keeps its comments.
async function missingComments(database: ClientBase, views: readonly View[]): Promise<string[]> {
  const { rows } = await database.query<Comment>(
    `SELECT 'VIEW reporting.' || relname AS on, description AS text FROM pg_class
       JOIN pg_description ON objoid = pg_class.oid AND classoid = 'pg_class'::regclass AND objsubid = 0
     WHERE relnamespace = 'reporting'::regnamespace
     UNION ALL SELECT 'COLUMN reporting.' || relname || '.' || attname, description FROM pg_class
       JOIN pg_attribute ON attrelid = pg_class.oid
       JOIN pg_description ON objoid = attrelid AND classoid = 'pg_class'::regclass AND objsubid = attnum
     WHERE relnamespace = 'reporting'::regnamespace
     UNION ALL SELECT 'FUNCTION reporting.' || proname, description FROM pg_proc
       JOIN pg_description ON objoid = pg_proc.oid AND classoid = 'pg_proc'::regclass
     WHERE pronamespace = 'reporting'::regnamespace`,
  );
  const there = new Map(rows.map(({ on, text }) => [on, text]));
  const due = [
    ...views.flatMap(commentsOn),
    ...REPORTING_FUNCTIONS.map((one) => ({
      on: `FUNCTION reporting.${one.name}`,
      text: toldOf(one),
    })),
  ];
  return due
    .filter(({ on, text }) => there.get(on) !== text)
    .map(({ on, text }) => `COMMENT ON ${on} IS ${escapeLiteral(text)}`);
}

// One statement, so that one limit of time holds for all together. Views of a newer version may
// have columns or be views that this one lacks, and Postgres only ever adds some: then all are made anew.
function defineViews(views: readonly View[], schema: string, generation: number): string {
  const definitions = views
    .map((view) => `${createView('reporting', view.select(schema, generation), view)};`)
    .join('\n');
  return `DO $views$ BEGIN
    ${definitions}
  EXCEPTION WHEN invalid_table_definition THEN
    EXECUTE (SELECT 'DROP VIEW ' || string_agg(format('reporting.%I', viewname), ', ')
      FROM pg_views WHERE schemaname = 'reporting');
    ${definitions}
  END $views$`;
}

function createView(place: string, select: string, { name, columns }: View): string {
  return `CREATE OR REPLACE VIEW ${place}.${name} AS
    SELECT ${Object.keys(columns).join(', ')} FROM (${select}) AS found`;
}

function commentsOn({ name, comment, key, columns }: View): Comment[] {
  return [
    { on: `VIEW reporting.${name}`, text: [comment, ...keyTold(key)].join(' ') },
    ...Object.entries(columns).map(([column, text]) => ({
      on: `COLUMN reporting.${name}.${column}`,
      text,
    })),
  ];
}

function keyTold(key: View['key']): string[] {
  return key.length === 0 ? [] : [`Key: ${key.join(', ')}.`];
}

function defineFunctions(place: string, schema: string): string {
  return REPORTING_FUNCTIONS.map((one) => createFunction(place, schema, one)).join(';\n');
}

function createFunction(place: string, schema: string, routine: ReportingFunction): string {
  const { name, parameters, returns, body } = routine;
  const declared = Object.entries(parameters).map(([parameter, { type, default: otherwise }]) =>
    otherwise === undefined ? `${parameter} ${type}` : `${parameter} ${type} DEFAULT ${otherwise}`,
  );
  return `CREATE OR REPLACE FUNCTION ${place}.${name}(${declared.join(', ')})
    RETURNS ${returned(returns)} LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER SET search_path = pg_catalog AS ${escapeLiteral(body(schema))}`;
}

function returned(returns: ReportingFunction['returns']): string {
  if (!('columns' in returns)) return returns.type;
  const columns = Object.entries(returns.columns).map(([column, { type }]) => `${column} ${type}`);
  return `TABLE (${columns.join(', ')})`;
}

// Postgres keeps no comment of a parameter or of a column that is returned: the function's own has them.
function toldOf({ comment, parameters, returns }: ReportingFunction): string {
  const answers = 'columns' in returns ? returns.columns : { 'The answer': returns };
  const list = Object.entries({ ...parameters, ...answers });
  const lines = list.map(([name, { comment: meaning }]) => `- ${name}: ${meaning}`);
  return `${comment}\n\n${lines.join('\n')}`;
}
