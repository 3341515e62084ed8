// What groups of persistent subscriptions send and tell, made comparable.
import {
  type ReadResp,
  type SubscriptionInfo,
} from '@eventstore/db-client/generated/persistent_pb.js';
import { type Ending } from './open-call.js';
import { position } from './position.js';
import { shownEvent, type ReadMessage, type Recorded } from './read-reply.js';
import { type Status } from './status.js';

/** Why there is no reply; `no answer` when the call ended by its own deadline. */
export type Refusal = 'no answer' | { status: Status };

export type Info = SubscriptionInfo.AsObject;

export const isInfo = (info: Info | Refusal | undefined): info is Info =>
  typeof info === 'object' && typeof info.status === 'string';

export function groupReply(reply: ReadResp): ReadMessage {
  const confirmation = reply.getSubscriptionConfirmation();
  if (confirmation) return { confirmation: confirmation.getSubscriptionId() };
  const event = reply.getEvent();
  if (!event) return `other ${reply.getContentCase()}`;
  const retry = event.hasRetryCount() ? event.getRetryCount() : 'no_retry_count';
  return { ...shownEvent(event), retry };
}

const nameOf = ({ rev, stream }: Recorded) => `${rev}@${stream}`;

/** A delivered message on one line: `revision@stream`, its link, its retry count. */
export function delivery(message: ReadMessage | Ending | undefined): unknown {
  if (typeof message !== 'object' || !('retry' in message)) return message;
  const { event, link, retry } = message;
  const byLink = link ? ` by ${nameOf(link)}` : '';
  const linkAlone = link ? `link ${nameOf(link)}` : 'nothing';
  const what = event ? nameOf(event) + byLink : linkAlone;
  return retry === 0 ? what : `${what} retry ${retry}`;
}

export const deliveries = (
  { messages }: { messages: readonly (ReadMessage | Ending)[] },
  from = 1,
): unknown[] => messages.slice(from).map(delivery);

/** Whether a message was delivered whose line begins with this. */
export const delivered =
  (beginning: string) =>
  (messages: readonly (ReadMessage | Ending)[]): boolean =>
    messages.some((message) => String(delivery(message)).startsWith(beginning));

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?/g;

/** Text without times and positions. */
export const cleaned = (text: string): string =>
  text.replace(TIME, '<time>').replace(/C:(?!0\/)\d+\/P:\d+/g, 'C:<n>/P:<n>');

const cleanedPart = <T>(part: T) => (typeof part === 'string' ? cleaned(part) : part);

function cleanedRecord(recorded: Recorded | null | undefined) {
  if (!recorded) return recorded ?? null;
  const { data, custom } = recorded;
  return { ...recorded, data: cleanedPart(data), custom: cleanedPart(custom) };
}

/** A delivered message in full. */
export function sent(message: ReadMessage | Ending | undefined): unknown {
  if (typeof message !== 'object' || !('retry' in message)) return message;
  const { event, link } = message;
  return { ...message, event: cleanedRecord(event), link: cleanedRecord(link) };
}

/** A position as a group tells it: `C:120/P:120`. */
export function positionText(text: string): unknown {
  const [, commit, prepare] = /^C:(\d+)\/P:(\d+)$/.exec(text) ?? [];
  if (commit === undefined || prepare === undefined || commit === '0') return text;
  return { C: position(commit), P: position(prepare) };
}

/** How far the checkpoint of a group of $all got. */
export const commitOf = ({ lastCheckpointedEventPosition }: Info): bigint =>
  BigInt(/^C:(\d+)\//.exec(lastCheckpointedEventPosition)?.[1] ?? -1);

type Connection = Info['connectionsList'][number];

/** An object without the fields that vary from time to time. */
const without = (fields: object, ...varying: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !varying.includes(name)));

const shownConnection = (connection: Connection): Record<string, unknown> => ({
  ...without(
    connection,
    'averageItemsPerSecond',
    'countSinceLastMeasurement',
    'observedMeasurementsList',
  ),
  measurements: connection.observedMeasurementsList.map(({ key }) => key),
});

const INT_32_MAX = 2 ** 31 - 1;

/** What is told about a group, without averages and counts that vary. */
export function shownInfo(info: Info | Refusal): Record<string, unknown> | Refusal {
  if (!isInfo(info)) return info;
  const after = info.checkPointAfterMilliseconds;
  return {
    ...without(info, 'averagePerSecond', 'countSinceLastMeasurement'),
    startFrom: positionText(info.startFrom),
    lastKnownEventPosition: positionText(info.lastKnownEventPosition),
    lastCheckpointedEventPosition: positionText(info.lastCheckpointedEventPosition),
    // No time given: the largest duration, cut to 32 bits in a way that depends on the runtime.
    checkPointAfterMilliseconds: Math.abs(after) >= INT_32_MAX ? 'out of range' : after,
    connectionsList: info.connectionsList.map(shownConnection),
  };
}

export type InfoField = keyof Info;

/** Some of what is told about a group. */
export function pick(info: Info | Refusal | undefined, ...fields: InfoField[]): unknown {
  if (!isInfo(info)) return info ?? 'never';
  const shown = shownInfo(info) as Record<string, unknown>;
  return Object.fromEntries(fields.map((field) => [field, shown[field]]));
}

export const COUNTS = [
  'status',
  'totalItems',
  'readBufferCount',
  'liveBufferCount',
  'retryBufferCount',
  'totalInFlightMessages',
  'outstandingMessagesCount',
  'parkedMessageCount',
] as const satisfies InfoField[];

export const CHECKPOINTS = [
  'lastCheckpointedEventPosition',
  'lastKnownEventPosition',
] as const satisfies InfoField[];
