// All questions that the API answers, for the composition root.
import { type Provider } from '@nestjs/common';
import { type Pool } from 'pg';
import { readModelsIn } from '../../projections/engine/queries.js';
import { type EventStore } from '../event-store/event-store.js';
import { EVENT_STORE, POOL } from '../platform/injection-tokens.js';
import { ExplainTransferController } from './explain-transfer/controller.js';
import { ExplainTransferHandler } from './explain-transfer/handler.js';
import { AccountAsOfHandler } from './get-account/as-of.js';
import { GetAccountController } from './get-account/controller.js';
import { GetAccountHandler } from './get-account/handler.js';
import { GetLedgerController } from './get-ledger/controller.js';
import { GetLedgerHandler } from './get-ledger/handler.js';
import { StatementController } from './get-statement/controller.js';
import { StatementHandler } from './get-statement/handler.js';
import { GetTransferController } from './get-transfer/controller.js';
import { GetTransferHandler } from './get-transfer/handler.js';
import { ListAccountsController } from './list-accounts/controller.js';
import { ListAccountsHandler } from './list-accounts/handler.js';
import { ListEntriesController } from './list-entries/controller.js';
import { ListEntriesHandler } from './list-entries/handler.js';
import { ListEventsController } from './list-events/controller.js';
import { ListEventsHandler } from './list-events/handler.js';
import { ListLedgersController } from './list-ledgers/controller.js';
import { ListLedgersHandler } from './list-ledgers/handler.js';
import { RestatementsController } from './list-restatements/controller.js';
import { RestatementsHandler } from './list-restatements/handler.js';
import { ListTransfersController } from './list-transfers/controller.js';
import { ListTransfersHandler } from './list-transfers/handler.js';
import { ProjectionsController } from './projections/controller.js';
import { ProjectionsHandler } from './projections/handler.js';
import { awaitedReadModels } from './reflected.js';
import { READ_MODELS } from './read-models.js';
import { RollUpBalancesController } from './roll-up-balances/controller.js';
import { RollUpBalancesHandler } from './roll-up-balances/handler.js';
import { StreamEventsController } from './stream-events/controller.js';
import { StreamEventsHandler } from './stream-events/handler.js';
import { OpenStreams } from './stream-events/open-streams.js';
import { TrialBalanceController } from './trial-balance/controller.js';
import { TrialBalanceHandler } from './trial-balance/handler.js';

export const QUESTION_CONTROLLERS = [
  ListLedgersController,
  GetLedgerController,
  ListAccountsController,
  GetAccountController,
  ListEntriesController,
  StatementController,
  ListTransfersController,
  GetTransferController,
  ExplainTransferController,
  TrialBalanceController,
  RestatementsController,
  RollUpBalancesController,
  ListEventsController,
  StreamEventsController,
  ProjectionsController,
];

/** Need POOL, EVENT_STORE and LEDGER_WRITERS. */
export const QUESTION_PROVIDERS: Provider[] = [
  {
    provide: READ_MODELS,
    useFactory: (pool: Pool, store: EventStore) => awaitedReadModels(readModelsIn(pool), store),
    inject: [POOL, EVENT_STORE],
  },
  ListLedgersHandler,
  GetLedgerHandler,
  ListAccountsHandler,
  GetAccountHandler,
  AccountAsOfHandler,
  ListEntriesHandler,
  StatementHandler,
  ListTransfersHandler,
  GetTransferHandler,
  ExplainTransferHandler,
  TrialBalanceHandler,
  RestatementsHandler,
  RollUpBalancesHandler,
  ListEventsHandler,
  OpenStreams,
  StreamEventsHandler,
  ProjectionsHandler,
];
