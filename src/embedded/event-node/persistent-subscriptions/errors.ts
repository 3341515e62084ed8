// What persistent subscriptions answer when they refuse: status, text and trailers that the official
// client recognises.
import { STATUS } from '../grpc/status.js';
import { GrpcError } from '../errors.js';

export interface GroupName {
  stream: string;
  group: string;
}

/** An empty name is no trailer. */
const trailers = (exception: string, { stream, group }: GroupName) => ({
  exception,
  ...(stream === '' ? {} : { 'stream-name': stream }),
  ...(group === '' ? {} : { 'group-name': group }),
});

const told = ({ stream, group }: GroupName) => `Subscription group ${group} on stream ${stream}`;

export const groupMissing = (name: GroupName) =>
  new GrpcError(
    STATUS.NOT_FOUND,
    `${told(name)} does not exist.`,
    trailers('persistent-subscription-does-not-exist', name),
  );

export const groupExists = (name: GroupName) =>
  new GrpcError(
    STATUS.ALREADY_EXISTS,
    `${told(name)} exists.`,
    trailers('persistent-subscription-exists', name),
  );

export const groupFailed = (name: GroupName, reason: string) =>
  new GrpcError(STATUS.INTERNAL, `${told(name)} failed: '${reason}'`, {
    ...trailers('persistent-subscription-failed', name),
    reason,
  });

export const groupDropped = (name: GroupName) =>
  new GrpcError(
    STATUS.CANCELLED,
    `${told(name)} was dropped.`,
    trailers('persistent-subscription-dropped', name),
  );

export const groupFull = (name: GroupName) =>
  new GrpcError(
    STATUS.FAILED_PRECONDITION,
    `Maximum subscriptions reached for subscription group ${name.group} on stream ${name.stream}.`,
    trailers('maximum-subscribers-reached', name),
  );
