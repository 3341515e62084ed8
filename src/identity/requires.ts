// What a handler asks of its caller. A handler that asks for nothing, and is not
// `@Public()`, cannot be called at all.
import {
  SetMetadata,
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { type FastifyRequest } from 'fastify';
import { type Identity } from './identity.js';
import { type Permission } from './permissions.js';

export const REQUIRED_PERMISSION = 'daybook:required-permission';

/** A token whose role has this permission and, where the path names a ledger, reaches it. */
export function Requires(permission: Permission) {
  return applyDecorators(SetMetadata(REQUIRED_PERMISSION, permission), ApiBearerAuth());
}

/** Where the guard leaves the identity. */
export type AuthenticatedRequest = FastifyRequest & { user: Identity };

/** The caller's identity, as a handler's parameter. */
export const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Identity => {
    return context.switchToHttp().getRequest<AuthenticatedRequest>().user;
  },
);
