// The service PersistentSubscriptions: its methods as the server takes them.
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { handlerError } from '../errors.js';
import { type Handler } from '../grpc/handler.js';
import { messageUnary } from '../grpc/messages.js';
import { ALL } from './config.js';
import { consumeHandler, type ConsumerParts } from './consume.js';
import { groupFailed } from './errors.js';
import { type PersistentSubscriptions } from './subsystem.js';
import { createRequest, toAllExpected, updateRequest } from './wire/group-request.js';
import { infoOf } from './wire/info-reply.js';
import { groupNameOf, streamNameOf } from './wire/names.js';

const LIST_CASE = { all: 1, stream: 2 };
const STOP_AT_CASE = 4;

/** What each method demands of its caller is in `security/method-rights.ts`. */
export function persistentSubscriptionsHandlers(parts: ConsumerParts): Record<string, Handler> {
  const { subscriptions, access } = parts;
  return {
    Create: messageUnary(persistent.CreateReq, async (request, call) => {
      await subscriptions.create(createRequest(request), access.callerName(call));
      return new persistent.CreateResp();
    }),
    Update: messageUnary(persistent.UpdateReq, async (request, call) => {
      await subscriptions.update(updateRequest(request), access.callerName(call));
      return new persistent.UpdateResp();
    }),
    Delete: messageUnary(persistent.DeleteReq, async (request, call) => {
      const name = groupNameOf(request.getOptions());
      if (name.stream === ALL && !request.getOptions()?.getAll()) throw toAllExpected('Delete');
      await subscriptions.delete(name, access.callerName(call));
      return new persistent.DeleteResp();
    }),
    GetInfo: messageUnary(persistent.GetInfoReq, (request) => {
      const reply = new persistent.GetInfoResp();
      reply.setSubscriptionInfo(infoOf(subscriptions.find(groupNameOf(request.getOptions()))));
      return reply;
    }),
    List: messageUnary(persistent.ListReq, (request) => {
      const reply = new persistent.ListResp();
      reply.setSubscriptionsList(subscriptions.list(streamToList(request)).map(infoOf));
      return reply;
    }),
    ReplayParked: messageUnary(persistent.ReplayParkedReq, (request) => {
      replayParked(subscriptions, request);
      return new persistent.ReplayParkedResp();
    }),
    RestartSubsystem: messageUnary(shared.Empty, async () => {
      await subscriptions.restart();
      return new shared.Empty();
    }),
    Read: consumeHandler(parts),
  };
}

/** Undefined: all. */
function streamToList(request: InstanceType<typeof persistent.ListReq>): string | undefined {
  const options = request.getOptions();
  switch (Number(options?.getListOptionCase())) {
    case LIST_CASE.all:
      return undefined;
    case LIST_CASE.stream: {
      const option = options?.getListForStream();
      const stream = option?.getAll() ? ALL : streamNameOf(option?.getStream());
      if (stream === '') throw handlerError();
      return stream;
    }
    default:
      throw handlerError();
  }
}

function replayParked(
  subscriptions: PersistentSubscriptions,
  request: InstanceType<typeof persistent.ReplayParkedReq>,
): void {
  const options = request.getOptions();
  const name = groupNameOf(options);
  const isLimited = Number(options?.getStopAtOptionCase()) === STOP_AT_CASE;
  const stopAt = isLimited ? Number(options?.getStopAt()) : undefined;
  if (stopAt !== undefined && stopAt < 0) {
    throw groupFailed(name, 'Cannot stop replaying parked message at a negative version.');
  }
  subscriptions.find(name).replay(stopAt);
}
