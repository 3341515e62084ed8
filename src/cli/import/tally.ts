// Counts what became of the rows of a file, and keeps the first problems to show.
import { type CommandOutcome } from '../../commands/ledger-writer/ledger-writers.js';
import { type FieldProblem } from '../../domain/errors.js';
import { type ImportRequest, type RowProblem } from './requests.js';

/** Problems kept to be shown; of the rest only the number is known. */
const PROBLEMS_KEPT_MAX = 50;

/** A problem of a row, with the code of the catalogue where the ledger said no. */
export interface ImportProblem extends RowProblem {
  readonly code: string | null;
}

export interface Tally {
  /** Transfers or accounts of the file. */
  readonly total: number;
  /** Newly recorded by this run. */
  readonly added: number;
  /** Recorded before, by an earlier run or by whoever used the same id for the same. */
  readonly alreadyThere: number;
  /** Refused for good, by code; their ids are used up. */
  readonly refused: Readonly<Record<string, number>>;
  /** Not recorded at all: corrected rows may be imported with the same ids. */
  readonly rejected: number;
  readonly problems: readonly ImportProblem[];
  readonly problemsOmitted: number;
}

export class Counter {
  private total = 0;
  private added = 0;
  private alreadyThere = 0;
  private readonly refused: Record<string, number> = {};
  private rejected = 0;
  private readonly problems: ImportProblem[] = [];
  private problemsOmitted = 0;

  /** A request that was never put to the ledger. */
  countUnfit(problems: readonly RowProblem[]): void {
    this.total += 1;
    this.rejected += 1;
    for (const problem of problems) this.keep({ ...problem, code: null });
  }

  countOutcome(request: ImportRequest, outcome: CommandOutcome): void {
    this.total += 1;
    const line = request.lines[0] ?? 0;
    if (outcome.kind === 'rejected') {
      const { code, message, fields } = outcome.rejection;
      this.rejected += 1;
      const located = locate(request, fields);
      const whole = { line, field: null, problem: message, expected: '' };
      for (const problem of located.length > 0 ? located : [whole]) this.keep({ ...problem, code });
    } else if (outcome.kind === 'recorded' && outcome.event.type === 'TransferRefused') {
      const { code, message } = outcome.event.data.refusal;
      this.refused[code] = (this.refused[code] ?? 0) + 1;
      this.keep({ line, field: null, problem: message, expected: REFUSED_FOR_GOOD, code });
    } else if (outcome.kind === 'unchanged' || outcome.replayed) {
      this.alreadyThere += 1;
    } else {
      this.added += 1;
    }
  }

  result(): Tally {
    const { total, added, alreadyThere, refused, rejected, problems, problemsOmitted } = this;
    return { total, added, alreadyThere, refused, rejected, problems, problemsOmitted };
  }

  private keep(problem: ImportProblem): void {
    if (this.problems.length < PROBLEMS_KEPT_MAX) this.problems.push(problem);
    else this.problemsOmitted += 1;
  }
}

const REFUSED_FOR_GOOD = 'another limit, or other transfers before it; then the row with a new id';
const LEG_PATH = /^legs\[(\d+)\]\.?(.*)$/;

/** Problems of a request, at the row and column where the file has them. */
export function locate({ lines }: ImportRequest, fields: readonly FieldProblem[]): RowProblem[] {
  return fields.map(({ field, problem, expected }) => {
    const [, leg, column] = LEG_PATH.exec(field) ?? [];
    const line = lines[leg === undefined ? 0 : Number(leg)] ?? lines[0] ?? 0;
    return { line, field: column ?? field, problem, expected };
  });
}

/** Whether every row of the file is in the ledger now. */
export function isComplete({ total, added, alreadyThere }: Tally): boolean {
  return added + alreadyThere === total;
}
