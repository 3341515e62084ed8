// The metrics of this process as Prometheus reads them. What has to be asked for is asked for when the
// page is read, once for all who read it at the same time: nobody can make many questions of it.
import { Registry, collectDefaultMetrics } from 'prom-client';

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Something that sets metrics of a registry to what is so right now, in bounded time. Never rejects. */
export type Sample = () => Promise<void>;

export class MetricsPage {
  private reading: Promise<string> | undefined;

  constructor(
    private readonly registry: Registry,
    private readonly samples: readonly Sample[],
  ) {}

  read(): Promise<string> {
    this.reading ??= this.sampled().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async sampled(): Promise<string> {
    await Promise.all(this.samples.map((sample) => sample()));
    return this.registry.metrics();
  }
}

/** With what is known of every process of Node.js: CPU, memory, event loop, garbage collection. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
