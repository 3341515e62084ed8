import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type PostTransfer } from '../../domain/ledger/post-transfer.js';
import { type Causation } from '../../event-store/codec.js';
import { LEDGER_WRITERS } from '../../platform/injection-tokens.js';
import { type CommandOutcome, type LedgerWriters } from '../ledger-writer/ledger-writers.js';

export class PostTransferCommand extends Command<CommandOutcome> {
  constructor(
    readonly ledger: string,
    readonly command: PostTransfer,
    readonly causation: Causation,
  ) {
    super();
  }
}

@CommandHandler(PostTransferCommand)
export class PostTransferHandler implements ICommandHandler<PostTransferCommand> {
  constructor(@Inject(LEDGER_WRITERS) private readonly writers: LedgerWriters) {}

  execute({ ledger, command, causation }: PostTransferCommand): Promise<CommandOutcome> {
    return this.writers.submit(ledger, command, causation);
  }
}
