// Who may do what with groups of persistent subscriptions, and with other services.
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import monitoringGrpc from '@eventstore/db-client/generated/monitoring_grpc_pb.js';
import monitoring from '@eventstore/db-client/generated/monitoring_pb.js';
import operationsGrpc from '@eventstore/db-client/generated/operations_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { openConsumer } from '../../wire/consumer.js';
import { ALL, consumption, creation, withSource, type Source } from '../../wire/group-requests.js';
import { follow } from '../../wire/open-call.js';
import { empty, fill, streamIdentifier } from '../../wire/protobuf.js';
import { eventOf, eventsIn, present } from '../../wire/read-reply.js';
import { all, counted, onStream } from '../../wire/read-request.js';
import { type Server } from '../../wire/server.js';
import { ADMIN, unary, type Caller } from '../../wire/target.js';
import { waitFor } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import {
  ACTORS,
  each,
  ended,
  EVERYBODY,
  never,
  operationsOf,
  secureScenarios,
  type Actor,
  type Outcome,
} from './actors.js';

const SOURCES: [name: string, source: Exclude<Source, undefined>][] = [
  ['sp', 'sp'],
  ['$sp', '$sp'],
  ['$all', ALL],
];

/** Requests about groups, by a caller. */
function groupCallsOf(server: Server) {
  const { target, persistent: stub } = server;
  const { UpdateReq, DeleteReq, GetInfoReq, ListReq, ReplayParkedReq } = persistent;
  const made = (source: Source, group: string) => creation(source, group, 'start', {}, {});
  return {
    create: (user: Caller, source: Source, group: string) =>
      unary(target, stub.create.bind(stub), made(source, group), { user }),
    update: (user: Caller, source: Source, group: string) => {
      const request = UpdateReq.deserializeBinary(made(source, group).serializeBinary());
      return unary(target, stub.update.bind(stub), request, { user });
    },
    remove: (user: Caller, source: Source, groupName: string) => {
      const options = withSource(fill(new DeleteReq.Options(), { groupName }), source);
      const request = fill(new DeleteReq(), { options });
      return unary(target, stub.delete.bind(stub), request, { user });
    },
    info: (user: Caller, source: Source, groupName: string) => {
      const options = withSource(fill(new GetInfoReq.Options(), { groupName }), source);
      const request = fill(new GetInfoReq(), { options });
      return unary(target, stub.getInfo.bind(stub), request, { user });
    },
    listOf: (user: Caller, source: string | typeof ALL) => {
      const option = new ListReq.StreamOption();
      if (source === ALL) option.setAll(empty());
      else option.setStream(streamIdentifier(source));
      const options = fill(new ListReq.Options(), { listForStream: option });
      return unary(target, stub.list.bind(stub), fill(new ListReq(), { options }), { user });
    },
    listAll: (user: Caller) => {
      const options = fill(new ListReq.Options(), { listAllSubscriptions: empty() });
      return unary(target, stub.list.bind(stub), fill(new ListReq(), { options }), { user });
    },
    replay: (user: Caller, source: Source) => {
      const options = fill(new ReplayParkedReq.Options(), { groupName: 'g', noLimit: empty() });
      const request = fill(new ReplayParkedReq(), { options: withSource(options, source) });
      return unary(target, stub.replayParked.bind(stub), request, { user });
    },
    restart: (user: Caller) => unary(target, stub.restartSubsystem.bind(stub), empty(), { user }),
    consume: (user: Caller, source: Source, group: string): Promise<Outcome> =>
      ended(openConsumer(server, consumption(source, group, 1), user)),
  };
}

