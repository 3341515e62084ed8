// How many rows a second Postgres takes by COPY, into a table with a key and an index.
import pg from 'pg';
import { type CeilingRun } from './ceiling.js';

const ROWS_AT_ONCE = 10_000;
const TABLE = `
  DROP TABLE IF EXISTS copied;
  CREATE TABLE copied (
    id bigint PRIMARY KEY, ledger text, address text, amount numeric, balance numeric,
    recorded_at timestamptz, revision bigint, event_id uuid);
  CREATE INDEX ON copied (ledger, address)`;

/** What the driver's connection offers beyond its types while a COPY is under way. */
interface CopyingConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** One COPY of the driver, with rows that were written out before. */
class Copy implements pg.Submittable {
  readonly done: Promise<void>;
  private resolve: () => void = () => undefined;
  private reject: (error: Error) => void = () => undefined;

  constructor(private readonly rows: Buffer) {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  submit(connection: pg.Connection): void {
    connection.query('COPY copied FROM STDIN');
  }

  handleCopyInResponse(connection: CopyingConnection): void {
    connection.sendCopyFromChunk(this.rows);
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {
    // The server is ready for the next query right after it.
  }

  handleReadyForQuery(): void {
    this.resolve();
  }

  handleError(error: Error): void {
    this.reject(error);
  }
}

/** 10,000 rows in each transaction. */
export async function measureCopy(databaseUrl: string, seconds: number): Promise<CeilingRun> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(TABLE);
  let rows = 0;
  let spentMs = 0;
  while (spentMs < seconds * 1_000) {
    const text = rowsFrom(rows);
    const startedAt = performance.now();
    await client.query(new Copy(text)).done;
    spentMs += performance.now() - startedAt;
    rows += ROWS_AT_ONCE;
  }
  await client.query('DROP TABLE copied');
  await client.end();
  return { perSecond: (rows * 1_000) / spentMs };
}

function rowsFrom(first: number): Buffer {
  const row = (_: unknown, n: number) =>
    [
      ...[first + n, 'bench', `customers:${(first + n) % 1_000}:wallet`, '12.25', '1012.25'],
      ...['2026-01-15T09:30:00.000Z', first + n, '3f0e5ee2-6c53-4a6f-9d3c-6b4a4e6e0b11'],
    ].join('\t');
  return Buffer.from(`${Array.from({ length: ROWS_AT_ONCE }, row).join('\n')}\n`);
}
