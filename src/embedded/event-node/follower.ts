// What a subscription reads from: a place in a stream or in $all that moves on.
import { type When } from './links.js';
import { type LogEvent } from './store/record.js';

/** What one subscriber reads, and what it is sent for it. */
export interface Follower {
  /** The next events; none at the end of the log. `live` once the subscriber has caught up. */
  next(when: When): LogEvent[];
  messagesFor(event: LogEvent, when: When): Buffer[];
  /** Messages when the history is at its end, before the subscriber is told so. */
  afterHistory(): Buffer[];
}
