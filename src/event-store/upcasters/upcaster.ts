import { type JsonObject } from '../event-store.js';

export interface Upcaster {
  /** The stored name of the event type. */
  readonly type: string;
  /** The version it reads; it produces the next one. */
  readonly from: number;
  readonly upcast: (data: JsonObject) => JsonObject;
}
