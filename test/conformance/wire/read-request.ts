// Requests of Read, put together from parts.
import streams, { type ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { empty, fill, streamIdentifier, type Name } from './protobuf.js';

/** Sets a part of the options. */
export type Part = (options: ReadReq.Options) => unknown;

export const FORWARD = 0;
export const BACKWARD = 1;

/** `start`, `end`, a revision, or undefined for none. */
export type FromRevision = string | number | undefined;

export const onStream =
  (name?: Name, from?: FromRevision): Part =>
  (options) => {
    const stream = new streams.ReadReq.Options.StreamOptions();
    if (name !== undefined) stream.setStreamIdentifier(streamIdentifier(name));
    if (from === 'start') stream.setStart(empty());
    else if (from === 'end') stream.setEnd(empty());
    else if (from !== undefined) stream.setRevision(String(from));
    options.setStream(stream);
  };

type Offset = string | number | bigint;

/** `start`, `end`, one number for commit and prepare, both, or undefined for none. */
export type FromPosition = 'start' | 'end' | bigint | [commit: Offset, prepare: Offset] | undefined;

export const onAll =
  (from?: FromPosition): Part =>
  (options) => {
    const all = new streams.ReadReq.Options.AllOptions();
    if (from === 'start') all.setStart(empty());
    else if (from === 'end') all.setEnd(empty());
    else if (from !== undefined) {
      const [commit, prepare] = Array.isArray(from) ? from : [from, from];
      const position = fill(new streams.ReadReq.Options.Position(), {
        commitPosition: String(commit),
        preparePosition: String(prepare),
      });
      all.setPosition(position);
    }
    options.setAll(all);
  };

export const counted =
  (count: number | string): Part =>
  (options) =>
    options.setCount(String(count));

export const directed =
  (direction: number): Part =>
  (options) =>
    options.setReadDirection(direction);

export const resolvingLinks: Part = (options) => options.setResolveLinks(true);

export const subscription: Part = (options) =>
  options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());

export const all =
  (...parts: Part[]): Part =>
  (options) =>
    parts.forEach((part) => part(options));

export const stringIds: Part = (options) =>
  options.setUuidOption(fill(new streams.ReadReq.Options.UUIDOption(), { string: empty() }));

export const unfiltered: Part = (options) => options.setNoFilter(empty());

/** A request of these parts alone. */
export function bareRequest(...parts: Part[]): ReadReq {
  const options = new streams.ReadReq.Options();
  all(...parts)(options);
  return fill(new streams.ReadReq(), { options });
}

/** A request with what every one must have, and these parts. */
export const readRequest = (...parts: Part[]): ReadReq =>
  bareRequest(stringIds, unfiltered, ...parts);

type Expression = ReadReq.Options.FilterOptions.Expression;

export const expression = (fields: { regex?: string; prefixList?: string[] }): Expression =>
  fill(new streams.ReadReq.Options.FilterOptions.Expression(), fields);
export const prefixes = (...prefixList: string[]): Expression => expression({ prefixList });
export const regex = (text: string): Expression => expression({ regex: text });

/** Sets a part of a filter. */
export type FilterPart = (filter: ReadReq.Options.FilterOptions) => unknown;

export const byStreamName =
  (names: Expression): FilterPart =>
  (filter) =>
    filter.setStreamIdentifier(names);

export const byEventType =
  (types: Expression): FilterPart =>
  (filter) =>
    filter.setEventType(types);

/** How many events are looked at between checkpoints; `count` is the form without a limit. */
export type Window = number | 'count';

export const windowed =
  (window: Window): FilterPart =>
  (filter) =>
    window === 'count' ? filter.setCount(empty()) : filter.setMax(window);

export const multiplied =
  (multiplier: number): FilterPart =>
  (filter) =>
    filter.setCheckpointintervalmultiplier(multiplier);

export const filtered =
  (...parts: FilterPart[]): Part =>
  (options) => {
    const filter = new streams.ReadReq.Options.FilterOptions();
    parts.forEach((part) => part(filter));
    options.clearNoFilter();
    options.setFilter(filter);
  };
