// Imports one CSV file into a ledger: reads it piece by piece, turns rows into the API's requests, and puts
// them to the ledger writer in this very process. Everything that the file names has an id, so an import
// that was cut off is simply run again.
import { NO_RULES } from '../../domain/ledger/open-ledger.js';
import { createReadStream, statSync } from 'node:fs';
import { type LedgerCommand } from '../../domain/ledger/decide.js';
import { Failure } from '../../platform/failure.js';
import { utcNow } from '../../platform/clock.js';
import { idsFromContent } from './derived-id.js';
import { type ImportKind, type Layout, layoutOf } from './layout.js';
import { linesOf } from './lines.js';
import { type ImportRequest, type RowProblem, accountRequests } from './requests.js';
import { type Row, rowsOf } from './rows.js';
import { COMMANDS_IN_FLIGHT_MAX, type Submission, submitInOrder } from './submit-in-order.js';
import { Counter, type Tally, locate } from './tally.js';
import { commandOf } from './command-of.js';
import { transferRequests } from './transfer-requests.js';

export interface ImportSummary extends Tally {
  readonly kind: ImportKind;
  /** Whether this run opened the ledger. */
  readonly ledgerOpened: boolean;
}

export interface FileImport extends Submission {
  readonly path: string;
  /** @param bytes of the file whose rows are settled, or nearly: the file is read a little ahead. */
  readonly onProgress: (bytes: number) => void;
  readonly onLedgerOpened: () => void;
}

/** Bytes of a file. Throws a Failure when it is not one that can be read. */
export function sizeOf(path: string): number {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isFile()) throw new Failure('usage', `There is no file "${path}".`);
  return status.size;
}

/** Throws a Failure when the header is wrong or a store stays away. A wrong row never stops the others. */
export async function importFile(job: FileImport): Promise<ImportSummary> {
  const file = createReadStream(job.path, 'utf8');
  const rows = rowsOf(linesOf(file as AsyncIterable<string>));
  const layout = await readLayout(rows, job.path);
  const ledgerOpened = await openLedger(job);
  if (ledgerOpened) job.onLedgerOpened();
  const counter = new Counter();
  for await (const requests of inBatches(requestsOf(rows, layout, job.ledger))) {
    await settle(job, layout.kind, requests, counter);
    job.onProgress(file.bytesRead);
  }
  return { kind: layout.kind, ledgerOpened, ...counter.result() };
}

async function readLayout(rows: AsyncGenerator<Row>, path: string): Promise<Layout> {
  const header = await rows.next();
  if (header.done) throw new Failure('usage', `"${path}" is empty.`);
  return layoutOf(header.value.cells);
}

/** True when the ledger did not exist. Another name than ours means that somebody else opened it. */
async function openLedger(job: Submission): Promise<boolean> {
  const { ledger } = job;
  const command = {
    type: 'OpenLedger',
    ledger,
    name: ledger,
    assets: [],
    rules: NO_RULES,
    now: utcNow(),
  } as const;
  const [outcome] = await submitInOrder(job, [command]);
  if (outcome?.kind === 'recorded') return !outcome.replayed;
  const rejection = outcome?.kind === 'rejected' ? outcome.rejection : undefined;
  if (rejection?.code === 'LEDGER_EXISTS') return false;
  const expected = rejection?.fields[0]?.expected ?? rejection?.message ?? '';
  throw new Failure('usage', `"${ledger}" is not a ledger id: use ${expected}.`);
}

function requestsOf(
  rows: AsyncGenerator<Row>,
  layout: Layout,
  ledger: string,
): AsyncGenerator<ImportRequest> {
  return layout.kind === 'accounts'
    ? accountRequests(rows, layout)
    : transferRequests(rows, layout, idsFromContent(ledger));
}

async function* inBatches(
  requests: AsyncGenerator<ImportRequest>,
): AsyncGenerator<readonly ImportRequest[]> {
  let batch: ImportRequest[] = [];
  for await (const request of requests) {
    batch.push(request);
    if (batch.length < COMMANDS_IN_FLIGHT_MAX) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function settle(
  job: FileImport,
  kind: ImportKind,
  requests: readonly ImportRequest[],
  counter: Counter,
): Promise<void> {
  const read = requests.map((request) => ({ request, ...readRequest(kind, request) }));
  const commands = read.flatMap((it) => ('command' in it ? [it.command] : []));
  const outcomes = await submitInOrder(job, commands);
  for (const it of read) {
    const outcome = 'command' in it ? outcomes.shift() : undefined;
    if (outcome) counter.countOutcome(it.request, outcome);
    else if ('problems' in it) counter.countUnfit(it.problems);
  }
}

function readRequest(
  kind: ImportKind,
  request: ImportRequest,
): { readonly command: LedgerCommand } | { readonly problems: readonly RowProblem[] } {
  if (request.problems.length > 0) return { problems: request.problems };
  const read = commandOf(kind, request.body);
  return 'command' in read ? read : { problems: locate(request, read.problems) };
}
