// All read models. A new one is a folder beside this file and a line here.
import { accountReadModel } from './account/project.js';
import { balanceHistoryReadModel } from './balance-history/project.js';
import { type ReadModel } from './engine/read-model.js';
import { entryReadModel } from './entry/project.js';
import { ledgerReadModel } from './ledger/project.js';
import { refusalReadModel } from './refusal/project.js';
import { transferReadModel } from './transfer/project.js';

export const READ_MODELS: readonly ReadModel[] = [
  ledgerReadModel,
  accountReadModel,
  entryReadModel,
  balanceHistoryReadModel,
  transferReadModel,
  refusalReadModel,
];

/** Raised with every change to what a read model holds: rows made by another version are not touched. */
export const READ_MODELS_VERSION = 6;
