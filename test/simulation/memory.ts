// What one worker remembers of its own requests and answers, as far as its next requests build on them.
// Every list is bounded: the oldest are forgotten.
import { type Answer } from './journal.js';
import { type CurrencyCode } from './customers.js';
import { type BankRequest, type TransferAsked } from './requests.js';

const REMEMBERED_MAX = 60;

export interface OwnAccount {
  readonly address: string;
  readonly currency: CurrencyCode;
}

export class Memory {
  /** Transfers asked for, whatever became of them. */
  readonly transfers: TransferAsked[] = [];
  /** Transfers turned away without a trace: their ids may be used again. */
  readonly rejected: TransferAsked[] = [];
  /** Accounts that this worker opened. */
  readonly accounts: OwnAccount[] = [];
  /** Versions of accounts as last told. */
  readonly versions = new Map<string, number>();
  private asked = 0;

  constructor(
    /** Sets this worker's ids and addresses apart. */
    readonly worker: string,
  ) {}

  /** A name that no worker has used. */
  fresh(): string {
    this.asked += 1;
    return `${this.worker}-${this.asked}`;
  }

  note(request: BankRequest, answer: Answer | undefined): void {
    if (request.kind === 'post-transfer') remember(this.transfers, request);
    const { data, meta } = answer?.body ?? {};
    const turnedAway = answer !== undefined && answer.status < 500 && meta?.revision === undefined;
    if (turnedAway && request.kind === 'post-transfer') remember(this.rejected, request);
    if (request.kind === 'open-account' && data) {
      const currency = request.currency as CurrencyCode;
      remember(this.accounts, { address: request.address, currency });
    }
    if (typeof data?.['address'] === 'string') {
      this.versions.set(data['address'], Number(data['version']));
    }
  }
}

function remember<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > REMEMBERED_MAX) list.shift();
}
