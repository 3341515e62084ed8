// The one way from a controller to the ledger for every command that is decided under an id of its own.
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InvariantViolation } from '../domain/errors.js';
import { type TransferCommand } from '../domain/ledger/decide.js';
import { type Causation } from '../event-store/codec.js';
import { LEDGER_WRITERS } from '../platform/injection-tokens.js';
import { type CommandOutcome, type LedgerWriters } from './ledger-writer/ledger-writers.js';

export class SubmitTransferCommand extends Command<CommandOutcome> {
  constructor(
    readonly ledger: string,
    readonly command: TransferCommand,
    readonly causation: Causation,
    readonly dryRun: boolean,
  ) {
    super();
  }
}

@CommandHandler(SubmitTransferCommand)
export class SubmitTransferHandler implements ICommandHandler<SubmitTransferCommand> {
  constructor(@Inject(LEDGER_WRITERS) private readonly writers: LedgerWriters) {}

  async execute(submission: SubmitTransferCommand): Promise<CommandOutcome> {
    const { ledger, command, causation, dryRun } = submission;
    if (!dryRun) return this.writers.submit(ledger, command, causation);
    const [outcome] = await this.writers.preview(ledger, [command], causation);
    if (outcome) return outcome;
    throw new InvariantViolation(`A ${command.type} came to nothing`);
  }
}
