// Whether a call may do what it asks. Every service asks here, and nowhere else: `demand` for what
// is done to a stream; what a method demands whatever it is asked to do is in `method-rights.ts`.
import { type IncomingCall } from '../grpc/handler.js';
import { bodyOf } from '../store/event-body.js';
import { type NodeStore } from '../store/node-store.js';
import { parseDefaultAcls } from '../store/stream-metadata.js';
import {
  hasRight,
  rightFor,
  type Caller,
  type DefaultAcls,
  type StreamUse,
} from './access-decision.js';
import { accessDenied } from './errors.js';

export interface Access {
  /** Throws access-denied unless the caller may do this to the stream, or to `$all`. */
  demand(call: IncomingCall, use: StreamUse, stream: string): void;
  /** Name of the caller, as it is shown and recorded. */
  callerName(call: IncomingCall): string;
}

/** Nobody is told apart, and everybody may do everything. */
export const OPEN_ACCESS: Access = {
  demand: () => {},
  callerName: () => 'system',
};

const SETTINGS_STREAM = '$settings';
const ANONYMOUS = 'anonymous';

/** Access by lists in the metadata of streams. `callerOf` tells who was let in with a call. */
export function createAccess(store: NodeStore, callerOf: (call: IncomingCall) => Caller): Access {
  const defaults = createDefaults(store);
  return {
    demand: (call, use, stream) => {
      const needed = rightFor(use, stream);
      const caller = callerOf(call);
      if (!needed || !caller) throw accessDenied();
      const { acl } = store.streams.stream(needed.stream).metadata;
      if (!hasRight(caller, needed, acl, defaults())) throw accessDenied();
    },
    callerName: (call) => callerOf(call)?.name ?? ANONYMOUS,
  };
}

/** What `$settings` says last, whatever the type of its event. */
function createDefaults({ streams }: NodeStore): () => DefaultAcls {
  let known = { position: -1, acls: parseDefaultAcls('') };
  return () => {
    const event = streams.readableEvent(SETTINGS_STREAM, -1);
    const position = event?.position ?? -1;
    if (position !== known.position) {
      const text = event ? bodyOf(event).data.toString() : '';
      known = { position, acls: parseDefaultAcls(text) };
    }
    return known.acls;
  };
}
