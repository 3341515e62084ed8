// The way from a controller to the ledger for closing and reopening periods. Both can be repeated: what is
// so already is answered with the ledger as it is, and recorded once.
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type PeriodCommand } from '../domain/ledger/decide.js';
import { type Causation } from '../event-store/codec.js';
import { LEDGER_WRITERS } from '../platform/injection-tokens.js';
import { stateAfterCommand } from './account-now.js';
import { type LedgerWriters } from './ledger-writer/ledger-writers.js';
import { acceptedOr } from './recorded.js';

/** What is closed at `revision`, which later commands may have changed again. */
export interface PeriodsNow {
  /** The last day closed, `2026-06-30`; null when none is. */
  readonly closedThrough: string | null;
  readonly revision: number;
}

export class SubmitPeriodCommand extends Command<PeriodsNow> {
  constructor(
    readonly ledger: string,
    readonly command: PeriodCommand,
    readonly causation: Causation,
  ) {
    super();
  }
}

@CommandHandler(SubmitPeriodCommand)
export class SubmitPeriodHandler implements ICommandHandler<SubmitPeriodCommand> {
  constructor(@Inject(LEDGER_WRITERS) private readonly writers: LedgerWriters) {}

  async execute({ ledger, command, causation }: SubmitPeriodCommand): Promise<PeriodsNow> {
    acceptedOr(await this.writers.submit(ledger, command, causation));
    const { closedThrough, revision } = await stateAfterCommand(this.writers, ledger);
    return { closedThrough, revision };
  }
}
