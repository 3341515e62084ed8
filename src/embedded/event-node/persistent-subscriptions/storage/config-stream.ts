// `$persistentSubscriptionConfig`: all groups of the node, in the order of their making, in the last
// event of a stream that keeps two.
import { createFilter } from '../../filter.js';
import { METADATA_TYPE, metastreamOf } from '../../store/system-streams.js';
import { bodyOf } from '../../store/event-body.js';
import { type NodeStore } from '../../store/node-store.js';
import { type LogEvent } from '../../store/record.js';
import { type GroupConfig } from '../config.js';
import { fromEntry, NO_REVISION, toEntry, type ConfigEntry } from './config-entry.js';
import { write } from './own-streams.js';

const CONFIG_STREAM = '$persistentSubscriptionConfig';
const CONFIG_TYPE = '$PersistentConfig';
const CONFIG_VERSION = '2';
const CONFIG_METADATA = '{"$maxCount":2}';
const INDENT = 2;
const EVENTS_CONSIDERED = 100;

interface StoredConfig {
  version: string;
  entries: ConfigEntry[];
}

/** Throws if a node of another version wrote the stream. */
export function readConfig({ log }: NodeStore): GroupConfig[] {
  const head = log.stream(CONFIG_STREAM);
  if (!head) return [];
  const last = { streamId: head.streamId, revision: head.lastRevision };
  // Newest first; what others may have written there is passed over.
  for (const event of log.streamPage(last, -1, { records: EVENTS_CONSIDERED })) {
    const groups = event.type === CONFIG_TYPE ? groupsIn(event) : undefined;
    if (groups) return groups;
  }
  return [];
}

/** Undefined if no node wrote the event. */
function groupsIn(event: LogEvent): GroupConfig[] | undefined {
  let groups: GroupConfig[];
  let version: string;
  try {
    const config = JSON.parse(bodyOf(event).data.toString()) as StoredConfig;
    if (typeof config.version !== 'string') return undefined;
    version = config.version;
    groups = config.entries.map(fromEntry);
    for (const { filter } of groups) if (filter) createFilter(filter);
  } catch {
    return undefined;
  }
  if (version === CONFIG_VERSION) return groups;
  throw new Error(
    `${CONFIG_STREAM} is of version ${version}, this node knows ${CONFIG_VERSION}: ` +
      'open this data folder with the program that wrote it',
  );
}

/** Rejects with UNAVAILABLE if it cannot be written. */
export async function writeConfig(
  store: NodeStore,
  groups: GroupConfig[],
  updatedBy: string,
): Promise<void> {
  const metadataStream = metastreamOf(CONFIG_STREAM);
  if (!store.streams.stream(metadataStream).head) {
    await write(store, metadataStream, {
      type: METADATA_TYPE,
      isJson: true,
      data: CONFIG_METADATA,
    });
  }
  const config = {
    version: CONFIG_VERSION,
    updated: new Date().toISOString(),
    updatedBy,
    entries: groups.map(toEntry),
  };
  await write(store, CONFIG_STREAM, {
    type: CONFIG_TYPE,
    isJson: true,
    data: JSON.stringify(config, null, INDENT).replaceAll(
      `"startFrom": "${NO_REVISION}"`,
      `"startFrom": ${NO_REVISION}`,
    ),
  });
}
