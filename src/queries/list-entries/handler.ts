import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { oneAccount } from '../../../projections/account/queries.js';
import {
  type EntryFilter,
  type EntryRow,
  listEntries,
} from '../../../projections/entry/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import {
  type PageOfLedger,
  type PagedList,
  PLACE_NUMBER,
  WHOLE_NUMBER,
  keyToContinue,
  pageOf,
} from '../page.js';
import { type EntryAnswer, entryAnswer } from '../entry-answer.js';
import { accountNotFound } from '../not-found.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';

export class ListEntriesQuery extends Query<Answer<readonly EntryAnswer[]>> {
  constructor(
    readonly filter: EntryFilter,
    readonly page: PageOfLedger,
  ) {
    super();
  }
}

@QueryHandler(ListEntriesQuery)
export class ListEntriesHandler implements IQueryHandler<ListEntriesQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: AwaitedReadModels) {}

  async execute({ filter, page }: ListEntriesQuery): Promise<Answer<readonly EntryAnswer[]>> {
    const { ledger, minRevision } = page;
    const list: PagedList<EntryRow> = {
      ...page,
      name: 'entries',
      filters: { ledger, ...filter },
      keyOf: ({ revision, batchIndex, leg }) => [revision, batchIndex, leg].map(String),
      keyPatterns: [WHOLE_NUMBER, PLACE_NUMBER, PLACE_NUMBER],
    };
    const [revision = '', batchIndex = '', leg = ''] = keyToContinue(list) ?? [];
    const after = revision === '' ? undefined : { revision, batchIndex, leg };
    const question = listEntries(filter, { after, limit: page.limit + 1 });
    const answer = await askReflecting<EntryRow>(this.readModels, ledger, question, minRevision);
    if (answer.rows.length === 0) await this.assertAccount(ledger, filter.account);
    const { items, ...next } = pageOf(list, answer.rows);
    return { data: items.map(entryAnswer), meta: { ...metaOf(answer), ...next } };
  }

  // An account without entries has an empty list; one that does not exist has none at all.
  private async assertAccount(ledger: string, address: string): Promise<void> {
    const { rows } = await askReflecting(this.readModels, ledger, oneAccount(address));
    if (rows.length === 0) throw accountNotFound(address);
  }
}
