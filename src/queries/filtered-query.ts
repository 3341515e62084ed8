// Queries that filter by metadata: parameters `metadata.<key>`, whose names cannot be declared, are
// gathered in one field before the query is read.
import { type ExecutionContext, type Type, createParamDecorator } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { type FastifyRequest } from 'fastify';
import { readsQuery } from '../platform/http/query-guard.js';
import { read } from '../platform/http/request-shape.js';
import { METADATA_PREFIX } from './rules.js';

/** The query as an instance of a class whose `metadata` holds the `metadata.<key>` parameters. */
export const FilteredQuery = createParamDecorator(
  (type: Type<object>, context: ExecutionContext): object => {
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    return read(type, gathered(query as Record<string, unknown>), 'query');
  },
  [readsQuery],
);

/** Documents the parameters of a FilteredQuery. */
export const ApiFilteredQuery = (type: Type<object>) => ApiQuery({ type });

// A parameter that is itself called `metadata` stays, and is then turned away.
function gathered(sent: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isFilter = ([name]: [string, unknown]) => name.startsWith(METADATA_PREFIX);
  const filters = Object.entries(sent).filter(isFilter);
  if (filters.length === 0) return { ...sent };
  const metadata: Record<string, unknown> = Object.fromEntries(
    filters.map(([name, value]) => [name.slice(METADATA_PREFIX.length), value]),
  );
  const others = Object.entries(sent).filter((parameter) => !isFilter(parameter));
  return { metadata, ...Object.fromEntries(others) };
}
