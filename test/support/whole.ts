// Daybook as a whole in this process: both stores, the projector and one API.
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
  readonly api: TestApi;
  readonly ask: Client;
  /** Stops the projector for as long as the work takes. */
  withoutProjector(work: () => Promise<void>): Promise<void>;
  remove(): Promise<void>;
}

export async function startWhole(): Promise<Whole> {
  const [events, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  const stores = { eventStoreUrl: events.url, databaseUrl: postgres.url };
  let projector = await startTestProjector(stores);
  const api = await startTestApi(stores);
  const remove = async () => {
    await api.stop();
    await projector.stop();
    await Promise.all([events.remove(), postgres.remove()]);
  };
  const withoutProjector = async (work: () => Promise<void>) => {
    await projector.stop();
    await work().finally(async () => {
      projector = await startTestProjector(stores);
    });
  };
  return { events, postgres, api, ask: clientFor(api.url), withoutProjector, remove };
}
