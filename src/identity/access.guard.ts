// Every request passes here: a valid token, a role that may, a ledger that the token reaches.
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { ApiError, ledgerNotFound } from '../platform/http/api-error.js';
import { PUBLIC } from '../platform/http/public.js';
import { type Identity, reaches } from './identity.js';
import { type Permission, mayDo, rolesWith } from './permissions.js';
import { type AuthenticatedRequest, REQUIRED_PERMISSION } from './requires.js';
import { VerifiedTokens } from './verified-tokens.js';

type Asking = AuthenticatedRequest & { params: { ledger?: string } };

@Injectable()
export class AccessGuard extends AuthGuard('jwt') {
  private readonly verified = new VerifiedTokens();

  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets)) return true;
    const request = context.switchToHttp().getRequest<Asking>();
    await this.authenticate(request, context);
    const { user, params } = request;
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(
      REQUIRED_PERMISSION,
      targets,
    );
    // The ledger comes first: who may not know of it learns nothing about it, not even that.
    if (params.ledger !== undefined && !reaches(user, params.ledger)) throw ledgerNotFound();
    if (permission === undefined || !mayDo(user.role, permission)) {
      throw forbidden(user, permission);
    }
    return true;
  }

  private async authenticate(request: Asking, context: ExecutionContext): Promise<void> {
    const { authorization } = request.headers;
    const nowMs = Date.now();
    const known = authorization && this.verified.identityOf(authorization, nowMs);
    if (known) {
      request.user = known;
      return;
    }
    await super.canActivate(context);
    if (authorization) this.verified.remember(authorization, request.user, nowMs);
  }

  override handleRequest<T>(error: unknown, identity: T | false | null, failure: unknown): T {
    if (error instanceof Error) throw error;
    // Not the token is at fault.
    if (failure instanceof ApiError) throw failure;
    if (!identity) throw unauthenticated(failure);
    return identity;
  }
}

const NO_CLAIMS = 'the token lacks a valid sub, role or ledgers claim';
/** Failures by the names that jsonwebtoken gives them, and by passport-jwt's one message. */
const REASONS: Readonly<Record<string, string>> = {
  TokenExpiredError: 'the token has expired',
  NotBeforeError: 'the token is not valid yet',
  'No auth token': 'there is no bearer token',
};
const NOT_ACCEPTED =
  'the token is malformed, or its signature, algorithm, issuer or audience is not accepted';

function unauthenticated(failure: unknown): ApiError {
  const reason =
    failure instanceof Error
      ? (REASONS[failure.name] ?? REASONS[failure.message] ?? NOT_ACCEPTED)
      : NO_CLAIMS;
  const expected = 'Bearer, and a token that is valid now';
  return new ApiError('UNAUTHENTICATED', `Authentication is required: ${reason}.`, {
    details: { fields: [{ field: 'Authorization', problem: reason, expected }] },
    headers: { 'WWW-Authenticate': 'Bearer realm="daybook"' },
  });
}

function forbidden({ role }: Identity, permission: Permission | undefined): ApiError {
  const roles = permission === undefined ? [] : rolesWith(permission);
  return new ApiError('FORBIDDEN', `The role ${role} may not do this.`, {
    details: { role, roles },
  });
}
