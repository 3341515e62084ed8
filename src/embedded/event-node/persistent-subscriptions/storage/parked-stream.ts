// `$persistentsubscription-<key>-parked`: links to the messages that a group gave up, each with the
// reason in its metadata. Messages that were replayed and handled are truncated away.
import { resolveLink } from '../../links.js';
import { bodyOf } from '../../store/event-body.js';
import { type NodeStore } from '../../store/node-store.js';
import { idKey } from '../../store/record.js';
import { firstVisible } from '../../store/streams.js';
import { LINK_TYPE, METADATA_TYPE, metastreamOf } from '../../store/system-streams.js';
import { type ParkedMessage } from '../group/replay.js';
import { revisionIn } from '../source/recorded.js';
import { parkedStreamOf, write } from './own-streams.js';

const PAGE_RECORDS = 128;
const ACL = Object.fromEntries(['$r', '$w', '$d', '$mr', '$mw'].map((right) => [right, '$admins']));
const INDENT = 2;

/** Where a message to be parked lies in the log. */
export interface Parked {
  position: number;
  target: number | 'gone' | undefined;
}

/** The first that can be read, and the place after the last; nothing is parked if they are equal. */
export function parkedRange(store: NodeStore, key: string): { first: number; end: number } {
  const stream = store.streams.stream(parkedStreamOf(key));
  const end = (stream.head?.lastRevision ?? -1) + 1;
  return { first: Math.min(firstVisible(stream), end), end };
}

/** The revision in the stream of the parked messages. */
export function park(
  store: NodeStore,
  key: string,
  { position, target }: Parked,
  reason: string,
): Promise<number> {
  const original = eventAt(store, position);
  const originalRevision = Number(revisionIn(original));
  const event = typeof target === 'number' ? eventAt(store, target) : original;
  const data =
    target === 'gone'
      ? bodyOf(original).data.toString()
      : `${revisionIn(event)}@${event.streamName}`;
  const metadata = {
    added: new Date().toISOString(),
    reason,
    ...(originalRevision === 0 ? {} : { subscriptionEventNumber: originalRevision }),
  };
  return write(store, parkedStreamOf(key), {
    type: LINK_TYPE,
    isJson: false,
    data,
    metadata: JSON.stringify(metadata, null, INDENT),
  });
}

/** Parked messages from a revision on and before `stop`; none if nothing is left. */
export function parkedPage(
  { log, streams }: NodeStore,
  key: string,
  range: { from: number; stop: number },
): { messages: ParkedMessage[]; next: number } {
  const stream = streams.stream(parkedStreamOf(key));
  const from = Math.max(range.from, firstVisible(stream));
  if (!stream.head || from >= range.stop) return { messages: [], next: range.stop };
  const records = Math.min(range.stop - from, PAGE_RECORDS);
  const links = log.streamPage({ streamId: stream.head.streamId, revision: from }, 1, { records });
  const messages = links.map((link, i): ParkedMessage => {
    const { event } = resolveLink(streams, link, 'live');
    return {
      id: idKey(link.id),
      position: link.position,
      target: event?.position ?? 'gone',
      partition: event?.streamName ?? link.streamName,
      revision: from + i,
    };
  });
  return { messages, next: links.length === 0 ? range.stop : from + links.length };
}

/** Hides what was parked before a revision. */
export function truncateParked(store: NodeStore, key: string, before: number): Promise<number> {
  return write(store, metastreamOf(parkedStreamOf(key)), {
    type: METADATA_TYPE,
    isJson: true,
    data: JSON.stringify({ $tb: before, $acl: ACL }),
  });
}

function eventAt({ log }: NodeStore, position: number) {
  const event = log.eventAt(position);
  if (!event) throw new Error('a message names an event that is not in the log');
  return event;
}
