import { type JsonObject } from '../../event-store/event-store.js';
import { Field, choice } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { revision } from '../rules.js';

const DIRECTIONS = ['forwards', 'backwards'];

export class ListEventsParameters extends PageQuery {
  /** The revision to begin with; the first, or backwards the last, when absent. */
  @Field(revision, { optional: true })
  from?: string;

  @Field(choice(DIRECTIONS), { optional: true })
  direction?: 'forwards' | 'backwards';
}

/** An event exactly as it is stored, so that its hash can be computed again. */
export interface EventAnswer {
  readonly revision: number;
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  /** Actor, causes, schema version, `previousHash` and `hash`. */
  readonly metadata: JsonObject;
  /** When the event store took it, by its own clock. */
  readonly storedAt: string;
}
