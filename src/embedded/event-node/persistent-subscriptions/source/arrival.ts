// An event as a group is given it: with its link followed, and the partition that its strategy asks
// for.
import { resolveLink } from '../../links.js';
import { idKey, type LogEvent } from '../../store/record.js';
import { type Streams } from '../../store/streams.js';
import { type Arrival, type Place } from '../group/message.js';
import { type GroupSettings } from '../group/settings.js';
import { correlationIdOf } from './recorded.js';

export function arrivalOf(
  { streams, settings }: { streams: Streams; settings: GroupSettings },
  original: LogEvent,
  place: Place,
  when: 'history' | 'live',
): Arrival {
  const resolved = settings.resolveLinks
    ? resolveLink(streams, original, when)
    : { event: original };
  const shown = resolved.event ?? original;
  const correlationId =
    settings.strategy === 'PinnedByCorrelation' ? correlationIdOf(shown) : undefined;
  return {
    id: idKey(original.id),
    place,
    position: original.position,
    target: resolved.link ? (resolved.event?.position ?? 'gone') : undefined,
    partition: correlationId ?? shown.streamName,
  };
}
