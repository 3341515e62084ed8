// How far the read models are, for whoever is alerted: two small questions to Postgres and one to the
// event store. What cannot be told is absent, and never shown as it was before.
import { Gauge, type Registry } from 'prom-client';
import { type ReadModels } from '../../../projections/engine/queries.js';
import {
  type GenerationProgress,
  type Unapplied,
  generationProgress,
  isProjectorActive,
  unapplied,
} from '../../../projections/status/queries.js';
import { type EventStore } from '../../event-store/event-store.js';
import { utcNow } from '../../platform/clock.js';
import { within } from '../../platform/time-limit.js';

/** Events behind are counted up to here: it is asked every few seconds. */
const LAG_COUNTED_MAX = 1_000;
/** For everything, so that a scrape of Prometheus is answered in its own time. */
const SAMPLE_TIMEOUT_MS = 5_000;

export interface Asked {
  readonly readModels: ReadModels;
  readonly store: EventStore;
}

/** Makes the gauges; what it returns sets them, and never rejects. */
export function readModelGauges(asked: Asked, registry: Registry): () => Promise<void> {
  const active = new Gauge({
    name: 'daybook_projector_active',
    help: 'Whether a projector, of whatever process, applies events: 1 or 0.',
    registers: [registry],
  });
  const gauges = generationGauges(registry);
  return async () => {
    const seen = await within(SAMPLE_TIMEOUT_MS, look(asked)).catch(() => undefined);
    for (const gauge of Object.values(gauges)) gauge.reset();
    active.remove();
    if (!seen) return;
    active.set(seen.isActive ? 1 : 0);
    for (const generation of seen.generations) show(gauges, generation, seen.lag);
  };
}

interface Seen {
  readonly isActive: boolean;
  readonly generations: readonly GenerationProgress[];
  /** Of the live one; undefined when the log does not tell. */
  readonly lag: Unapplied | undefined;
}

async function look({ readModels, store }: Asked): Promise<Seen> {
  const [isActive, generations] = await Promise.all([
    isProjectorActive(readModels),
    generationProgress(readModels),
  ]);
  const live = generations.find(({ state }) => state === 'live');
  const lag = live && unapplied(store, live.applied, LAG_COUNTED_MAX).catch(() => undefined);
  return { isActive, generations, lag: await lag };
}

type Gauges = ReturnType<typeof generationGauges>;

function generationGauges(registry: Registry) {
  const registers = [registry];
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['generation', 'state'], registers });
  return {
    position: gauge('daybook_read_models_position', 'Position of the last event applied.'),
    events: gauge('daybook_read_models_events', 'Events applied so far.'),
    lagEvents: gauge(
      'daybook_read_models_lag_events',
      `Events in the log that are not applied, at most ${LAG_COUNTED_MAX}.`,
    ),
    lagSeconds: gauge(
      'daybook_read_models_lag_seconds',
      'For how long the oldest event that is not applied has been in the log.',
    ),
    parked: gauge(
      'daybook_read_models_parked_ledgers',
      'Ledgers with an event that cannot be applied.',
    ),
    paused: gauge('daybook_read_models_paused', 'Whether an operator paused it: 1 or 0.'),
    verifiedPosition: gauge(
      'daybook_read_models_verified_position',
      'Position at which every row was last proven to follow from the log.',
    ),
    verifiedAt: gauge(
      'daybook_read_models_verified_timestamp_seconds',
      'When that was, in seconds since 1970.',
    ),
    findings: gauge(
      'daybook_read_models_verification_findings',
      'What the last verification found wrong.',
    ),
  };
}

function show(gauges: Gauges, progress: GenerationProgress, lag: Unapplied | undefined): void {
  const { generation, state, position, verifiedPosition, verifiedAt, findings } = progress;
  const labels = { generation: String(generation), state };
  const showIfKnown = (gauge: Gauge<keyof typeof labels>, value: string | number | null) => {
    if (value !== null) gauge.set(labels, Number(value));
  };
  gauges.events.set(labels, progress.events);
  gauges.parked.set(labels, progress.parkedLanes);
  gauges.paused.set(labels, progress.paused ? 1 : 0);
  showIfKnown(gauges.position, position);
  showIfKnown(gauges.verifiedPosition, verifiedPosition);
  showIfKnown(gauges.verifiedAt, verifiedAt && Date.parse(verifiedAt) / 1_000);
  showIfKnown(gauges.findings, findings);
  if (!lag || state !== 'live') return;
  gauges.lagEvents.set(labels, lag.count);
  gauges.lagSeconds.set(labels, lag.first ? secondsSince(lag.first.created) : 0);
}

/** By two clocks, that of the event store and ours, which may differ a little. */
function secondsSince(time: Date): number {
  return Math.max(0, (Date.parse(utcNow()) - time.getTime()) / 1_000);
}
