// Whether a group can be made or changed as asked. All other settings are taken as given.
import { type LogReader } from '../store/log-reader.js';
import { ALL, type GroupConfig } from './config.js';
import { groupFailed } from './errors.js';
import { STRATEGY_NAMES, type StrategyName } from './group/settings.js';
import { commitOf, isEnd, prepareOf } from './place.js';

/** A group as a request has it: the name of the strategy may be any. */
export interface AskedGroup extends Omit<GroupConfig, 'settings' | 'endedAt'> {
  settings: Omit<GroupConfig['settings'], 'strategy'> & { strategy: string };
}

/** Throws the refusal of an unknown strategy, or of a start that cannot be. */
export function checkedGroup(asked: AskedGroup, log: LogReader): Omit<GroupConfig, 'endedAt'> {
  const { strategy } = asked.settings;
  if (!isStrategy(strategy)) {
    throw groupFailed(asked, `Consumer strategy ${strategy} does not exist.`);
  }
  if (asked.stream === ALL && !isEnd(asked.startFrom)) checkStartInAll(asked, log);
  return { ...asked, settings: { ...asked.settings, strategy } };
}

/** Asked after whether the group is there. */
export function checkBuffers(group: Omit<GroupConfig, 'endedAt'>): void {
  const { readBatchSize, historyBufferSize } = group.settings;
  if (readBatchSize < historyBufferSize) return;
  throw groupFailed(
    group,
    'Specified argument was out of the range of valid values. ' +
      "(Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')",
  );
}

function checkStartInAll(asked: AskedGroup, log: LogReader): void {
  const commit = commitOf(asked.startFrom);
  const last = log.positionBefore(log.end()) ?? 0;
  const invalid = (text: string) => groupFailed(asked, `Invalid Start From position: ${text}`);
  if (commit > last) {
    throw invalid(
      'commit position must be less than or equal to the last commit position in the transaction file.',
    );
  }
  if (prepareOf(asked.startFrom) > commit) {
    throw invalid('prepare position must be less than or equal to the commit position.');
  }
}

const isStrategy = (name: string): name is StrategyName =>
  (STRATEGY_NAMES as readonly string[]).includes(name);