export const secureServices: Subject = (server) => {
  const { append, setAcl } = operationsOf(server);
  const { target } = server;

  return secureScenarios(server, {
    'persistent subscriptions': async (say) => {
      const calls = groupCallsOf(server);
      const { create, update, remove, info, listOf, listAll, replay, restart, consume } = calls;
      const step = async (name: string, call: (user: Caller, actor: Actor) => Promise<Outcome>) =>
        say(name, await each(call));
      for (const [name, source] of SOURCES) {
        if (source !== ALL) await append(ADMIN, source);
        await create(ADMIN, source, 'g');
        await step(`${name}: create`, (user, actor) => create(user, source, `new ${actor}`));
        await step(`${name}: create an existing group`, (user) => create(user, source, 'g'));
        await step(`${name}: update`, (user) => update(user, source, 'g'));
        await step(`${name}: update a missing group`, (user) => update(user, source, 'nope'));
        await step(`${name}: info`, (user) => info(user, source, 'g'));
        await step(`${name}: info of a missing group`, (user) => info(user, source, 'nope'));
        await step(`${name}: list`, (user) => listOf(user, source));
        await step(`${name}: replay parked`, (user) => replay(user, source));
        await step(`${name}: consume`, (user) => consume(user, source, 'g'));
        await step(`${name}: consume a missing group`, (user) => consume(user, source, 'nope'));
        await step(`${name}: delete`, async (user, actor) => {
          await create(ADMIN, source, `gone ${actor}`);
          return remove(user, source, `gone ${actor}`);
        });
        for (const actor of EVERYBODY) await remove(ADMIN, source, `new ${actor}`);
      }
      await step('list all', listAll);
      await step('restart the subsystem', async (user) => {
        const answer = await restart(user);
        await waitFor(async () => !(await info(ADMIN, 'sp', 'g')).status);
        return answer;
      });
      await setAcl('sp', { $r: 'team' });
      await step('consume, acl for team', (user) => consume(user, 'sp', 'g'));
      const consumer = openConsumer(server, consumption('sp', 'g', 1), ACTORS.member);
      await consumer.count(2);
      const told = present((await info(ADMIN, 'sp', 'g')).reply?.getSubscriptionInfo(), 'info');
      say(
        'username of the connection',
        told.getConnectionsList().map((connection) => connection.getUsername()),
      );
      await setAcl('sp', { $r: '$admins' });
      consumer.ack(consumer.idsOf(1));
      await append(ADMIN, 'sp');
      await consumer.count(3, 3000);
      say(
        'right taken away from a live consumer',
        consumer.messages.map((message) => eventOf(message)?.rev ?? message),
      );
      consumer.cancel();
      const configuration = all(onStream('$persistentSubscriptionConfig', 'start'), counted(10));
      const read = server.openRead(configuration, { user: ADMIN });
      await read.until(never);
      const last = present(eventsIn(read.messages).at(-1), 'configuration');
      const { updatedBy } = JSON.parse(last.data as string) as { updatedBy: string };
      say('updatedBy in the configuration', updatedBy);
    },

    'other services': async (say) => {
      const step = async (name: string, call: (user: Caller) => Promise<Outcome>) =>
        say(name, await each(call));
      const features = target.stub(featuresGrpc.ServerFeaturesClient);
      const gossip = target.stub(gossipGrpc.GossipClient);
      const statistics = target.stub(monitoringGrpc.MonitoringClient);
      const operations = target.stub(operationsGrpc.OperationsClient);
      const askMethods = features.getSupportedMethods.bind(features);
      await step('server features', (user) => unary(target, askMethods, empty(), { user }));
      const askGossip = (user: Caller) =>
        unary(target, gossip.read.bind(gossip), empty(), { user });
      await step('gossip', askGossip);
      const members = (await askGossip(null)).reply?.getMembersList() ?? [];
      say(
        'gossip members',
        members.map((member) => {
          const endPoint = member.getHttpEndPoint();
          const address = `${endPoint?.getAddress()}:${endPoint?.getPort()}`;
          const isSame = address === target.host;
          return { state: member.getState(), alive: member.getIsAlive(), same: isSame };
        }),
      );
      await step('Monitoring.stats', (user) => {
        const call = statistics.stats(new monitoring.StatsReq(), target.headers(user));
        return ended(follow(call, () => 'statistics'));
      });
      const restart = operations.restartPersistentSubscriptions.bind(operations);
      await step('Operations.restartPersistentSubscriptions', (user) =>
        unary(target, restart, empty(), { user }),
      );
      const merge = operations.mergeIndexes.bind(operations);
      await step('Operations.mergeIndexes', (user) => unary(target, merge, empty(), { user }));
    },
  });
};
