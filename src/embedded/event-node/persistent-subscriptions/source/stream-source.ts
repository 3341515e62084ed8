// One stream as the source of a group.
import { streamDeleted } from '../../errors.js';
import { type NodeStore } from '../../store/node-store.js';
import { firstVisible, isYoungEnough } from '../../store/streams.js';
import { type GroupSettings } from '../group/settings.js';
import { arrivalOf } from './arrival.js';
import { revisionIn } from './recorded.js';
import { type Source } from './source.js';

export function streamSource(
  { log, streams }: NodeStore,
  { name, settings }: { name: string; settings: GroupSettings },
  firstRevision: number,
): Source {
  let revision = firstRevision;
  // Events before this position in the log were given to the group, or are not to be.
  let position = 0;
  const context = { streams, settings };
  return {
    nextPage: (events) => {
      const stream = streams.stream(name);
      if (stream.isTombstoned) throw streamDeleted(name);
      const { head } = stream;
      revision = Math.max(
        revision,
        head ? Math.min(firstVisible(stream), head.lastRevision + 1) : 0,
      );
      const page =
        head && revision <= head.lastRevision
          ? log.streamPage({ streamId: head.streamId, revision }, 1, { records: events })
          : [];
      const isShown = isYoungEnough(stream.metadata);
      const considered = page.flatMap((event, i) =>
        isShown(event) ? [arrivalOf(context, event, String(revision + i), 'history')] : [],
      );
      revision += page.length;
      const atEnd = !head || revision > head.lastRevision;
      if (atEnd) position = log.end();
      return { considered, atEnd };
    },
    consider: (event) => {
      if (event.streamName !== name || event.position < position) return undefined;
      const committed = revisionIn(event);
      // A group may start beyond the end.
      return committed >= BigInt(revision)
        ? arrivalOf(context, event, String(committed), 'live')
        : undefined;
    },
    taken: (event) => {
      revision = Number(revisionIn(event)) + 1;
      position = event.position + 1;
    },
  };
}
