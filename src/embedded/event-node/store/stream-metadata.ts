// What the metadata of a stream say. One value of a wrong kind makes all of them void, as on
// EventStoreDB; names it does not know are left to their owners.
import { formatJson, parseObject, type JsonObject, type JsonValue } from './lenient-json.js';

export interface StreamMetadata {
  /** Only so many of the last events can be read. */
  maxCount?: number;
  /** Only events younger than this can be read. */
  maxAgeSeconds?: number;
  /** Events before this revision cannot be read. */
  truncateBefore?: number;
  /** The stream was deleted, and not written since. */
  isSoftDeleted?: boolean;
  /** Who may do what, where it says so: names of users and groups. */
  acl?: StreamAcl;
}

export interface StreamAcl {
  read?: string[];
  write?: string[];
  delete?: string[];
  readMetadata?: string[];
  writeMetadata?: string[];
}

/** What a soft delete writes for `$tb`, the revision before which events are hidden. */
const DELETED = 2n ** 63n - 1n;
const INTEGER_MAX = 2n ** 63n - 1n;
const INTEGER_MIN = -(2n ** 63n);
/** The longest duration there is on the real server. */
const SECONDS_MAX = 922_337_203_685n;

const KEY = {
  maxCount: '$maxCount',
  maxAge: '$maxAge',
  truncateBefore: '$tb',
  cacheControl: '$cacheControl',
  temporary: '$tmp',
  acl: '$acl',
};
const ACL_KEYS = new Map<string, keyof StreamAcl>([
  ['$r', 'read'],
  ['$w', 'write'],
  ['$d', 'delete'],
  ['$mr', 'readMetadata'],
  ['$mw', 'writeMetadata'],
]);

export const NO_METADATA: StreamMetadata = {};

/** The metadata that a soft delete writes. */
export const DELETED_METADATA = `{"${KEY.truncateBefore}":${DELETED}}`;

class InvalidMetadata extends Error {}

/** What a text says; nothing if it is not valid. */
export function parseMetadata(text: string): StreamMetadata {
  const object = parseObject(text);
  if (!object) return NO_METADATA;
  try {
    return metadataOf(object);
  } catch (error) {
    if (error instanceof InvalidMetadata) return NO_METADATA;
    throw error;
  }
}

/** Access to streams whose metadata say nothing about it, as an event of `$settings` gives it. */
export function parseDefaultAcls(text: string): {
  userStreams: StreamAcl;
  systemStreams: StreamAcl;
} {
  const object = parseObject(text);
  const aclAt = (key: string) => {
    const value = object?.get(key);
    return value === undefined ? {} : aclOf(value);
  };
  try {
    return { userStreams: aclAt('$userStreamAcl'), systemStreams: aclAt('$systemStreamAcl') };
  } catch (error) {
    if (error instanceof InvalidMetadata) return { userStreams: {}, systemStreams: {} };
    throw error;
  }
}

/** The same metadata with another `$tb`; undefined if they are no JSON object. */
export function withTruncateBefore(text: string, revision: number): string | undefined {
  const object = parseObject(text);
  object?.set(KEY.truncateBefore, { text: String(revision), integer: BigInt(revision) });
  return object && formatJson(object);
}

function metadataOf(object: JsonObject): StreamMetadata {
  const metadata: StreamMetadata = {};
  const maxCount = integerIn(object, KEY.maxCount);
  if (maxCount > 0n) metadata.maxCount = Number(maxCount);
  const maxAge = secondsIn(object, KEY.maxAge);
  if (maxAge > 0n) metadata.maxAgeSeconds = Number(maxAge);
  const truncateBefore = integerIn(object, KEY.truncateBefore);
  if (truncateBefore > 0n) metadata.truncateBefore = Number(truncateBefore);
  if (truncateBefore === DELETED) metadata.isSoftDeleted = true;
  secondsIn(object, KEY.cacheControl);
  const temporary = object.get(KEY.temporary);
  if (temporary !== undefined && typeof temporary !== 'boolean') throw new InvalidMetadata();
  const acl = object.get(KEY.acl);
  if (acl !== undefined) metadata.acl = aclOf(acl);
  return metadata;
}

/** 0 if it is not there. */
function integerIn(object: JsonObject, key: string): bigint {
  const value = object.get(key);
  if (value === undefined) return 0n;
  const isNumber = typeof value === 'object' && value !== null && 'integer' in value;
  const integer = isNumber ? value.integer : undefined;
  if (integer === undefined || integer > INTEGER_MAX || integer < INTEGER_MIN) {
    throw new InvalidMetadata();
  }
  return integer;
}

function secondsIn(object: JsonObject, key: string): bigint {
  const seconds = integerIn(object, key);
  if (seconds > SECONDS_MAX || seconds < -SECONDS_MAX) throw new InvalidMetadata();
  return seconds;
}

function aclOf(value: JsonValue): StreamAcl {
  if (!(value instanceof Map)) throw new InvalidMetadata();
  const acl: StreamAcl = {};
  for (const [key, roles] of value) {
    const right = ACL_KEYS.get(key);
    if (right === undefined) throw new InvalidMetadata();
    acl[right] = rolesOf(roles);
  }
  return acl;
}

function rolesOf(value: JsonValue): string[] {
  const roles = Array.isArray(value) ? value : [value];
  return roles.map((role) => {
    if (typeof role !== 'string') throw new InvalidMetadata();
    return role;
  });
}
