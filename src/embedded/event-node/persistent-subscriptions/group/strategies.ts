// Which consumer gets a message: the strategies by their names.
import { hasRoom, type Consumer } from './consumer.js';
import { type ConsumerStrategy } from './consumer-strategy.js';
import { pinned } from './pinned.js';
import { type StrategyName } from './settings.js';

export function createStrategy(name: StrategyName): ConsumerStrategy {
  switch (name) {
    case 'RoundRobin':
      return inTurn((queue, next) => queue.push(next));
    case 'DispatchToSingle':
      return inTurn((queue, next) => queue.unshift(next));
    case 'Pinned':
    case 'PinnedByCorrelation':
      return pinned();
  }
}

/** The next consumer with room; `putBack` says where it waits for the next message. */
function inTurn(putBack: (queue: Consumer[], chosen: Consumer) => unknown): ConsumerStrategy {
  let queue: Consumer[] = [];
  return {
    add: (consumer) => void queue.push(consumer),
    remove: (consumer) => {
      queue = queue.filter((other) => other !== consumer);
    },
    choose: () => {
      const place = queue.findIndex(hasRoom);
      const chosen = queue[place];
      if (!chosen) return 'nobody';
      // Those without room have had their turn.
      queue = [...queue.slice(place + 1), ...queue.slice(0, place)];
      putBack(queue, chosen);
      return chosen;
    },
  };
}
