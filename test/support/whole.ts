// Daybook as a whole in this process: both stores, the projector and one API.
import { type Running } from '../../src/platform/process-frame.js';
import { type Client, type TestApi, clientFor, startTestApi } from './api.js';
import { startTestProjector } from './projector.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from './stores.js';

export interface Whole {
  readonly events: TestEventStore;
  readonly postgres: TestPostgres;
  readonly projector: Running;
  readonly api: TestApi;
  readonly ask: Client;
  remove(): Promise<void>;
}

export async function startWhole(): Promise<Whole> {
  const [events, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  const stores = { eventStoreUrl: events.url, databaseUrl: postgres.url };
  const projector = await startTestProjector(stores);
  const api = await startTestApi(stores);
  const remove = async () => {
    await api.stop();
    await projector.stop();
    await Promise.all([events.remove(), postgres.remove()]);
  };
  return { events, postgres, projector, api, ask: clientFor(api.url), remove };
}
