import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { oneAccount } from '../../../projections/account/queries.js';
import { type ReadModels } from '../../../projections/engine/queries.js';
import {
  type EntryFilter,
  type EntryRow,
  listEntries,
} from '../../../projections/entry/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import { type PageOfLedger, type PagedList, WHOLE_NUMBER, keyToContinue, pageOf } from '../page.js';
import { accountNotFound } from '../not-found.js';
import { READ_MODELS } from '../read-models.js';
import { askReflecting, metaOf } from '../reflected.js';

export class ListEntriesQuery extends Query<Answer<readonly EntryRow[]>> {
  constructor(
    readonly filter: EntryFilter,
    readonly page: PageOfLedger,
  ) {
    super();
  }
}

@QueryHandler(ListEntriesQuery)
export class ListEntriesHandler implements IQueryHandler<ListEntriesQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ filter, page }: ListEntriesQuery): Promise<Answer<readonly EntryRow[]>> {
    const { ledger, minRevision } = page;
    const list: PagedList<EntryRow> = {
      ...page,
      name: 'entries',
      filters: { ledger, ...filter },
      keyOf: ({ revision, leg }) => [String(revision), String(leg)],
      keyPatterns: [WHOLE_NUMBER, LEG_NUMBER],
    };
    const [revision, leg] = keyToContinue(list) ?? [];
    const after = revision !== undefined && leg !== undefined ? { revision, leg } : undefined;
    const question = listEntries(filter, { after, limit: page.limit + 1 });
    const answer = await askReflecting<EntryRow>(this.readModels, ledger, question, minRevision);
    if (answer.rows.length === 0) await this.assertAccount(ledger, filter.account);
    const { items, ...next } = pageOf(list, answer.rows);
    return { data: items, meta: { ...metaOf(answer), ...next } };
  }

  // An account without entries has an empty list; one that does not exist has none at all.
  private async assertAccount(ledger: string, address: string): Promise<void> {
    const { rows } = await askReflecting(this.readModels, ledger, oneAccount(address));
    if (rows.length === 0) throw accountNotFound(address);
  }
}

const LEG_NUMBER = /^\d{1,3}$/;
