// Errors about who calls and what he may do.
import { status } from '@grpc/grpc-js';
import { GrpcError, invalidArgument } from '../errors.js';

export const unauthenticated = () => new GrpcError(status.UNAUTHENTICATED, 'Unauthenticated');

export const accessDenied = () =>
  new GrpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export const userNotFound = (name: string) =>
  new GrpcError(status.NOT_FOUND, `User '${name}' is not found.`, {
    exception: 'user-not-found',
    'login-name': name,
  });

export const userConflict = (name: string) =>
  new GrpcError(status.FAILED_PRECONDITION, 'Conflict.', {
    exception: 'user-conflict',
    'login-name': name,
  });

export const invalidUserName = (name: string) =>
  invalidArgument(
    `'${name}' cannot be a user: a name has 1 to 255 characters, no colon, and no $ in front`,
  );
