// What the answers to a load came to: read when the load has ended, so that reading costs it nothing.
import { type Answer } from './http-connection.js';
import { type Acknowledged, type LoadTask } from './task.js';

const OK = 200;
const CREATED = 201;
const REFUSED = 422;

/** What was answered to one operation; the last one counts. */
export interface Answered {
  readonly connection: number;
  readonly answer: Answer;
}

interface AnsweredTransfer {
  readonly id: string;
  /** Of a capture: what was captured. */
  readonly transfer?: string;
  readonly revision: number;
}

interface AnsweredBatch {
  readonly transfers: readonly AnsweredTransfer[];
}

interface Outcome {
  readonly status: number;
  readonly transfer?: AnsweredTransfer;
}

export interface Tally {
  readonly acknowledged: Acknowledged[];
  refused: number;
  readonly failures: Record<string, number>;
}

export function tallyOf(task: LoadTask, answers: readonly Answered[]): Tally {
  const tally: Tally = { acknowledged: [], refused: 0, failures: {} };
  const isWriting = task.work.kind !== 'question' && task.work.kind !== 'nothing';
  for (const { connection, answer } of answers) {
    const ledger = task.ledgers[connection % task.ledgers.length] ?? '';
    const { status } = answer;
    if (status === REFUSED && task.mayRefuse) tally.refused += 1;
    else if (status !== OK && status !== CREATED) count(tally, reasonIn(answer));
    else if (isWriting) acknowledge(tally, ledger, answer);
  }
  return tally;
}

function acknowledge(tally: Tally, ledger: string, { body }: Answer): void {
  const { data } = JSON.parse(body.toString('utf8')) as {
    data: AnsweredTransfer | AnsweredBatch | readonly Outcome[];
  };
  const posted = (id: string, revision: number) => tally.acknowledged.push([ledger, id, revision]);
  if ('transfers' in data) data.transfers.forEach(({ id, revision }) => posted(id, revision));
  else if ('id' in data) posted(data.transfer ?? data.id, data.revision);
  else {
    for (const { status, transfer } of data) {
      if (transfer) posted(transfer.id, transfer.revision);
      else count(tally, `${status} in a batch`);
    }
  }
}

function count({ failures }: Tally, what: string): void {
  failures[what] = (failures[what] ?? 0) + 1;
}

function reasonIn({ status, body }: Answer): string {
  const text = body.toString('utf8');
  const code = /"code":"(\w+)"/.exec(text)?.[1] ?? text;
  return status === 0 ? text : `${status} ${code}`;
}
