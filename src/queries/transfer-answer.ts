import { type TransferRow } from '../../projections/transfer/queries.js';
import { type Refusal } from '../domain/errors.js';

export type TransferAnswer = Omit<TransferRow, 'refusal'> & {
  /** Of a refused transfer only. */
  readonly refusal?: Refusal;
};

export function transferAnswer({ refusal, ...transfer }: TransferRow): TransferAnswer {
  return refusal === null ? transfer : { ...transfer, refusal };
}
