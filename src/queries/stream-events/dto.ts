import { Field } from '../../platform/http/fields.js';
import { revision } from '../rules.js';

export class StreamEventsParameters {
  /** The revision to begin with; what comes from now on when absent. `Last-Event-ID` goes first. */
  @Field(revision, { optional: true })
  from?: string;
}
