// A Daybook for one bench: stores and API processes of its own.
import { startStores } from './stores.js';

export interface BenchDaybook {
  readonly eventStoreUrl: string;
  readonly apiUrls: readonly string[];
  /** An administrator's. */
  readonly token: string;
  /** Ends every process and removes the folder. */
  stop(): Promise<void>;
}

/** @param processes how many API processes. Throws with the reason of the one that does not start. */
export async function startDaybook(processes: number): Promise<BenchDaybook> {
  const stores = await startStores();
  try {
    const starting = Array.from({ length: processes }, () => stores.startApi());
    const apis = await Promise.all(starting);
    const { eventStoreUrl, token } = stores;
    const stop = () => stores.remove();
    return { eventStoreUrl, token, apiUrls: apis.map(({ url }) => url), stop };
  } catch (error) {
    await stores.remove();
    throw error;
  }
}
