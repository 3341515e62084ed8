// The composition root: the one file that picks what stands behind each port, and lists what the API offers.
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { type Pool } from 'pg';
import { type Registry } from 'prom-client';
import { ReadModelsUnavailable } from '../projections/engine/queries.js';
import { CaptureTransferController } from './commands/capture-transfer/controller.js';
import { ChangeAccountController } from './commands/change-account/controller.js';
import { ChangeAccountHandler } from './commands/change-account/handler.js';
import { ClosePeriodController } from './commands/close-period/controller.js';
import { ExchangeMoneyController } from './commands/exchange-money/controller.js';
import { countedWriters } from './commands/ledger-writer/counted-writers.js';
import { createLedgerWriters } from './commands/ledger-writer/create-ledger-writers.js';
import {
  LedgerBusy,
  type LedgerWriters,
  OutcomeUnknown,
} from './commands/ledger-writer/ledger-writers.js';
import { OpenAccountController } from './commands/open-account/controller.js';
import { OpenAccountHandler } from './commands/open-account/handler.js';
import { OpenLedgerController } from './commands/open-ledger/controller.js';
import { OpenLedgerHandler } from './commands/open-ledger/handler.js';
import { PostBatchController } from './commands/post-batch/controller.js';
import { PostTransfersHandler } from './commands/post-batch/handler.js';
import { PostTransferController } from './commands/post-transfer/controller.js';
import { ReverseTransferController } from './commands/reverse-transfer/controller.js';
import { ReopenPeriodController } from './commands/reopen-period/controller.js';
import { SubmitPeriodHandler } from './commands/submit-period-command.js';
import { SubmitTransferHandler } from './commands/submit-transfer-command.js';
import { VoidTransferController } from './commands/void-transfer/controller.js';
import { dependenciesOn } from './dependencies.js';
import { type EventStore, EventStoreUnavailable } from './event-store/event-store.js';
import { eventStoreDb } from './event-store/eventstoredb.js';
import { AccessGuard } from './identity/access.guard.js';
import { JwtStrategy } from './identity/jwt.strategy.js';
import { metricsPage } from './metrics.js';
import { type ServiceConfig } from './platform/config.js';
import { DEPENDENCIES, HealthController } from './platform/http/health.controller.js';
import { MetricsController } from './platform/http/metrics.controller.js';
import { type KnownErrors } from './platform/http/to-api-error.js';
import { EVENT_STORE, LEDGER_WRITERS, METRICS_PAGE, POOL } from './platform/injection-tokens.js';
import { type Logger } from './platform/logger.js';
import { createRegistry } from './platform/metrics-page.js';
import { createPool } from './platform/postgres.js';
import { QUESTION_CONTROLLERS, QUESTION_PROVIDERS } from './queries/questions.js';
import { postgresSnapshots } from './snapshots/postgres-snapshots.js';

/** Snapshots are read and written on connections of their own: queries never wait for them. */
const SNAPSHOT_CONNECTIONS = 3;
const SNAPSHOT_STATEMENT_TIMEOUT_MS = 20_000;

/** What the errors of the ports mean to a caller. */
export const KNOWN_ERRORS: KnownErrors = [
  [LedgerBusy, 'LEDGER_BUSY'],
  [OutcomeUnknown, 'OUTCOME_UNKNOWN'],
  [EventStoreUnavailable, 'EVENT_STORE_UNAVAILABLE'],
  [ReadModelsUnavailable, 'READ_MODEL_UNAVAILABLE'],
];

/** What the API runs on. Nothing connects before it is used, so that either store may come later. */
export interface Backends {
  readonly store: EventStore;
  readonly writers: LedgerWriters;
  readonly pool: Pool;
  readonly snapshotPool: Pool;
  /** Of what this process counts. */
  readonly registry: Registry;
}

export function backendsFor(config: ServiceConfig, log: Logger): Backends {
  const store = eventStoreDb(config.eventStoreUrl, log);
  const { databaseUrl } = config;
  const pool = createPool({ databaseUrl, applicationName: 'daybook-api', logger: log });
  const snapshotPool = createPool({
    databaseUrl,
    applicationName: 'daybook-api-snapshots',
    logger: log,
    size: SNAPSHOT_CONNECTIONS,
    statementTimeoutMs: SNAPSHOT_STATEMENT_TIMEOUT_MS,
  });
  const registry = createRegistry();
  const writers = countedWriters(
    createLedgerWriters(store, log, postgresSnapshots(snapshotPool)),
    registry,
  );
  return { store, writers, pool, snapshotPool, registry };
}

/** In this order: writers need the store until all they took is answered. */
export async function closeBackends({
  store,
  writers,
  pool,
  snapshotPool,
}: Backends): Promise<void> {
  await writers.close();
  await Promise.all([store.close(), pool.end(), snapshotPool.end()]);
}

@Module({})
export class AppModule {
  static on(backends: Backends, { jwt }: ServiceConfig): DynamicModule {
    const { store, writers, pool } = backends;
    const dependencies = dependenciesOn(backends);
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        HealthController,
        MetricsController,
        OpenLedgerController,
        OpenAccountController,
        ChangeAccountController,
        PostTransferController,
        PostBatchController,
        CaptureTransferController,
        ExchangeMoneyController,
        ReverseTransferController,
        VoidTransferController,
        ClosePeriodController,
        ReopenPeriodController,
        ...QUESTION_CONTROLLERS,
      ],
      providers: [
        OpenLedgerHandler,
        OpenAccountHandler,
        ChangeAccountHandler,
        SubmitTransferHandler,
        PostTransfersHandler,
        SubmitPeriodHandler,
        ...QUESTION_PROVIDERS,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: JwtStrategy, useFactory: () => new JwtStrategy(jwt) },
        { provide: EVENT_STORE, useValue: store },
        { provide: LEDGER_WRITERS, useValue: writers },
        { provide: POOL, useValue: pool },
        { provide: DEPENDENCIES, useValue: dependencies },
        { provide: METRICS_PAGE, useValue: metricsPage(backends, dependencies) },
      ],
    };
  }
}
