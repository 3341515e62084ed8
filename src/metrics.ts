// What the page of metrics asks for whenever it is read: whether the stores answer, and how far the read
// models are. Everything else is counted where it happens.
import { type Pool } from 'pg';
import { Gauge, type Registry } from 'prom-client';
import { readModelsIn } from '../projections/engine/queries.js';
import { type EventStore } from './event-store/event-store.js';
import { type Dependency } from './platform/http/health.controller.js';
import { MetricsPage, type Sample } from './platform/metrics-page.js';
import { readModelGauges } from './queries/metrics/read-model-gauges.js';

export interface Measured {
  readonly store: EventStore;
  readonly pool: Pool;
  readonly registry: Registry;
}

export function metricsPage(
  { store, pool, registry }: Measured,
  dependencies: readonly Dependency[],
): MetricsPage {
  return new MetricsPage(registry, [
    dependencyGauge(dependencies, registry),
    readModelGauges({ readModels: readModelsIn(pool), store }, registry),
  ]);
}

function dependencyGauge(dependencies: readonly Dependency[], registry: Registry): Sample {
  const up = new Gauge({
    name: 'daybook_dependency_up',
    help: 'Whether the event store answers, and Postgres with the migrations of this version: 1 or 0.',
    labelNames: ['dependency'],
    registers: [registry],
  });
  return async () => {
    const problems = dependencies.map(async ({ name, problem }) => {
      const dependency = name.toLowerCase().replace(' ', '_');
      up.set({ dependency }, (await problem()) === undefined ? 1 : 0);
    });
    await Promise.all(problems);
  };
}
