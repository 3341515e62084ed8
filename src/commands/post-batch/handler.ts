import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type PostTransfer } from '../../domain/ledger/post-transfer.js';
import { type Causation } from '../../event-store/codec.js';
import { LEDGER_WRITERS } from '../../platform/injection-tokens.js';
import { type CommandOutcome, type LedgerWriters } from '../ledger-writer/ledger-writers.js';

/** Transfers of which each is decided for itself, in order. */
export class PostTransfersCommand extends Command<readonly CommandOutcome[]> {
  constructor(
    readonly ledger: string,
    readonly transfers: readonly PostTransfer[],
    readonly causation: Causation,
    readonly dryRun: boolean,
  ) {
    super();
  }
}

@CommandHandler(PostTransfersCommand)
export class PostTransfersHandler implements ICommandHandler<PostTransfersCommand> {
  constructor(@Inject(LEDGER_WRITERS) private readonly writers: LedgerWriters) {}

  execute(command: PostTransfersCommand): Promise<readonly CommandOutcome[]> {
    const { ledger, transfers, causation, dryRun } = command;
    return dryRun
      ? this.writers.preview(ledger, transfers, causation)
      : this.writers.submitAll(ledger, transfers, causation);
  }
}
