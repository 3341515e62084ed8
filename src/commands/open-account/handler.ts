import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type OpenAccount } from '../../domain/ledger/open-account.js';
import { type Causation } from '../../event-store/codec.js';
import { LEDGER_WRITERS } from '../../platform/injection-tokens.js';
import { type AccountNow, accountNow } from '../account-now.js';
import { type LedgerWriters } from '../ledger-writer/ledger-writers.js';
import { recordedOr } from '../recorded.js';

/** The account as it is now, which for one opened before is not as it was opened. */
export interface OpenedAccount extends AccountNow {
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
    const opened = await accountNow(this.writers, ledger, command.address);
    return { ...opened, openedBefore: replayed };
  }
}
