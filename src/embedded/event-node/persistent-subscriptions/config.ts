// What a group is: where its events come from, and how it was asked to deliver them.
import { type FilterExpression } from '../filter.js';
import { type Place } from './group/message.js';
import { type GroupSettings } from './group/settings.js';

/** The source of a group of $all, by name; a stream of this name cannot be one. */
export const ALL = '$all';

export interface GroupConfig {
  /** Name of the stream, or ALL. */
  stream: string;
  group: string;
  /** Of a group of $all. */
  filter: FilterExpression | undefined;
  /** As asked for; the end included. */
  startFrom: Place;
  /** Where the end was: a group that started there goes on from there until it has a checkpoint. */
  endedAt: Place | undefined;
  settings: GroupSettings;
}

export const keyOf = ({ stream, group }: Pick<GroupConfig, 'stream' | 'group'>) =>
  `${stream}::${group}`;
