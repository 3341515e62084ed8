// Links: an event of type `$>` stands for another one, named by `<revision>@<stream>` in its data.
import { eventMessage, resolvedMessage, type Resolved } from './read-response.js';
import { bodyOf } from './store/event-body.js';
import { type LogEvent } from './store/record.js';
import { type Streams } from './store/streams.js';
import { LINK_TYPE } from './store/system-streams.js';
import { type UuidForm } from './uuid.js';

/** Whether an event is old to its reader, or was written while he waited for it. */
export type When = 'history' | 'live';

/** How one reader is sent events. */
export function eventMessages(
  streams: Streams,
  { resolveLinks, uuidForm }: { resolveLinks: boolean; uuidForm: UuidForm },
): (event: LogEvent, when: When) => Buffer {
  if (!resolveLinks) return (event) => eventMessage(event, uuidForm);
  return (event, when) => resolvedMessage(resolveLink(streams, event, when), uuidForm);
}

/** A revision as the real server reads it, -1 being the last; then the name, up to the end. */
const TARGET = /^\s*([+-]?\d+)\s*(?:@(.*))?$/s;
const LEADING_ZEROS = /^([+-]?)0+(?=\d)/;
const REVISION_MAX = 2n ** 63n - 1n;
const REVISION_LENGTH_MAX = 20;

/**
 * The event that a link stands for, if readers may see it; links are followed once. Data that do not
 * begin with a revision make a plain event in history, but live a link that leads nowhere.
 */
export function resolveLink(streams: Streams, event: LogEvent, when: When): Resolved {
  if (event.type !== LINK_TYPE) return { event };
  const [, digits, name] = TARGET.exec(bodyOf(event).data.toString()) ?? [];
  const revision = revisionOf(digits ?? '');
  if (revision === undefined) {
    return when === 'live' ? { event: undefined, link: event } : { event };
  }
  const target = name === undefined ? undefined : streams.readableEvent(name, Number(revision));
  return { event: target, link: event };
}

/** Undefined if it is none, or too large to be one. */
function revisionOf(digits: string): bigint | undefined {
  const short = digits.replace(LEADING_ZEROS, '$1');
  if (short === '' || short.length > REVISION_LENGTH_MAX) return undefined;
  const revision = BigInt(short);
  return revision > REVISION_MAX || revision < -REVISION_MAX ? undefined : revision;
}
