// The one place that every call passes: finds out who makes it, and whether he may call that method.
// Handlers learn who it was by the metadata of the call.
import { ServerInterceptingCall, type Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { toGrpcError } from '../errors.js';
import { type Call } from './access.js';
import { type Caller } from './access-decision.js';
import { type Authenticate } from './authenticator.js';
import { accessDenied } from './errors.js';
import { mayCall } from './method-rights.js';

export interface Gatekeeper {
  interceptor: ServerInterceptor;
  callerOf(call: Call): Caller;
}

export function createGatekeeper(authenticate: Authenticate): Gatekeeper {
  const callers = new WeakMap<Metadata, Caller>();

  const admit = async (metadata: Metadata, path: string): Promise<void> => {
    const header = metadata.get('authorization')[0]?.toString();
    const caller = await authenticate(header);
    if (!mayCall(caller, path)) throw accessDenied();
    callers.set(metadata, caller);
  };

  return {
    callerOf: ({ metadata }) => callers.get(metadata),
    interceptor: ({ path }, call) =>
      new ServerInterceptingCall(call, {
        start: (next) =>
          next({
            onReceiveMetadata: (metadata, forward) => {
              admit(metadata, path).then(
                () => forward(metadata),
                (error: unknown) => call.sendStatus(toGrpcError(error)),
              );
            },
          }),
      }),
  };
}
