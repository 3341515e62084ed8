// What a method demands of its caller before it looks at anything. `stream` leaves it to the method,
// which knows which stream is meant. A method that is not here is for admins alone.
import { isAdmin, OPERATORS, type Caller } from './access-decision.js';

type Demand = 'nothing' | 'stream' | 'user' | 'operator' | 'admin';

const DEMANDS: Record<string, Demand> = {
  'server_features.ServerFeatures/GetSupportedMethods': 'nothing',
  'gossip.Gossip/Read': 'nothing',
  'streams.Streams/Read': 'stream',
  'streams.Streams/Append': 'stream',
  'streams.Streams/BatchAppend': 'stream',
  'streams.Streams/Delete': 'stream',
  'streams.Streams/Tombstone': 'stream',
  'persistent_subscriptions.PersistentSubscriptions/Create': 'operator',
  'persistent_subscriptions.PersistentSubscriptions/Update': 'operator',
  'persistent_subscriptions.PersistentSubscriptions/Delete': 'operator',
  'persistent_subscriptions.PersistentSubscriptions/ReplayParked': 'operator',
  'persistent_subscriptions.PersistentSubscriptions/RestartSubsystem': 'operator',
  'persistent_subscriptions.PersistentSubscriptions/GetInfo': 'user',
  'persistent_subscriptions.PersistentSubscriptions/List': 'user',
  'persistent_subscriptions.PersistentSubscriptions/Read': 'stream',
  'users.Users/Create': 'admin',
  'users.Users/Update': 'admin',
  'users.Users/Delete': 'admin',
  'users.Users/Enable': 'admin',
  'users.Users/Disable': 'admin',
  'users.Users/ResetPassword': 'admin',
  'users.Users/ChangePassword': 'user',
  'users.Users/Details': 'user',
};

const PACKAGE = '/event_store.client.';

/** @param path such as `/event_store.client.streams.Streams/Read`. */
export function mayCall(caller: Caller, path: string): boolean {
  const demand = DEMANDS[path.replace(PACKAGE, '')] ?? 'admin';
  switch (demand) {
    case 'nothing':
    case 'stream':
      return true;
    case 'user':
      return caller !== undefined;
    case 'operator':
      return isAdmin(caller) || caller?.groups.includes(OPERATORS) === true;
    case 'admin':
      return isAdmin(caller);
  }
}
