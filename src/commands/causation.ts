// Who and what causes the events of a request.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Causation } from '../event-store/codec.js';
import { type AuthenticatedRequest } from '../identity/requires.js';

/** The causation of this request, as a handler's parameter. */
export const Caused = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Causation => {
    const { user, id, ip } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    return {
      actor: user.subject,
      requestId: id,
      correlationId: id,
      causationId: id,
      clientAddress: ip,
    };
  },
);
