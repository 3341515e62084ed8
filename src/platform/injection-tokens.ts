// The names under which Nest finds what the composition root made.

/** commands/ledger-writer: LedgerWriters. */
export const LEDGER_WRITERS = Symbol('ledger writers');
/** event-store: EventStore. */
export const EVENT_STORE = Symbol('event store');
/** The pool of connections to Postgres. */
export const POOL = Symbol('pool');
/** platform/metrics-page: MetricsPage. */
export const METRICS_PAGE = Symbol('metrics page');
