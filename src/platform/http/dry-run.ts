// `?dryRun=true`: the same answer, and nothing recorded. Whoever misspells it must not find out
// afterwards, so these endpoints take no other parameter in the query.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { Field, choice } from './fields.js';
import { readsQuery } from './query-guard.js';
import { read } from './request-shape.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether nothing is recorded; its answer says so in `meta`. */
    isDryRun: boolean;
  }
}

class DryRunQuery {
  @Field(choice(['true', 'false']), { optional: true })
  dryRun?: 'true' | 'false';
}

/** Whether the request is a dry run, as a handler's parameter. Throws ApiError INVALID_REQUEST. */
export const DryRun = createParamDecorator(
  (_data: unknown, context: ExecutionContext): boolean => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.isDryRun = read(DryRunQuery, request.query, 'query').dryRun === 'true';
    return request.isDryRun;
  },
  [readsQuery],
);

/** On every handler that has a `@DryRun()`. */
export const ApiDryRun = () =>
  ApiQuery({
    name: 'dryRun',
    required: false,
    schema: { type: 'string', enum: ['true', 'false'] },
    description: 'With `true` the answer is what it would be, and nothing is recorded',
  });

/** No request is one until its handler says so. */
export function markDryRuns(fastify: FastifyInstance): void {
  fastify.decorateRequest('isDryRun', false);
}
