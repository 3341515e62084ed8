// Messages that consumers have and did not acknowledge yet. An id need not be unique: two streams
// may hold events of the same one, and then acknowledgements count in the order of sending.
import { type Consumer } from './consumer.js';
import { type Message } from './message.js';

export interface Delivery {
  message: Message;
  consumer: Consumer;
  sentAtMs: number;
}

export interface InFlight {
  readonly size: number;
  add(delivery: Delivery): void;
  /** The first sent of this id, if there is one; it is in flight no more. */
  take(id: string): Delivery | undefined;
  /** All of which this is true; they are in flight no more. */
  takeAll(which: (delivery: Delivery) => boolean): Delivery[];
}

export function createInFlight(): InFlight {
  const byId = new Map<string, Delivery[]>();
  let size = 0;
  const remove = (delivery: Delivery) => {
    const { id } = delivery.message;
    const left = byId.get(id)?.filter((other) => other !== delivery) ?? [];
    if (left.length > 0) byId.set(id, left);
    else byId.delete(id);
    size -= 1;
    delivery.consumer.inFlight -= 1;
  };
  return {
    get size() {
      return size;
    },
    add: (delivery) => {
      const { id } = delivery.message;
      const others = byId.get(id);
      if (others) others.push(delivery);
      else byId.set(id, [delivery]);
      size += 1;
      delivery.consumer.inFlight += 1;
    },
    take: (id) => {
      const delivery = byId.get(id)?.[0];
      if (delivery) remove(delivery);
      return delivery;
    },
    takeAll: (which) => {
      const taken = [...byId.values()].flat().filter(which);
      taken.forEach(remove);
      return taken;
    },
  };
}
