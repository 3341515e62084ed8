// Checkpoints told by the events of a scenario: `@x` is the position of event x, `before x` one
// between x and the event before it.
import { MAX_ULONG } from '../wire/numbers.js';
import { numberOf, type Position } from '../wire/position.js';
import { brief, eventsIn, fieldsOf, present, type ReadMessage } from '../wire/read-reply.js';

export interface NamedPositions {
  /** Learns the positions of the events. */
  note: (messages: readonly ReadMessage[]) => void;
  /** A message in a few words. */
  show: (message: ReadMessage) => string;
  /** The position of the event with that label. */
  at: (label: string) => bigint;
}

export function namePositions(): NamedPositions {
  const known: { at: bigint; label: string }[] = [];
  const nameOf = (position: Position): string => {
    const value = numberOf(position);
    if (value === 0n) return '0';
    if (value === BigInt(MAX_ULONG)) return '2^64-1';
    const same = known.find(({ at }) => at === value);
    if (same) return `@${same.label}`;
    const next = known.find(({ at }) => at > value);
    return next ? `before ${next.label}` : 'after the last';
  };
  return {
    note: (messages) => {
      for (const { id: label, pos } of eventsIn(messages)) {
        if (!known.some((one) => one.label === label)) known.push({ at: numberOf(pos[0]), label });
      }
      known.sort((a, b) => (a.at < b.at ? -1 : 1));
    },
    show: (message) => {
      const { checkpoint } = fieldsOf(message);
      if (!checkpoint) return String(brief(message, ({ id }) => id));
      const [commit, prepare] = [nameOf(checkpoint[0]), nameOf(checkpoint[1])];
      return `checkpoint ${commit === prepare ? commit : `${commit} / ${prepare}`}`;
    },
    at: (label) =>
      present(
        known.find((one) => one.label === label),
        label,
      ).at,
  };
}
