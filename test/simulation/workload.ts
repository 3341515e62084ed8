// What the workers of the bank ask for, drawn from a seed. With the same seed every worker proposes the
// same requests, as far as they do not build on answers; which of them meet, the machine decides.
import { type Draws } from './draws.js';
import { type Memory } from './memory.js';
import {
  accountOpenedBefore,
  change,
  close,
  freeze,
  newAccount,
  read,
  unfreeze,
} from './proposals/accounts.js';
import { capture, release, reverse } from './proposals/acts.js';
import { closePeriod, reopenPeriod } from './proposals/periods.js';
import { altered, corrected, repeated } from './proposals/repeats.js';
import { batch, each } from './proposals/batches.js';
import { exchange } from './proposals/exchanges.js';
import { dryRun, newTransfer, pendingTransfer, unfitTransfer } from './proposals/transfers.js';
import { type BankRequest } from './requests.js';

interface Proposal {
  readonly weight: number;
  /** Undefined while there is nothing yet that it could build on. */
  readonly propose: (draws: Draws, memory: Memory) => BankRequest | undefined;
}

const MIX: readonly Proposal[] = [
  { weight: 380, propose: newTransfer },
  { weight: 120, propose: pendingTransfer },
  { weight: 60, propose: unfitTransfer },
  { weight: 60, propose: dryRun },
  { weight: 60, propose: exchange },
  { weight: 30, propose: batch },
  { weight: 30, propose: each },
  { weight: 100, propose: capture },
  { weight: 40, propose: release },
  { weight: 80, propose: reverse },
  { weight: 80, propose: repeated },
  { weight: 40, propose: altered },
  { weight: 20, propose: corrected },
  { weight: 5, propose: closePeriod },
  { weight: 10, propose: reopenPeriod },
  { weight: 30, propose: newAccount },
  { weight: 10, propose: accountOpenedBefore },
  { weight: 50, propose: change },
  { weight: 10, propose: freeze },
  { weight: 80, propose: unfreeze },
  { weight: 15, propose: close },
  { weight: 45, propose: read },
];

export function nextRequest(draws: Draws, memory: Memory): BankRequest {
  return draws.weighted(MIX).propose(draws, memory) ?? newTransfer(draws, memory);
}
