// Where a group begins: after its checkpoint, or, as long as it has none, where it was asked to.
import { createFilter } from '../../filter.js';
import { NEVER_WRITTEN } from '../../store/append-decision.js';
import { type LogReader } from '../../store/log-reader.js';
import { type NodeStore } from '../../store/node-store.js';
import { ALL, type GroupConfig } from '../config.js';
import { type Place } from '../group/message.js';
import { commitOf, isEnd, placeInAll, revisionOf } from '../place.js';
import { allSource, type AllStart } from './all-source.js';
import { type Source } from './source.js';
import { streamSource } from './stream-source.js';

export function openSource(
  store: NodeStore,
  config: GroupConfig,
  checkpoint: Place | undefined,
): Source {
  const { stream, settings } = config;
  if (stream === ALL) {
    const filter = config.filter && createFilter(config.filter);
    return allSource(store, { filter, settings }, startInAll(store.log, config, checkpoint));
  }
  const first = firstRevision(store.log, config, checkpoint);
  return streamSource(store, { name: stream, settings }, first);
}

/** The last event there is now, which a group that starts at the end does not get. */
export function endOf(log: LogReader, stream: string): Place {
  if (stream !== ALL) return String(log.stream(stream)?.lastRevision ?? NEVER_WRITTEN);
  const last = log.positionBefore(log.end()) ?? NEVER_WRITTEN;
  return placeInAll({ commit: last, prepare: last });
}

function startInAll(
  log: LogReader,
  { startFrom, endedAt }: GroupConfig,
  checkpoint: Place | undefined,
): AllStart {
  const handled = checkpoint ?? (isEnd(startFrom) ? (endedAt ?? endOf(log, ALL)) : undefined);
  return handled === undefined
    ? { position: commitOf(startFrom), isHandled: false }
    : { position: commitOf(handled), isHandled: true };
}

function firstRevision(
  log: LogReader,
  { stream, startFrom, endedAt }: GroupConfig,
  checkpoint: Place | undefined,
): number {
  const handled = checkpoint ?? (isEnd(startFrom) ? (endedAt ?? endOf(log, stream)) : undefined);
  return handled === undefined ? revisionOf(startFrom) : revisionOf(handled) + 1;
}
