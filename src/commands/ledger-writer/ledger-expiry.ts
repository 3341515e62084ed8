// Lets the pending transfers of one ledger expire when their time has come, as commands like any other.
import { type Logger } from 'pino';
import { earliestExpiry, transfersOver } from '../../domain/ledger/expiry.js';
import { type Causation } from '../../event-store/codec.js';
import { utcNow } from '../../platform/clock.js';
import { type Request } from './decide-group.js';
import { ExpiryTimer } from './expiry-timer.js';
import { type FoldedLedger } from './folded-ledger.js';

/** Pending transfers that are released in one go; the next go follows at once. */
const EXPIRIES_MAX = 500;
/** After a go that failed. */
const RETRY_MS = 5_000;
/** What the ledger does without having been asked by anyone. */
const BY_ITSELF: Causation = {
  actor: 'daybook',
  requestId: 'expiry',
  correlationId: 'expiry',
  causationId: 'expiry',
  clientAddress: null,
};

/** What it needs of the writer. */
interface Writer {
  current(): Promise<unknown>;
  submit(request: Request): Promise<unknown>;
  inTurn(work: () => Promise<void>): Promise<void>;
}

export class LedgerExpiry {
  private readonly timer = new ExpiryTimer(() => void this.expireInTime());
  private expiring = false;

  constructor(
    private readonly folded: FoldedLedger,
    private readonly log: Logger,
    private readonly writer: Writer,
  ) {}

  /** Follows the state; while something is being expired, the timer waits for what that comes to. */
  set(): void {
    if (!this.expiring) this.timer.set(this.folded.state.nextExpiry);
  }

  /** Nothing expires by itself any more. */
  stop(): void {
    this.timer.stop();
  }

  /** See LedgerWriters.expireDue. */
  async expireDue(): Promise<void> {
    await this.writer.current();
    const now = utcNow();
    const over = transfersOver(this.folded.state, now, EXPIRIES_MAX);
    await Promise.all(
      // A full queue throws at once: whoever got a place in it before must be waited for all the same.
      over.map(async (transfer) => {
        const command = { type: 'ExpireTransfer', transfer, now } as const;
        await this.writer.submit({ command, causation: BY_ITSELF });
      }),
    );
    await this.writer.inTurn(() => {
      this.folded.state.nextExpiry = earliestExpiry(this.folded.state);
      this.set();
      return Promise.resolve();
    });
  }

  private async expireInTime(): Promise<void> {
    this.expiring = true;
    try {
      await this.expireDue();
      this.timer.set(this.folded.state.nextExpiry);
    } catch (error) {
      const { stream } = this.folded;
      this.log.warn({ stream, error: String(error) }, 'pending transfers expire later');
      this.timer.set(new Date(Date.now() + RETRY_MS).toISOString());
    }
    this.expiring = false;
  }
}
