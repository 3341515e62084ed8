// `$persistentSubscriptionConfig`: all groups of the node, in the order of their making, in the last
// event of a stream that keeps two.
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

/** Throws if the stream holds what no node of this version wrote. */
export function readConfig(store: NodeStore): GroupConfig[] {
  const event = lastConfig(store);
  if (!event) return [];
  const config = JSON.parse(bodyOf(event).data.toString()) as {
    version: string;
    entries: ConfigEntry[];
  };
  if (config.version !== CONFIG_VERSION) {
    throw new Error(
      `${CONFIG_STREAM} is of version ${config.version}, this node knows ${CONFIG_VERSION}: ` +
        'open this data folder with the program that wrote it',
    );
  }
  return config.entries.map(fromEntry);
}

/** Passes over what others may have written there. */
function lastConfig({ log }: NodeStore): LogEvent | undefined {
  const head = log.stream(CONFIG_STREAM);
  if (!head) return undefined;
  const last = { streamId: head.streamId, revision: head.lastRevision };
  const events = log.streamPage(last, -1, { records: EVENTS_CONSIDERED });
  return events.find(({ type }) => type === CONFIG_TYPE);
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
