// `$persistentsubscription-<key>-checkpoint`: how far a group got, as the last event of a stream.
import { type NodeStore } from '../../store/node-store.js';
import { type Place } from '../group/message.js';
import { isPlace } from '../place.js';
import { createLatestWrite, type LatestWrite } from './latest-write.js';
import { checkpointStreamOf, lastData, write } from './own-streams.js';

const CHECKPOINT_TYPE = '$SubscriptionCheckpoint';

/** Undefined if there is none, or nothing that a group wrote. */
export function readCheckpoint(store: NodeStore, key: string): Place | undefined {
  const data = lastData(store, checkpointStreamOf(key)) ?? '';
  const place = data.slice(1, -1);
  return data === JSON.stringify(place) && isPlace(place) ? place : undefined;
}

export const createCheckpointWriter = (store: NodeStore, key: string): LatestWrite<Place> =>
  createLatestWrite((place) =>
    write(store, checkpointStreamOf(key), {
      type: CHECKPOINT_TYPE,
      isJson: true,
      data: JSON.stringify(place),
    }),
  );
