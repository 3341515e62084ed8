// Keeps what belongs together with one consumer: partitions fall into buckets, a bucket is given to
// the consumer that has fewest, and a full consumer holds up only its own buckets.
import { hasRoom, type Consumer } from './consumer.js';
import { type ConsumerStrategy } from './consumer-strategy.js';

const BUCKETS = 1024;

export function pinned(): ConsumerStrategy {
  const owners: (Consumer | undefined)[] = new Array<undefined>(BUCKETS).fill(undefined);
  // In the order in which they came; how many buckets each has.
  const bucketsOf = new Map<Consumer, number>();
  const count = (consumer: Consumer) => bucketsOf.get(consumer) ?? 0;
  const give = (bucket: number, to: Consumer) => {
    const from = owners[bucket];
    if (from) bucketsOf.set(from, count(from) - 1);
    owners[bucket] = to;
    bucketsOf.set(to, count(to) + 1);
  };
  const fewest = () => [...bucketsOf.keys()].reduce((a, b) => (count(b) < count(a) ? b : a));

  return {
    add: (consumer) => {
      bucketsOf.set(consumer, 0);
      const given = [...bucketsOf.values()].reduce((sum, n) => sum + n, 0);
      const share = Math.ceil(given / bucketsOf.size);
      owners.forEach((owner, bucket) => {
        if (owner && count(owner) > share && count(consumer) < share) give(bucket, consumer);
      });
    },
    remove: (consumer) => {
      bucketsOf.delete(consumer);
      owners.forEach((owner, bucket) => {
        if (owner === consumer) owners[bucket] = undefined;
      });
    },
    choose: ({ partition }) => {
      if (![...bucketsOf.keys()].some(hasRoom)) return 'nobody';
      const bucket = hash(partition) % BUCKETS;
      if (!owners[bucket]) give(bucket, fewest());
      const owner = owners[bucket];
      return owner && hasRoom(owner) ? owner : 'later';
    },
  };
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over UTF-16 code units: well spread, and the same at every start. */
function hash(text: string): number {
  let value = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), FNV_PRIME);
  }
  return value >>> 0;
}
