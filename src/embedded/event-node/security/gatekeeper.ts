// The one place that every call passes: finds out who makes it, and whether he may call that method.
// Handlers learn here who it was.
import { type IncomingCall } from '../grpc/handler.js';
import { type Caller } from './access-decision.js';
import { type Authenticate } from './authenticator.js';
import { accessDenied } from './errors.js';
import { mayCall } from './method-rights.js';

export interface Gatekeeper {
  /** Rejects with what the call is to be answered with. */
  admit(call: IncomingCall): Promise<void>;
  callerOf(call: IncomingCall): Caller;
}

export function createGatekeeper(authenticate: Authenticate): Gatekeeper {
  const callers = new WeakMap<IncomingCall, Caller>();
  return {
    admit: async (call) => {
      const caller = await authenticate(call.header('authorization'));
      if (!mayCall(caller, call.path)) throw accessDenied();
      callers.set(call, caller);
    },
    callerOf: (call) => callers.get(call),
  };
}
