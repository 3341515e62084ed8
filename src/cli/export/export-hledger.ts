// Format `hledger`: what was posted, as a journal of plain text accounting.
import { escapeLiteral } from 'pg';
import { utc } from '../../../projections/engine/queries.js';
import { type AccountType, normalSide } from '../../domain/ledger/events.js';
import { type ExportFile } from './export-file.js';
import { type ExportJob, type Exported } from './export-job.js';
import {
  JOURNAL_HEADER,
  JOURNAL_NAME,
  type Posting,
  type Transaction,
  accountLine,
  commodityLine,
  negated,
  transactionText,
} from './journal.js';
import { type Snapshot, type TextRow, inSnapshot } from './snapshot.js';
import { type Asked, BALANCES, rowsAsText, within } from './tables.js';

/** `range` is about when something counts in the books; what was before it is carried in one transaction. */
export async function exportHledger(job: ExportJob): Promise<Exported> {
  return inSnapshot(job, async (snapshot) => {
    const { ledger, range, output } = job;
    const asked = { schema: snapshot.schema, ledger, range };
    const file = await output.file(JOURNAL_NAME);
    await file.write(JOURNAL_HEADER);
    await declare(file, snapshot, asked);
    if (range.from !== null) {
      await carry(file, snapshot, asked, { date: dateOf(range.from), column: 'opening' });
    }
    const legs = legsOf(asked);
    const shown = job.progress('legs', await snapshot.count(legs.sql));
    const last = await writeTransactions(file, snapshot.rows(legs.ordered), (done) =>
      shown.update(done),
    );
    const date = last ?? (range.from === null ? undefined : dateOf(range.from));
    if (date !== undefined) await carry(file, snapshot, asked, { date, column: 'closing' });
    return { axis: 'effective', events: snapshot.events, files: [await file.close()] };
  });
}

async function declare(file: ExportFile, { rows }: Snapshot, { schema, ledger }: Asked) {
  const accounts = `${schema}.account WHERE ledger = ${escapeLiteral(ledger)}`;
  const currencies = `SELECT DISTINCT currency, scale FROM ${accounts} ORDER BY currency`;
  for await (const [currency, scale] of rows(currencies)) {
    await file.write(commodityLine(text(currency), Number(scale)));
  }
  await file.write('\n');
  for await (const [address, type] of rows(
    `SELECT address, type FROM ${accounts} ORDER BY address`,
  )) {
    await file.write(accountLine(text(address), text(type) as AccountType));
  }
  await file.write('\n');
}

/** Postings of one transaction that only asserts balances: any number of them balances. */
const ASSERTIONS_MAX = 1_000;

/** What accounts had before the journal begins; or, for hledger to check, what they have at its end. */
async function carry(
  file: ExportFile,
  { rows }: Snapshot,
  asked: Asked,
  { date, column }: { readonly date: string; readonly column: 'opening' | 'closing' },
): Promise<void> {
  const isEnd = column === 'closing';
  const description = isEnd ? 'Balances, as Daybook has them' : 'Balances carried forward';
  let postings: Posting[] = [];
  const write = async () => {
    const transaction = { date, description, tags: [], postings };
    if (postings.length > 0) await file.write(transactionText(transaction));
    postings = [];
  };
  const names = Object.keys(BALANCES.columns);
  for await (const row of rows(rowsAsText(BALANCES, asked))) {
    const field = (name: string) => text(row[names.indexOf(name)]);
    const isDebit = normalSide(field('type') as AccountType) === 'debit';
    const amount = isDebit ? field(column) : negated(field(column));
    const posting = { account: field('account'), currency: field('currency') };
    if (isEnd) postings.push({ ...posting, amount: '0', balance: amount });
    else if (negated(amount) !== amount) postings.push({ ...posting, amount });
    if (isEnd && postings.length >= ASSERTIONS_MAX) await write();
  }
  await write();
}

/** One row per leg posted, in the order of recording; a transfer's legs follow each other. */
function legsOf({ schema, ledger, range }: Asked) {
  const sql = `SELECT entry.revision, entry.batch_index, entry.leg,
      to_char(entry.effective_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS booked_on,
      ${utc('entry.effective_at')} AS effective_at, ${utc('entry.recorded_at')} AS recorded_at,
      entry.transfer_id, entry.description, transfer.reference, transfer.batch_id, transfer.reverses ->> 'transfer' AS reversed,
      act.id AS capture, entry.account, entry.counterparty, entry.amount, entry.currency
    FROM ${schema}.entry
    JOIN ${schema}.transfer ON transfer.ledger = entry.ledger AND transfer.id = entry.transfer_id
    LEFT JOIN ${schema}.transfer_act AS act ON act.ledger = entry.ledger AND act.kind = 'capture'
      AND act.transfer_id = entry.transfer_id AND act.revision = entry.revision
    WHERE entry.ledger = ${escapeLiteral(ledger)} AND entry.side = 'debit'
      ${within('entry.effective_at', range)}`;
  return { sql, ordered: `${sql} ORDER BY revision, batch_index, leg` };
}

/** Returns the last day that something counts on; undefined when nothing does. */
async function writeTransactions(
  file: ExportFile,
  legs: AsyncIterable<TextRow>,
  onLegs: (legs: number) => void,
): Promise<string | undefined> {
  let open: { readonly place: string; readonly transaction: OpenTransaction } | undefined;
  let last: string | undefined;
  let count = 0;
  const write = async () => {
    if (open) await file.writeRow(transactionText(open.transaction));
  };
  for await (const row of legs) {
    const [revision, batchIndex] = row;
    const place = `${revision} ${batchIndex}`;
    if (open?.place !== place) {
      await write();
      open = { place, transaction: transactionOf(row) };
      const { date } = open.transaction;
      if (last === undefined || date > last) last = date;
    }
    open.transaction.postings.push(...postingsOf(row));
    count += 1;
    onLegs(count);
  }
  await write();
  return last;
}

/** One that legs are still added to. */
type OpenTransaction = Transaction & { readonly postings: Posting[] };

function transactionOf(row: TextRow): OpenTransaction {
  const [revision, , , bookedOn, effectiveAt, recordedAt, id, description, reference, ...more] =
    row;
  const [batch = null, reversed = null, capture = null] = more;
  return {
    date: text(bookedOn),
    code: text(id),
    description: description ?? '',
    tags: [
      ['revision', text(revision)],
      ['effective', text(effectiveAt)],
      ['recorded', text(recordedAt)],
      ['capture', capture],
      ['reverses', reversed],
      ['batch', batch],
      ['reference', reference ?? null],
    ],
    postings: [],
  };
}

function postingsOf(row: TextRow): Posting[] {
  const [debit, credit, amount, currency] = row.slice(-4).map(text);
  const posting = { amount: text(amount), currency: text(currency) };
  return [
    { ...posting, account: text(debit) },
    { ...posting, account: text(credit), amount: negated(posting.amount) },
  ];
}

function text(cell: string | null | undefined): string {
  if (typeof cell === 'string') return cell;
  throw new TypeError('a column that is never null is null');
}

function dateOf(time: string): string {
  return time.slice(0, '2026-03-01'.length);
}
