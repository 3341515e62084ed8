// A query that nobody reads is turned away: who sends a parameter takes it that it is heard. Handlers with
// a `@Query()` or another decorator that reads it are left to that; public ones are asked by machines that
// add parameters of their own.
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { Reflector } from '@nestjs/core';
import { type FastifyRequest } from 'fastify';
import { invalidRequest } from './api-error.js';
import { PUBLIC } from './public.js';

const READS_QUERY = 'daybook:reads-query';

/** For parameter decorators that read the query: `createParamDecorator(read, [readsQuery])`. */
export const readsQuery: ParameterDecorator = (controller, handler) => {
  if (handler !== undefined) Reflect.defineMetadata(READS_QUERY, true, controller, handler);
};

@Injectable()
export class QueryGuard implements CanActivate {
  private readonly reflector = new Reflector();

  /** Throws ApiError INVALID_REQUEST. */
  canActivate(context: ExecutionContext): boolean {
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    const sent = Object.keys(Object(query) as object);
    if (sent.length === 0 || this.isRead(context)) return true;
    const [problem, expected] = ['an unknown parameter', 'no parameters in the query'];
    throw invalidRequest(sent.map((field) => ({ field, problem, expected })));
  }

  private isRead(context: ExecutionContext): boolean {
    const [controller, handler] = [context.getClass(), context.getHandler()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [handler, controller])) {
      return true;
    }
    const parameters: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name);
    return (
      Reflect.hasMetadata(READS_QUERY, controller.prototype as object, handler.name) ||
      Object.keys(Object(parameters) as object).some((kind) =>
        kind.startsWith(`${RouteParamtypes.QUERY}:`),
      )
    );
  }
}
