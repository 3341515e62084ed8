// docs/data-dictionary.md, made from what the database says of itself.
import { type Pool } from 'pg';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

interface View {
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly Column[];
}

interface Routine {
  readonly call: string;
  readonly result: string;
  readonly comment: string;
}

/** Rows of `many` name a row of `one`, in the same ledger, by these columns: theirs to its. */
export interface Relation {
  readonly one: string;
  readonly many: string;
  readonly by: Readonly<Record<string, string>>;
  /** How many there are for each, as Mermaid draws it. */
  readonly arrow: '||--o{' | '||--o|' | '||--||';
}

export const RELATIONS: readonly Relation[] = [
  { one: 'ledger', many: 'account', by: {}, arrow: '||--o{' },
  { one: 'ledger', many: 'transfer', by: {}, arrow: '||--o{' },
  { one: 'ledger', many: 'refusal', by: {}, arrow: '||--o{' },
  { one: 'ledger', many: 'trial_balance', by: {}, arrow: '||--o{' },
  { one: 'account', many: 'account_balance', by: { account: 'address' }, arrow: '||--||' },
  { one: 'account', many: 'account_balance_day', by: { account: 'address' }, arrow: '||--o{' },
  { one: 'account', many: 'entry', by: { account: 'address' }, arrow: '||--o{' },
  { one: 'transfer', many: 'entry', by: { transfer_id: 'id' }, arrow: '||--o{' },
  { one: 'transfer', many: 'transfer_leg', by: { transfer_id: 'id' }, arrow: '||--o{' },
  { one: 'transfer', many: 'transfer_act', by: { transfer_id: 'id' }, arrow: '||--o{' },
  { one: 'transfer', many: 'exchange', by: { transfer_id: 'id' }, arrow: '||--o|' },
  {
    ...{ one: 'transfer', many: 'transfer_account', arrow: '||--o{' },
    by: { revision: 'revision', batch_index: 'batch_index' },
  },
];

const OPENING = `# Data dictionary

The schema \`reporting\`: what analysts read. [analysts.md](analysts.md) shows how to connect, and what to ask.

- Amounts are \`numeric\`: exact, in units of their currency; columns that end in \`_minor\` have the same as whole minor
  units. Times are \`timestamptz\`; days are days of UTC.
- \`revision\`, \`position\` and \`event_id\` name the event that a row comes from, or that changed it last.
- Names, types and order of columns are a contract: what is new comes at the end.

<!-- Made from the comments in the database by \`npm run docs:dictionary\`. -->
`;

const VIEWS = `
  SELECT relname AS name, obj_description(pg_class.oid, 'pg_class') AS comment,
    json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod),
      'comment', col_description(attrelid, attnum)) ORDER BY attnum) AS columns
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0
  WHERE relnamespace = 'reporting'::regnamespace
  GROUP BY pg_class.oid ORDER BY relname`;

const ROUTINES = `
  SELECT format('%s(%s)', proname, pg_get_function_arguments(oid)) AS call,
    pg_get_function_result(oid) AS result, obj_description(oid, 'pg_proc') AS comment
  FROM pg_proc WHERE pronamespace = 'reporting'::regnamespace ORDER BY proname`;

export async function dictionaryPage(database: Pool): Promise<string> {
  const { rows: views } = await database.query<View>(VIEWS);
  const { rows: routines } = await database.query<Routine>(ROUTINES);
  return [
    OPENING,
    ...diagram(views),
    ...views.flatMap(viewSection),
    ...routines.flatMap(routineSection),
  ].join('\n');
}

/** Each view with the columns by which it is joined. */
function diagram(views: readonly View[]): string[] {
  const joined = ({ name }: View) =>
    RELATIONS.flatMap(({ one, many, by }) => [
      ...(one === name ? ['ledger', ...Object.values(by)] : []),
      ...(many === name ? ['ledger', ...Object.keys(by)] : []),
    ]);
  const entities = views.flatMap((view) => {
    const columns = view.columns.filter(({ name }) => joined(view).includes(name));
    const lines = columns.map(({ name, type }) => `    ${type} ${name}`);
    return lines.length === 0 ? [] : [`  ${view.name} {`, ...lines, '  }'];
  });
  const relations = RELATIONS.map(({ one, many, by, arrow }) => {
    const label = ['ledger', ...Object.keys(by)].join(', ');
    return `  ${one} ${arrow} ${many} : "${label}"`;
  });
  return ['```mermaid', 'erDiagram', ...relations, ...entities, '```', ''];
}

function viewSection({ name, comment, columns }: View): string[] {
  const lines = columns.map(
    (column) => `- \`${column.name}\` ${column.type}: ${escaped(column.comment)}`,
  );
  return [`## ${name}`, '', escaped(comment), '', ...lines, ''];
}

function routineSection({ call, result, comment }: Routine): string[] {
  const [name = ''] = call.split('(');
  return [`## ${name}()`, '', `\`${call}\` returns \`${result}\`.`, '', escaped(comment), ''];
}

/** What Markdown would take for something else. */
function escaped(text: string): string {
  return text.replace(/[*<]/g, '\\$&');
}
