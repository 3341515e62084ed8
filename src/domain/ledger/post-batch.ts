// An atomic batch: all of its transfers or none, as one event, because a store may keep a part of an
// append that was cut off. Each is decided on what those before it leave.
import { decideRequest, refusal } from './decide-request.js';
import { type Decision, decidedBefore, happened, recordedAtOf, rejected } from './decision.js';
import { makeTransfer } from './evolve-transfers.js';
import { resultingBalance } from './movements.js';
import { requestOf, transferDifferences } from './post-transfer.js';
import { type LedgerState, layerOver } from './state.js';
import { typeInBatch } from './transfer.js';
import {
  type BatchItemRefusal,
  type BatchPosted,
  type BatchRefused,
  type TransferRequest,
} from './transfer-events.js';
import { type WrittenTransfer, idProblems, transferProblems } from './transfer-request.js';
import { type Unfit, rejectedAs } from './unfit.js';

export const BATCH_TRANSFERS_MAX = 1_000;
/**
 * Bytes that the data of one event may have: EventStoreDB takes 1 MiB in one append, and the metadata
 * needs its share.
 */
export const EVENT_DATA_BYTES_MAX = 900_000;
/** Failing transfers that are recorded with the accounts they failed on; the others with their code. */
export const BATCH_EVIDENCE_MAX = 100;

export interface PostBatch {
  readonly type: 'PostBatch';
  /** The idempotency key of the batch as a whole. */
  readonly id: string;
  readonly transfers: readonly WrittenTransfer[];
  readonly now: string;
}

export function postBatch(state: LedgerState, command: PostBatch): Decision {
  if (!state.header) return rejected('LEDGER_NOT_FOUND', 'There is no such ledger.');
  const revision = state.decidedAt.get(command.id);
  if (revision !== undefined) return decidedBefore(revision);
  const unfit = rejectedAs(batchProblems(state, command));
  if (unfit) return unfit;
  const event = decideBatch(state, command);
  return utf8Length(JSON.stringify(event.data)) > EVENT_DATA_BYTES_MAX
    ? rejected('BATCH_TOO_LARGE', 'The batch is too large to be recorded as one event.')
    : happened(event);
}

/** The fields in which a repeated request differs from the one recorded under the same id. */
export function batchDifferences(
  state: LedgerState,
  { data }: BatchPosted | BatchRefused,
  command: PostBatch,
): string[] {
  // Its transfers were decided by the same event, each under an id of its own.
  if (data.id !== command.id) return ['type'];
  if (data.transfers.length !== command.transfers.length) return ['transfers'];
  return data.transfers.flatMap((recorded, index) => {
    const written = command.transfers[index];
    if (!written) return [];
    const id = recorded.id === written.id ? [] : ['id'];
    return [...id, ...transferDifferences(state, recorded, written)].map(
      (field) => `transfers[${index}].${field}`,
    );
  });
}

function decideBatch(state: LedgerState, command: PostBatch): BatchPosted | BatchRefused {
  const { id, now } = command;
  const recordedAt = recordedAtOf(now, state.recordedAt);
  const refusals: BatchItemRefusal[] = [];
  const touched = new Set<string>();
  const transfers = command.transfers.map((written) => requestOf(state, { ...written, now }));
  const layer = decideInOrder(state, transfers, (_before, decided, index) => {
    if (decided.type === 'TransferRefused') {
      refusals.push({ index, id: decided.data.id, refusal: decided.data.refusal });
    } else {
      decided.data.balances.forEach(({ account }) => touched.add(account));
    }
  });
  if (refusals.length > 0) return refusedBatch(state, { id, transfers, recordedAt }, refusals);
  const balances = [...touched].flatMap((address) => {
    const account = layer.accounts.get(address);
    return account ? [resultingBalance(account)] : [];
  });
  return { type: 'BatchPosted', data: { id, transfers, recordedAt, balances } };
}

/**
 * Decides each transfer on what those before it leave, and shows it with the state that it is decided
 * on. Returns what all of them that were not refused leave.
 */
export function decideInOrder(
  state: LedgerState,
  requests: readonly TransferRequest[],
  visit: (before: LedgerState, decided: ReturnType<typeof decideRequest>, index: number) => void,
): LedgerState {
  const layer = layerOver(state);
  requests.forEach((request, index) => {
    const decided = decideRequest(layer, request);
    visit(layer, decided, index);
    if (decided.type === 'TransferRefused') return;
    makeTransfer(layer, typeInBatch(request), request);
    // It is this very batch that uses the reference, and the batch comes next in the log.
    if (request.reference !== null && state.header?.rules.uniqueReferences) {
      layer.references.set(request.reference, state.revision + 1);
    }
  });
  return layer;
}

function refusedBatch(
  state: LedgerState,
  request: Pick<BatchRefused['data'], 'id' | 'transfers' | 'recordedAt'>,
  failed: readonly BatchItemRefusal[],
): BatchRefused {
  const message = `${failed.length} of ${request.transfers.length} transfers cannot be made.`;
  const refusals = failed.map((item, index) =>
    index < BATCH_EVIDENCE_MAX ? item : withoutEvidence(item),
  );
  return {
    type: 'BatchRefused',
    data: { ...request, refusal: refusal(state, 'BATCH_REFUSED', message), refusals },
  };
}

function withoutEvidence({ index, id, refusal: why }: BatchItemRefusal): BatchItemRefusal {
  const { code, message, evidence } = why;
  const { revision } = evidence;
  return { index, id, refusal: { code, message, evidence: { revision, accounts: [] } } };
}

function batchProblems(state: LedgerState, { id, transfers }: PostBatch): Unfit[] {
  const { length } = transfers;
  const count: Unfit[] =
    length >= 1 && length <= BATCH_TRANSFERS_MAX
      ? []
      : [
          {
            code: 'INVALID_BATCH',
            field: 'transfers',
            problem: `${length} transfers`,
            expected: `1 to ${BATCH_TRANSFERS_MAX} transfers`,
          },
        ];
  const seen = new Set([id]);
  return [
    ...idProblems(id),
    ...count,
    ...transfers.flatMap((written, index) => {
      const at = `transfers[${index}].`;
      const used = idUsed(state, written.id, { seen, field: `${at}id` });
      seen.add(written.id);
      return [...used, ...transferProblems(state, written, at)];
    }),
  ];
}

function idUsed(
  state: LedgerState,
  id: string,
  { seen, field }: { readonly seen: ReadonlySet<string>; readonly field: string },
): Unfit[] {
  const expected = 'an id that was not used before';
  if (seen.has(id)) {
    return [{ code: 'INVALID_BATCH', field, problem: 'used twice in this batch', expected }];
  }
  if (state.decidedAt.get(id) === undefined) return [];
  const problem = 'something else was recorded under this id';
  return [{ code: 'TRANSFER_ID_REUSED', field, problem, expected }];
}

// Characters beyond ASCII take two to four bytes; a surrogate is half of one that takes four.
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) bytes += 1;
    if (unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff)) bytes += 1;
  }
  return bytes;
}
