import { ApiError } from '../platform/http/api-error.js';

export function accountNotFound(address: string): ApiError {
  return new ApiError('ACCOUNT_NOT_FOUND', `There is no account "${address}" in this ledger.`);
}
