// How far a sequence has been handled, when what comes in order is handled out of order.

export interface Progress<Place> {
  /** What lies at this place needs no handling. */
  pass(place: Place): void;
  /** What lies at this place is to be handled; the ticket, greater than all before, ends that. */
  begin(place: Place): number;
  end(ticket: number): void;
  /** The last place up to which all is handled; undefined if there is none. */
  reached(): Reached<Place> | undefined;
}

export interface Reached<Place> {
  place: Place;
  /** How many places came up to this one. */
  count: number;
}

/** `start` is handled already, and not counted. */
export function createProgress<Place>(start: Place | undefined): Progress<Place> {
  let last: Reached<Place> | undefined =
    start === undefined ? undefined : { place: start, count: 0 };
  let count = 0;
  // What had come before each place that is not handled; a Map keeps them in order.
  const open = new Map<number, Reached<Place> | undefined>();
  const pass = (place: Place) => {
    count += 1;
    last = { place, count };
  };
  return {
    pass,
    begin: (place) => {
      open.set(count + 1, last);
      pass(place);
      return count;
    },
    end: (ticket) => void open.delete(ticket),
    reached: () => {
      for (const before of open.values()) return before;
      return last;
    },
  };
}
