import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type DigestedAccount, oneAccount } from '../../../projections/account/queries.js';
import { type LedgerWriters } from '../../commands/ledger-writer/ledger-writers.js';
import { type AccountSnapshot, snapshotOf } from '../../domain/ledger/account-snapshot.js';
import { type Answer } from '../../platform/http/answer.js';
import { ledgerNotFound } from '../../platform/http/api-error.js';
import { LEDGER_WRITERS } from '../../platform/injection-tokens.js';
import { accountNotFound } from '../not-found.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';

/** `strong` reflects every command acknowledged before; else at least `minRevision`, if there is one. */
export type Consistency = 'strong' | { readonly minRevision: number | undefined };

export class GetAccountQuery extends Query<Answer<AccountSnapshot>> {
  constructor(
    readonly ledger: string,
    readonly address: string,
    readonly consistency: Consistency,
  ) {
    super();
  }
}

@QueryHandler(GetAccountQuery)
export class GetAccountHandler implements IQueryHandler<GetAccountQuery> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: AwaitedReadModels,
    @Inject(LEDGER_WRITERS) private readonly writers: LedgerWriters,
  ) {}

  execute({ ledger, address, consistency }: GetAccountQuery): Promise<Answer<AccountSnapshot>> {
    return consistency === 'strong'
      ? this.fromWriteSide(ledger, address)
      : this.fromReadModel(ledger, address, consistency.minRevision);
  }

  private async fromReadModel(
    ledger: string,
    address: string,
    minRevision: number | undefined,
  ): Promise<Answer<AccountSnapshot>> {
    const answer = await askReflecting<DigestedAccount>(
      this.readModels,
      ledger,
      oneAccount(address),
      minRevision,
    );
    const [found] = answer.rows;
    if (!found) throw accountNotFound(address);
    const { digest, ...data } = found;
    return { data, meta: { ...metaOf(answer), digest } };
  }

  private async fromWriteSide(ledger: string, address: string): Promise<Answer<AccountSnapshot>> {
    const state = await this.writers.current(ledger);
    if (!state.header) throw ledgerNotFound();
    const account = state.accounts.get(address);
    if (!account) throw accountNotFound(address);
    return { data: snapshotOf(account), meta: { revision: state.revision } };
  }
}
