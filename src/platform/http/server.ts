// The HTTP server: Fastify with every limit set, and what all routes have in common. Everything that a
// request can break before it reaches a handler is answered in the envelope, too.
import { isUtf8 } from 'node:buffer';
import { type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Registry } from 'prom-client';
import { type Logger, nestLogger } from '../logger.js';
import { AllowedMethods } from './allowed-methods.js';
import { completed } from './answer.js';
import { ApiError, shuttingDown } from './api-error.js';
import { markDryRuns } from './dry-run.js';
import { ErrorFilter, errorAnswer, headersOf } from './error-filter.js';
import { ERROR_CATALOGUE } from './error-catalogue.js';
import { QueryGuard } from './query-guard.js';
import { measureRequests } from './request-metrics.js';
import { REQUEST_ID_HEADER, requestIdOf, requestIdProblem } from './request-id.js';
import { RequestShapePipe } from './request-shape.js';
import { type KnownErrors, toApiError } from './to-api-error.js';

const BODY_BYTES_MAX = 1024 * 1024;
/** One part of a path: an address of 255 characters fits, every one of them percent-encoded. */
const PARAM_LENGTH_MAX = 1_024;
/** From the first byte of a request to its last. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How long a connection may stay silent in the middle of an exchange. */
const CONNECTION_TIMEOUT_MS = 60_000;
/** Longer than load balancers keep theirs, so that they never meet a connection being closed. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How large a body this route takes, if not as large as all others. */
    readonly bodyBytesMax?: number;
  }
}

const NOT_UTF_8 = {
  details: { fields: [{ field: 'body', problem: 'not UTF-8', expected: 'JSON in UTF-8' }] },
};

export interface HttpOptions {
  readonly log: Logger;
  /** What the errors of the ports mean. */
  readonly known: KnownErrors;
  /** Where requests are counted. */
  readonly registry: Registry;
}

/** A Nest application on Fastify, not listening yet. */
export async function createHttpApplication(
  module: Type | object,
  { log, known, registry }: HttpOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // The hook below turns requests away while stopping, in the envelope.
    return503OnClosing: false,
    genReqId: requestIdOf,
    frameworkErrors: answerUnrouted,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
  });
  measureRequests(adapter.getInstance(), registry);
  addHooks(adapter);
  const app = await NestFactory.create<NestFastifyApplication>(module as Type, adapter, {
    bodyParser: false,
    // What is wrong at the start is told to whoever starts it; Nest would end the process.
    abortOnError: false,
    logger: nestLogger(log),
  });
  app.useGlobalGuards(new QueryGuard());
  app.useGlobalPipes(new RequestShapePipe());
  app.useGlobalFilters(new ErrorFilter(log, known));
  return app;
}

function addHooks(adapter: FastifyAdapter): void {
  const fastify = adapter.getInstance();
  readOnlyJson(fastify);
  markDryRuns(fastify);
  const allowed = new AllowedMethods();
  fastify.addHook('onRoute', (route) => {
    for (const name of [route.method].flat()) allowed.add({ method: name, path: route.url });
    if (route.config?.bodyBytesMax) route.bodyLimit = route.config.bodyBytesMax;
  });
  let stopping = false;
  fastify.addHook('preClose', (done) => {
    stopping = true;
    done();
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    const shutDown = stopping ? shuttingDown() : undefined;
    done(shutDown ?? requestIdProblem(request.raw) ?? wrongMethod(request, allowed));
  });
  fastify.addHook('preSerialization', (request, reply, payload, done) => {
    // A connection kept alive after its last answer would keep the server from ending.
    if (stopping) reply.header('Connection', 'close');
    done(null, completed(payload, request));
  });
}

// Fastify would read plain text as well, and put a question mark where bytes are not UTF-8: what is
// recorded must be what was sent.
function readOnlyJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, body, done) => {
      if (isUtf8(body)) return void parse(request, body.toString('utf8'), done);
      done(new ApiError('INVALID_JSON', 'body: not UTF-8.', NOT_UTF_8));
    },
  );
}

function wrongMethod(request: FastifyRequest, allowed: AllowedMethods): ApiError | undefined {
  if (!request.is404) return undefined;
  const methods = allowed.at(request.url.split('?')[0] ?? '');
  if (methods.length === 0) return undefined;
  return new ApiError('METHOD_NOT_ALLOWED', `${request.method} is not possible at this path.`, {
    details: { allowed: methods },
    headers: { Allow: methods.join(', ') },
  });
}

// The router turns such requests away before any hook runs.
function answerUnrouted(thrown: Error, request: FastifyRequest, reply: FastifyReply): void {
  const error = toApiError(thrown, []);
  const answer = completed(errorAnswer(error), { id: request.id, isDryRun: false });
  reply.raw.writeHead(ERROR_CATALOGUE[error.code].status, {
    ...headersOf(error),
    [REQUEST_ID_HEADER]: request.id,
  });
  reply.raw.end(JSON.stringify(answer));
}
