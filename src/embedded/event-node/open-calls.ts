// Calls that stay open for long. When the node stops they end with UNAVAILABLE, never with OK: the
// official client waits for ever on what an orderly end leaves unanswered.
import { status, type ServerDuplexStream, type ServerWritableStream } from '@grpc/grpc-js';
import { GrpcError } from './errors.js';

type LongCall<Request, Response> =
  ServerWritableStream<Request, Response> | ServerDuplexStream<Request, Response>;

export interface OpenCalls {
  /** `onEnd` runs once, when the call has ended for whatever reason. */
  track<Request, Response>(call: LongCall<Request, Response>, onEnd: () => void): void;
  endAll(): void;
}

export function createOpenCalls(): OpenCalls {
  const enders = new Set<() => void>();
  return {
    track: (call, onEnd) => {
      const end = () =>
        call.emit('error', new GrpcError(status.UNAVAILABLE, 'Server shutting down'));
      const ended = () => {
        if (enders.delete(end)) onEnd();
      };
      enders.add(end);
      for (const event of ['cancelled', 'error', 'finish', 'close']) call.on(event, ended);
    },
    endAll: () => {
      for (const end of [...enders]) end();
    },
  };
}
