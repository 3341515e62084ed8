// What workers remember of requests and answers, as far as their next requests build on them: most of it
// each for itself, the transfers that can be acted on in common. Every list is bounded: the oldest are
// forgotten.
import { type CurrencyCode } from './customers.js';
import { type Answer } from './journal.js';
import { type BankRequest, type Identified, type LegAsked } from './requests.js';

const REMEMBERED_MAX = 60;

export type IdentifiedRequest = Extract<BankRequest, Identified>;

export interface OwnAccount {
  readonly address: string;
  readonly currency: CurrencyCode;
}

/** A transfer that was made. */
export interface Target {
  readonly id: string;
  readonly legs: readonly LegAsked[];
}

/** What all workers know. */
export class CommonMemory {
  readonly held: Target[] = [];
  readonly posted: Target[] = [];
}

export class Memory {
  /** Requests with an id, whatever became of them. */
  readonly decided: IdentifiedRequest[] = [];
  /** Those turned away without a trace: their ids may be used again. */
  readonly rejected: IdentifiedRequest[] = [];
  /** Accounts that this worker opened. */
  readonly accounts: OwnAccount[] = [];
  /** Versions of accounts as last told. */
  readonly versions = new Map<string, number>();
  private asked = 0;

  constructor(
    /** Sets this worker's ids and addresses apart. */
    readonly worker: string,
    readonly common: CommonMemory,
  ) {}

  /** A name that no worker has used. */
  fresh(): string {
    this.asked += 1;
    return `${this.worker}-${this.asked}`;
  }

  note(request: BankRequest, answer: Answer | undefined): void {
    if ('idAsKey' in request) this.noteIdentified(request, answer);
    if (request.kind === 'post-each') {
      for (const transfer of request.transfers) remember(this.decided, transfer);
    }
    const { data } = answer?.body ?? {};
    if (request.kind === 'open-account' && data) {
      const currency = request.currency as CurrencyCode;
      remember(this.accounts, { address: request.address, currency });
    }
    if (typeof data?.['address'] === 'string') {
      this.versions.set(data['address'], Number(data['version']));
    }
    if ('dryRun' in request) return;
    const balances = (data?.['balances'] ?? []) as readonly { account: string; version: number }[];
    for (const { account, version } of balances) this.versions.set(account, version);
  }

  private noteIdentified(request: IdentifiedRequest, answer: Answer | undefined): void {
    remember(this.decided, request);
    if (!answer) return;
    const { data, meta } = answer.body;
    if (answer.status < 500 && meta?.revision === undefined) remember(this.rejected, request);
    if (request.kind === 'post-batch' && data) {
      for (const { id, legs, pending } of request.transfers) {
        remember(pending ? this.common.held : this.common.posted, { id, legs });
      }
    }
    if (request.kind !== 'post-transfer' || request.dryRun || !data) return;
    const target = { id: String(data['id']), legs: request.legs };
    if (data['state'] === 'pending') remember(this.common.held, target);
    else remember(this.common.posted, target);
  }
}

function remember<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > REMEMBERED_MAX) list.shift();
}
