// The event streams that are open in this process: how many there may be, for how long, and that all of
// them end when the process stops.
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Identity } from '../../identity/identity.js';
import { utcNow } from '../../platform/clock.js';
import { ApiError, shuttingDown } from '../../platform/http/api-error.js';

export const STREAMS_MAX = 1_000;
const STREAMS_PER_CALLER_MAX = 20;
/** Of a stream, however long the token is valid. */
const DURATION_MAX_MS = 24 * 60 * 60 * 1_000;

export interface OpenStream {
  /** Aborted with the reason, a text, when it has to end. */
  readonly signal: AbortSignal;
  /** To be called once, when it has ended. */
  close(): void;
}

@Injectable()
export class OpenStreams implements OnModuleDestroy {
  private readonly open = new Map<AbortController, string>();
  private isStopping = false;

  /** Throws ApiError TOO_MANY_STREAMS or SHUTTING_DOWN. */
  enter({ subject, expiresAtMs }: Identity): OpenStream {
    if (this.isStopping) throw shuttingDown();
    this.assertRoomFor(subject);
    const ending = new AbortController();
    this.open.set(ending, subject);
    const leftMs = (expiresAtMs ?? Infinity) - Date.parse(utcNow());
    const reason = leftMs < DURATION_MAX_MS ? 'the token has expired' : 'it was open for a day';
    const timer = setTimeout(() => ending.abort(reason), Math.min(leftMs, DURATION_MAX_MS));
    return {
      signal: ending.signal,
      close: () => {
        clearTimeout(timer);
        this.open.delete(ending);
      },
    };
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    for (const ending of this.open.keys()) ending.abort('this process is stopping');
  }

  private assertRoomFor(subject: string): void {
    const own = [...this.open.values()].filter((other) => other === subject).length;
    if (this.open.size < STREAMS_MAX && own < STREAMS_PER_CALLER_MAX) return;
    throw new ApiError('TOO_MANY_STREAMS', 'Too many event streams are open.', {
      details: { own, ownMax: STREAMS_PER_CALLER_MAX, all: this.open.size, allMax: STREAMS_MAX },
    });
  }
}
