// Sums of the hashes of rows, in buckets by table, ledger and revision. A sum does not depend on the order of
// its rows, so each side adds its own in whichever order it comes by them; where two sums differ, rows do,
// and only those buckets have to be looked at row by row.
import { hash } from 'node:crypto';
import { type RowChange, type Table } from '../../engine/table.js';

/** Revisions to a bucket. */
const BUCKET_REVISIONS = 1_024;
/** Of the SHA-256 of a row's text, so much is added up. */
const HASHED_DIGITS = 16;

/**
 * Some rows of one table and ledger, which are hashed together: those of a range of revisions, and of one
 * place in batches, so that they are never very many; or the one with a key where rows do not belong to
 * one revision.
 */
export interface Bucket {
  readonly table: Table;
  readonly ledger: string;
  readonly name: string;
}

export function bucketOf({ table, row }: RowChange): Bucket {
  const name = isInOrder(table)
    ? nameInOrder(row)
    : restOfKey(table)
        .map((column) => row[column])
        .join('\u001f');
  return { table, ledger: String(row['ledger']), name };
}

function nameInOrder({ revision, batch_index: place }: RowChange['row']): string {
  const range = String(Math.floor(Number(revision) / BUCKET_REVISIONS));
  return place === undefined ? range : `${range}.${String(place)}`;
}

/** The SQL for the name of a row's bucket. */
export function bucketNameSql(table: Table): string {
  if (isInOrder(table)) {
    const range = `(revision / ${BUCKET_REVISIONS})::text`;
    return 'batch_index' in table.columns ? `${range} || '.' || batch_index` : range;
  }
  const texts = restOfKey(table).map((column) => `${column}::text`);
  return texts.join(" || E'\\x1f' || ") || "''";
}

/** Whether its rows belong to one revision each, from which they never move. */
function isInOrder({ write, columns }: Table): boolean {
  return write !== 'put' && 'revision' in columns;
}

function restOfKey({ key }: Table): string[] {
  return key.filter((column) => column !== 'ledger');
}

interface Sum {
  count: number;
  units: bigint;
}

export class Fingerprints {
  private readonly sums = new Map<Table, Map<string, Sum>>();

  /** Adds rows, or takes them away: `times` is 1 or -1. */
  addRow(bucket: Bucket, text: string, times: 1 | -1): void {
    this.add(bucket, { count: times, units: BigInt(times) * hashUnits(text) });
  }

  add({ table, ledger, name }: Bucket, { count, units }: Readonly<Sum>): void {
    const ofTable = this.sums.get(table) ?? new Map<string, Sum>();
    if (ofTable.size === 0) this.sums.set(table, ofTable);
    const key = `${ledger}${BETWEEN}${name}`;
    const sum = ofTable.get(key);
    if (!sum) {
      ofTable.set(key, { count, units });
      return;
    }
    sum.count += count;
    sum.units += units;
  }

  /** Where the two sides have other rows. */
  differences(other: Fingerprints): Bucket[] {
    const tables = new Set([...this.sums.keys(), ...other.sums.keys()]);
    return [...tables].flatMap((table) => {
      const [ours, theirs] = [this.sums.get(table), other.sums.get(table)];
      const keys = new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])]);
      return [...keys].flatMap((key) => {
        const [one, two] = [ours?.get(key) ?? NO_ROWS, theirs?.get(key) ?? NO_ROWS];
        if (one.count === two.count && one.units === two.units) return [];
        const [ledger = '', name = ''] = key.split(BETWEEN);
        return [{ table, ledger, name }];
      });
    });
  }
}

/** The one character that Postgres has in no text, so that no name of a ledger holds it. */
const BETWEEN = '\0';
const NO_ROWS: Readonly<Sum> = { count: 0, units: 0n };

/** The first eight bytes of the hash as a signed number, as `hashUnitsSql` has it. */
function hashUnits(text: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${hash('sha256', text, 'hex').slice(0, HASHED_DIGITS)}`));
}

/** The same in SQL, of a text. */
export function hashUnitsSql(text: string): string {
  const hashed = `encode(substring(sha256(convert_to(${text}, 'UTF8')), 1, ${HASHED_DIGITS / 2}), 'hex')`;
  return `('x' || ${hashed})::bit(64)::bigint`;
}
