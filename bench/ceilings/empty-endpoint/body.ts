import { amount, transferId } from '../../../src/commands/request-rules.js';
import { Field } from '../../../src/platform/http/fields.js';

/** Two fields, checked as those of every request are. */
export class NothingBody {
  @Field(transferId)
  id!: string;

  @Field(amount)
  amount!: string;
}
