import { type EventStore } from '../../event-store/event-store.js';
import { type Progress } from '../terminal.js';
import { type Manifest } from './manifest.js';
import { type OutputFolder } from './output-folder.js';
import { type TimeRange } from './time-range.js';

/** What each format is given to work with. */
export interface ExportJob {
  readonly ledger: string;
  readonly range: TimeRange;
  readonly store: EventStore;
  /** Where Postgres answers; asked only by formats that need it. Throws a Failure. */
  readonly databaseUrl: () => string;
  /** How long the read models may need to catch up with the log; see CATCH_UP_MAX_MS, the default. */
  readonly catchUpMaxMs?: number;
  readonly output: OutputFolder;
  /** Shows how far the next part of the work is, from now on. */
  readonly progress: (label: string, total: number) => Pick<Progress, 'update'>;
}

/** What each format has to say in the manifest. */
export type Exported = Pick<Manifest, 'events' | 'amounts' | 'files'> & {
  readonly axis: Manifest['range']['axis'];
};
