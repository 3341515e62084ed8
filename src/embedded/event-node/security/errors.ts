// Errors about who calls and what he may do.
import { STATUS } from '../grpc/status.js';
import { GrpcError, invalidArgument } from '../errors.js';

export const unauthenticated = () => new GrpcError(STATUS.UNAUTHENTICATED, 'Unauthenticated');

export const accessDenied = () =>
  new GrpcError(STATUS.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export const userNotFound = (name: string) =>
  new GrpcError(STATUS.NOT_FOUND, `User '${name}' is not found.`, {
    exception: 'user-not-found',
    'login-name': name,
  });

export const userConflict = (name: string) =>
  new GrpcError(STATUS.FAILED_PRECONDITION, 'Conflict.', {
    exception: 'user-conflict',
    'login-name': name,
  });

export const invalidUserName = (name: string) =>
  invalidArgument(
    `'${name}' cannot be a user: a name has 1 to 255 characters, no colon, and no $ in front`,
  );
