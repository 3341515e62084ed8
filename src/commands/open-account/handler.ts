import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InvariantViolation } from '../../domain/errors.js';
import { type AccountSnapshot, snapshotOf } from '../../domain/ledger/account-snapshot.js';
import { type OpenAccount } from '../../domain/ledger/open-account.js';
import { type Causation } from '../../event-store/codec.js';
import { LEDGER_WRITERS } from '../../platform/injection-tokens.js';
import { type LedgerWriters } from '../ledger-writer/ledger-writers.js';
import { recordedOr } from '../recorded.js';

/** The account as it is now, which for one opened before is not as it was opened. */
export interface OpenedAccount {
  readonly account: AccountSnapshot;
  readonly revision: number;
  readonly openedBefore: boolean;
}

export class OpenAccountCommand extends Command<OpenedAccount> {
  constructor(
    readonly ledger: string,
    readonly command: OpenAccount,
    readonly causation: Causation,
  ) {
    super();
  }
}

@CommandHandler(OpenAccountCommand)
export class OpenAccountHandler implements ICommandHandler<OpenAccountCommand> {
  constructor(@Inject(LEDGER_WRITERS) private readonly writers: LedgerWriters) {}

  async execute({ ledger, command, causation }: OpenAccountCommand): Promise<OpenedAccount> {
    const { replayed } = recordedOr(await this.writers.submit(ledger, command, causation));
    const state = await this.writers.current(ledger);
    const account = state.accounts.get(command.address);
    if (!account) {
      throw new InvariantViolation(`${ledger} has no account ${command.address}, just opened`);
    }
    return { account: snapshotOf(account), revision: state.revision, openedBefore: replayed };
  }
}
