import { ApiError } from '../platform/http/api-error.js';

export function accountNotFound(address: string): ApiError {
  return new ApiError('ACCOUNT_NOT_FOUND', `There is no account "${address}" in this ledger.`);
}

export function transferNotFound(id: string): ApiError {
  return new ApiError('TRANSFER_NOT_FOUND', `There is no transfer "${id}" in this ledger.`);
}
