// Who may do what to a stream. Pure: the rights that streams and settings give are told to it.
import { type StreamAcl } from '../store/stream-metadata.js';
import { isMetastream, originalOf } from '../store/system-streams.js';

/** Somebody who proved who he is. */
export interface User {
  name: string;
  groups: readonly string[];
}

/** Who makes a call; undefined: nobody said. */
export type Caller = User | undefined;

/** What can be done to a stream; deleting includes tombstones. */
export type StreamUse = 'read' | 'write' | 'delete';

/** A right on a stream, as a list of access names it. */
export interface NeededRight {
  stream: string;
  right: keyof StreamAcl;
}

/** What the settings of the node give where a stream itself says nothing. */
export interface DefaultAcls {
  userStreams: StreamAcl;
  systemStreams: StreamAcl;
}

export const ALL_STREAM = '$all';
export const ADMINS = '$admins';
export const OPERATORS = '$ops';
const EVERY_USER = '$all';

export const isAdmin = (caller: Caller) => caller?.groups.includes(ADMINS) === true;

/** Which right a use needs; undefined: nobody has it. A metastream stands for its stream. */
export function rightFor(use: StreamUse, stream: string): NeededRight | undefined {
  if (isMetastream(stream)) {
    if (use === 'delete') return undefined;
    return {
      stream: originalOf(stream),
      right: use === 'read' ? 'readMetadata' : 'writeMetadata',
    };
  }
  if (use !== 'read' && (stream === '' || stream === ALL_STREAM)) return undefined;
  return { stream, right: use };
}

/** A list that names nobody is for admins alone, who may do everything. */
export function hasRight(
  caller: Caller,
  { stream, right }: NeededRight,
  acl: StreamAcl | undefined,
  defaults: DefaultAcls,
): boolean {
  if (!caller) return false;
  if (isAdmin(caller)) return true;
  const isSystemStream = stream.startsWith('$');
  const roles = acl?.[right] ??
    (isSystemStream ? defaults.systemStreams : defaults.userStreams)[right] ?? [
      isSystemStream ? ADMINS : EVERY_USER,
    ];
  return roles.some(
    (role) => role === EVERY_USER || role === caller.name || caller.groups.includes(role),
  );
}
