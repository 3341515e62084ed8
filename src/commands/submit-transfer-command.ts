// The one way from a controller to the ledger for every command that is decided under an id of its own.
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InvariantViolation } from '../domain/errors.js';
import { type TransferCommand } from '../domain/ledger/decide.js';
import { type Causation } from '../event-store/codec.js';
import { ApiError } from '../platform/http/api-error.js';
import { ERROR_CATALOGUE } from '../platform/http/error-catalogue.js';
import { LEDGER_WRITERS } from '../platform/injection-tokens.js';
import {
  type CommandOutcome,
  type LedgerWriters,
  OutcomeUnknown,
} from './ledger-writer/ledger-writers.js';

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
    if (!dryRun) return this.submitted(submission);
    const [outcome] = await this.writers.preview(ledger, [command], causation);
    if (outcome) return outcome;
    throw new InvariantViolation(`A ${command.type} came to nothing`);
  }

  // Whoever let the id be chosen here could not ask again without being told it.
  private async submitted({ ledger, command, causation }: SubmitTransferCommand) {
    try {
      return await this.writers.submit(ledger, command, causation);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      const { meaning } = ERROR_CATALOGUE.OUTCOME_UNKNOWN;
      throw new ApiError('OUTCOME_UNKNOWN', meaning, { details: { id: command.id }, cause: error });
    }
  }
}
