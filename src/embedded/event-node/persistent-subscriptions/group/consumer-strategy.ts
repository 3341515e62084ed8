// What a group asks of a strategy.
import { type Consumer } from './consumer.js';
import { type Message } from './message.js';

/** `later`: this message must wait, others need not; `nobody`: all must wait. */
export type Choice = Consumer | 'later' | 'nobody';

export interface ConsumerStrategy {
  add(consumer: Consumer): void;
  remove(consumer: Consumer): void;
  choose(message: Message): Choice;
}
