// The service PersistentSubscriptions: its methods as the server takes them.
import { type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import persistentService from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { handlerError, toGrpcError } from '../errors.js';
import { type OpenCalls } from '../open-calls.js';
import { type Call } from '../security/access.js';
import { ALL } from './config.js';
import { consumeHandler, type ConsumerParts } from './consume.js';
import { groupFailed } from './errors.js';
import { type PersistentSubscriptions } from './subsystem.js';
import { decodeConsumerMessage } from './wire/consumer-message.js';
import { createRequest, toAllExpected, updateRequest } from './wire/group-request.js';
import { infoOf } from './wire/info-reply.js';
import { groupNameOf, streamNameOf } from './wire/names.js';

const LIST_CASE = { all: 1, stream: 2 };
const STOP_AT_CASE = 4;

const { read, ...unaryMethods } = persistentService.PersistentSubscriptionsService;

/** Messages go out as bytes, and answers come in without message objects. */
export const persistentSubscriptionsDefinition = {
  ...unaryMethods,
  read: {
    ...read,
    requestDeserialize: decodeConsumerMessage,
    responseSerialize: (message: Buffer) => message,
  },
};

/** What each method demands of its caller is in `security/method-rights.ts`. */
export function persistentSubscriptionsHandlers(parts: ConsumerParts, calls: OpenCalls) {
  const { subscriptions, access } = parts;
  return {
    create: unary(async (request: InstanceType<typeof persistent.CreateReq>, call) => {
      await subscriptions.create(createRequest(request), access.callerName(call));
      return new persistent.CreateResp();
    }),
    update: unary(async (request: InstanceType<typeof persistent.UpdateReq>, call) => {
      await subscriptions.update(updateRequest(request), access.callerName(call));
      return new persistent.UpdateResp();
    }),
    delete: unary(async (request: InstanceType<typeof persistent.DeleteReq>, call) => {
      const name = groupNameOf(request.getOptions());
      if (name.stream === ALL && !request.getOptions()?.getAll()) throw toAllExpected('Delete');
      await subscriptions.delete(name, access.callerName(call));
      return new persistent.DeleteResp();
    }),
    getInfo: unary((request: InstanceType<typeof persistent.GetInfoReq>) => {
      const reply = new persistent.GetInfoResp();
      reply.setSubscriptionInfo(infoOf(subscriptions.find(groupNameOf(request.getOptions()))));
      return reply;
    }),
    list: unary((request: InstanceType<typeof persistent.ListReq>) => {
      const reply = new persistent.ListResp();
      reply.setSubscriptionsList(subscriptions.list(streamToList(request)).map(infoOf));
      return reply;
    }),
    replayParked: unary((request: InstanceType<typeof persistent.ReplayParkedReq>) => {
      replayParked(subscriptions, request);
      return new persistent.ReplayParkedResp();
    }),
    restartSubsystem: unary(async () => {
      await subscriptions.restart();
      return new shared.Empty();
    }),
    read: consumeHandler(parts, calls),
  };
}

/** A handler that answers what `work` returns, or the error that it throws. */
function unary<Request, Reply>(work: (request: Request, call: Call) => Reply | Promise<Reply>) {
  return (call: ServerUnaryCall<Request, Reply>, callback: sendUnaryData<Reply>): void => {
    const answered = async () => work(call.request, call);
    answered().then(
      (reply) => callback(null, reply),
      (error: unknown) => callback(toGrpcError(error)),
    );
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
