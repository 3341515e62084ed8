// Names with a meaning of their own. A stream's metadata are the events of its metastream; the names
// of what the node keeps for itself begin with `$`.

const METASTREAM_PREFIX = '$$';

/** The type of an event that carries metadata. */
export const METADATA_TYPE = '$metadata';

/** The type of the last event of a tombstoned stream. */
export const STREAM_DELETED_TYPE = '$streamDeleted';

/** The type of an event that stands for another one. */
export const LINK_TYPE = '$>';

export const isMetastream = (name: string) => name.startsWith(METASTREAM_PREFIX);

export const metastreamOf = (name: string) => METASTREAM_PREFIX + name;

/** The stream whose metadata a metastream holds. */
export const originalOf = (metastream: string) => metastream.slice(METASTREAM_PREFIX.length);

/** Who leads since when, for the node itself. */
export const EPOCH_STREAM = '$epoch-information';

const HIDDEN_NAMES =
  /^(?:\$epoch-information|\$persistentsubscription-\$all::.*-(?:checkpoint|parked))$/s;

/** Streams that can be read, but never show in `$all`. */
export const isHiddenFromAll = (name: string) => name.startsWith('$') && HIDDEN_NAMES.test(name);
