// Version 2 says what a ledger asks of its transfers. Ledgers opened before asked nothing.
import { NO_RULES } from '../../domain/ledger/open-ledger.js';
import { type JsonObject } from '../event-store.js';
import { type Upcaster } from './upcaster.js';

export const ledgerOpenedV1ToV2: Upcaster = {
  type: 'LedgerOpened',
  from: 1,
  upcast: ({ recordedAt, ...data }: JsonObject) => ({ ...data, rules: NO_RULES, recordedAt }),
};
