// The official client, with what it leaves to chance settled.
import { EventStoreDBClient } from '@eventstore/db-client';

type HandleError = (failed: unknown, error: Error) => Promise<void>;

/** `url` is EventStoreDB's connection string. Connects on first use. */
export function clientFor(url: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(url);
  const handleError = Reflect.get(client, 'handleError') as HandleError;
  // A call that breaks while the client looks for a server waits for what it finds, and nobody waits for
  // that: finding none would end the process. Whoever calls next is told.
  const handled: HandleError = (failed, error) => handleError(failed, error).catch(() => undefined);
  Reflect.set(client, 'handleError', handled);
  return client;
}
