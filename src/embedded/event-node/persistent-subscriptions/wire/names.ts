// The names that requests give: a stream or $all, and the group.
import { handlerError } from '../../errors.js';
import { ALL } from '../config.js';
import { type GroupName } from '../errors.js';

interface StreamIdentifier {
  getStreamName_asU8(): Uint8Array;
}

/** Empty if there is none. */
export const streamNameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();

interface Named {
  getAll(): unknown;
  getStreamIdentifier(): StreamIdentifier | undefined;
  getGroupName(): string;
}

/** $all may be asked for by its name, too. Throws if no stream is named. */
export function groupNameOf(options: Named | undefined): GroupName {
  if (!options) throw handlerError();
  const stream = options.getAll() ? ALL : streamNameOf(options.getStreamIdentifier());
  if (stream === '') throw handlerError();
  return { stream, group: options.getGroupName() };
}
