// Rings when the next pending transfer of a ledger expires. It keeps no process alive.

/** What a timer of the platform can wait for at most, cut down to a day. */
const WAIT_MAX_MS = 24 * 60 * 60 * 1000;
/** Between two rings at least: finding what is over looks at every pending transfer. */
const WAIT_MIN_MS = 200;

export class ExpiryTimer {
  private timer: NodeJS.Timeout | undefined;
  private setTo: string | null = null;
  private stopped = false;

  constructor(private readonly ring: () => void) {}

  /** Rings once `expiresAt` has come, instead of whenever it was to ring before; null is never. */
  set(expiresAt: string | null): void {
    if (this.stopped || expiresAt === this.setTo) return;
    clearTimeout(this.timer);
    this.setTo = expiresAt;
    if (expiresAt === null) return;
    const waitMs = Date.parse(expiresAt) - Date.now();
    this.timer = setTimeout(
      () => {
        this.setTo = null;
        this.ring();
      },
      Math.min(Math.max(waitMs, WAIT_MIN_MS), WAIT_MAX_MS),
    );
    this.timer.unref();
  }

  /** Never rings again. */
  stop(): void {
    this.set(null);
    this.stopped = true;
  }
}
