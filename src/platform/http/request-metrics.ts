// How many requests were answered, how, and how fast. Labels hold the template of a route and never a
// path, so that their number is bounded, and no id is told to whoever reads metrics.
import { type FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** The route of requests that none was found for. */
const NO_ROUTE = 'none';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts what `fastify` answers. */
export function measureRequests(fastify: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'daybook_http_request_duration_seconds',
    help: 'Requests answered, and how long that took, to the last byte.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const method = METHODS.has(request.method) ? request.method : 'other';
    const route = routeOf(request.is404 ? undefined : request.routeOptions.url);
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    durations.observe({ method, route, status }, reply.elapsedTime / 1_000);
    done();
  });
}

/** As documents write it: `/v1/ledgers/{ledger}`. */
function routeOf(template: string | undefined): string {
  return template?.replace(/:(\w+)/g, '{$1}') ?? NO_ROUTE;
}
