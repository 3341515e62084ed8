import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type OpenLedger } from '../../domain/ledger/open-ledger.js';
import { type Causation } from '../../event-store/codec.js';
import { LEDGER_WRITERS } from '../../platform/injection-tokens.js';
import { type CommandOutcome, type LedgerWriters } from '../ledger-writer/ledger-writers.js';

export class OpenLedgerCommand extends Command<CommandOutcome> {
  constructor(
    readonly command: OpenLedger,
    readonly causation: Causation,
  ) {
    super();
  }
}

@CommandHandler(OpenLedgerCommand)
export class OpenLedgerHandler implements ICommandHandler<OpenLedgerCommand> {
  constructor(@Inject(LEDGER_WRITERS) private readonly writers: LedgerWriters) {}

  execute({ command, causation }: OpenLedgerCommand): Promise<CommandOutcome> {
    return this.writers.submit(command.ledger, command, causation);
  }
}
