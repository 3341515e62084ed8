// What a file holds, told by its header: accounts to open, or transfers to post.
import { Failure } from '../../platform/failure.js';

export type ImportKind = 'accounts' | 'transfers';

export interface Layout {
  readonly kind: ImportKind;
  readonly columns: readonly string[];
}

interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const COLUMNS: Record<ImportKind, Columns> = {
  accounts: {
    required: ['address', 'type', 'currency'],
    optional: ['overdraftLimit', 'balanceLimit'],
  },
  transfers: {
    required: ['debit', 'credit', 'amount', 'currency'],
    optional: ['id', 'effectiveAt', 'reference', 'description'],
  },
};

export const METADATA_PREFIX = 'metadata.';
/** The API does not take it either: it could change how JSON is read. */
const REFUSED_KEY = '__proto__';

const FORMATS = (['accounts', 'transfers'] as const)
  .map((kind) => `  ${kind}: ${describe(COLUMNS[kind])}`)
  .join('\n');

/** Reads the header. Throws a Failure with everything that is wrong with it. */
export function layoutOf(header: readonly string[]): Layout {
  const columns = header.map((name) => name.trim());
  const kind = kindOf(columns);
  const problems = kind ? problemsOf(columns, COLUMNS[kind]) : [unrecognised(columns)];
  if (!kind || problems.length > 0) {
    const help = `A file has one of these headers:\n${FORMATS}`;
    throw new Failure('usage', `${problems.join('\n')}\n${help}`);
  }
  return { kind, columns };
}

function kindOf(columns: readonly string[]): ImportKind | undefined {
  if (columns.includes('address')) return 'accounts';
  return columns.includes('debit') || columns.includes('credit') ? 'transfers' : undefined;
}

function problemsOf(columns: readonly string[], { required, optional }: Columns): string[] {
  const missing = required.filter((name) => !columns.includes(name));
  const unknown = columns.filter(
    (name) =>
      !required.includes(name) &&
      !optional.includes(name) &&
      !(name.startsWith(METADATA_PREFIX) && name.length > METADATA_PREFIX.length),
  );
  const refused = columns.filter((name) => name === `${METADATA_PREFIX}${REFUSED_KEY}`);
  const twice = columns.filter((name, index) => columns.indexOf(name) !== index);
  return [
    ...(missing.length > 0 ? [`The header lacks ${quoted(missing)}.`] : []),
    ...(unknown.length > 0 ? [`The header names unknown columns: ${quoted(unknown)}.`] : []),
    ...(refused.length > 0 ? [`Metadata cannot have the key "${REFUSED_KEY}".`] : []),
    ...(twice.length > 0 ? [`The header names a column twice: ${quoted(twice)}.`] : []),
  ];
}

function unrecognised(columns: readonly string[]): string {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined && /[;\t|]/.test(only)) {
    return 'The columns are not separated by commas.';
  }
  return `The first line is not a header that Daybook knows: ${quoted(columns)}.`;
}

function describe({ required, optional }: Columns): string {
  return [...required, ...optional.map((name) => `[${name}]`), '[metadata.<key> ...]'].join(',');
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
