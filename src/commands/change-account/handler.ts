import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type AccountCommand } from '../../domain/ledger/decide.js';
import { type Causation } from '../../event-store/codec.js';
import { LEDGER_WRITERS } from '../../platform/injection-tokens.js';
import { type AccountNow, accountNow } from '../account-now.js';
import { type LedgerWriters } from '../ledger-writer/ledger-writers.js';
import { acceptedOr } from '../recorded.js';

/** Anything that changes an opened account but a transfer. */
export class ChangeAccountCommand extends Command<AccountNow> {
  constructor(
    readonly ledger: string,
    readonly command: AccountCommand,
    readonly causation: Causation,
  ) {
    super();
  }
}

@CommandHandler(ChangeAccountCommand)
export class ChangeAccountHandler implements ICommandHandler<ChangeAccountCommand> {
  constructor(@Inject(LEDGER_WRITERS) private readonly writers: LedgerWriters) {}

  async execute({ ledger, command, causation }: ChangeAccountCommand): Promise<AccountNow> {
    acceptedOr(await this.writers.submit(ledger, command, causation));
    return accountNow(this.writers, ledger, command.address);
  }
}
