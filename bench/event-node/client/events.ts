// The events of the bench: JSON whose data take 250 bytes.
import { randomUUID } from 'node:crypto';
import { jsonEvent } from '@eventstore/db-client';

const DATA_BYTES = 250;
const NUMBER_DIGITS = 12;

const dataOf = (number: number, filler: string) => ({
  number: String(number).padStart(NUMBER_DIGITS, '0'),
  currency: 'EUR',
  amount: '1234.56',
  filler,
});
const FILLER = 'x'.repeat(DATA_BYTES - JSON.stringify(dataOf(0, '')).length);

export const EVENT_TYPE = 'TransferPosted';

export const dataAt = (number: number) => dataOf(number, FILLER);

export const eventAt = (number: number) =>
  jsonEvent({ id: randomUUID(), type: EVENT_TYPE, data: dataAt(number) });
