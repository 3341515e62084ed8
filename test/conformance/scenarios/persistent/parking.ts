// Parked messages: how they lie, and their replay.
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import { type Consumer } from '../../wire/consumer.js';
import { COUNTS, deliveries, delivery, pick, sent, type Info } from '../../wire/group-replies.js';
import { ALL, prefixFilter } from '../../wire/group-requests.js';
import { binaryEventOf, id, jsonEventsOf } from '../../wire/ids.js';
import { fieldsOf, present, type ReadMessage } from '../../wire/read-reply.js';
import { counted, onStream, all } from '../../wire/read-request.js';
import { ADMIN, unary } from '../../wire/target.js';
import { sleep } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import { groupScenarios, parkedOf, simple, type Groups, type Lying } from './groups.js';

const link = (label: string, target: string) => binaryEventOf(label, target, '$>');

const hasParked =
  (count: number) =>
  ({ parkedMessageCount }: Info) =>
    Number(parkedMessageCount) === count;
const hasOutstanding =
  (count: number) =>
  ({ outstandingMessagesCount }: Info) =>
    outstandingMessagesCount === count;
const isLive = ({ status }: Info) => status === 'Live';

export const parking: Subject = (server) =>
  groupScenarios(server, {
    'parked messages': async (say, { create, consume, infoOf, infoWhen, lying, append }) => {
      const stream = 'ppk';
      const parked = parkedOf('ppk::g');
      await append(stream, jsonEventsOf('ppk', 5));
      await append('ppk-l', [link('ppkl0', '2@ppk'), link('ppkl1', '9@ppk')]);
      await create(stream, 'g', 'start');
      const consumer = await consume(stream, 'g', 10);
      await consumer.count(6);
      const park = async (by: Consumer, ids: string[], reason: string, of: GroupName) => {
        const before = Number((await infoOf(...of)).parkedMessageCount);
        by.nack(ids, 'PARK', reason);
        await infoWhen(...of, hasParked(before + ids.length));
      };
      const own: GroupName = [stream, 'g'];
      await park(consumer, [id('ppk0')], '', own);
      await park(consumer, [id('ppk1')], 'a "b"\nü', own);
      await park(consumer, [id('ppk3')], 'plain', own);
      consumer.nack([id('ppk3')], 'PARK', 'already parked');
      await consumer.settle(300);
      say('as they lie', await lying(parked));
      say('metadata', await lying(`$$${parked}`));
      const user = server.target.isTls ? ADMIN : undefined;
      const first = all(onStream(parked, 'start'), counted(1));
      const [message] = await server.rawRead(first, { user, ms: 20_000 });
      const { custom } = present(fieldsOf(message).event, 'the first parked message');
      const metadata = JSON.parse(custom as string) as { added: string };
      say('keys of the metadata', Object.keys(metadata));
      const form = metadata.added
        .replace(/\d/g, '9')
        .replace(/\.9+/, '.9')
        .replace(/(Z|[+-]99:99)$/, '<zone>');
      say('form of added', form);
      await create('ppk-l', 'links', 'start', { resolveLinks: true });
      const links = await consume('ppk-l', 'links');
      await links.count(3);
      for (const n of [1, 2]) await park(links, links.idsOf(n), 'x', ['ppk-l', 'links']);
      say('resolved link and broken link', await lying(parkedOf('ppk-l::links')));
      await create(ALL, 'ppk-all', 'start', {}, { filter: prefixFilter('ppk') });
      const ofAll = await consume(ALL, 'ppk-all');
      await ofAll.count(8);
      for (const n of [2, 6]) await park(ofAll, ofAll.idsOf(n), 'x', [ALL, 'ppk-all']);
      say('of $all', await lying(parkedOf('$all::ppk-all')));
    },

    'replay of parked messages': async (say, groups) => {
      const { create, consume, info, infoWhen, replay, append, eventsIn } = groups;
      const stream = 'prp';
      await append(stream, jsonEventsOf('prp', 8));
      await create(stream, 'g', 'start', { maxRetryCount: 1 });
      say('nothing parked', await replay(stream, 'g'));
      say('status after it', pick(await infoWhen(stream, 'g', isLive), 'status'));
      say('unknown group', await replay(stream, 'nope'));
      say('unknown stream', await replay('prp-none', 'g'));
      say('no stream', await replay(undefined, 'g'));
      say('no stop_at', await replay(stream, 'g', 'unset'));
      say('negative', await replay(stream, 'g', -1));
      say('negative of an unknown group', await replay(stream, 'nope', -1));
      const { target, persistent: stub } = server;
      const bare = new persistent.ReplayParkedReq();
      say('no options', simple(await unary(target, stub.replayParked.bind(stub), bare)));
      const consumer = await consume(stream, 'g', 10);
      await consumer.count(9);
      for (let n = 0; n < 6; n += 1) {
        consumer.nack([id(`prp${n}`)], 'PARK', 'x');
        await infoWhen(stream, 'g', hasParked(n + 1));
      }
      consumer.ack([id('prp6'), id('prp7')]);
      const state = () => stateOf(groups, stream);
      say('six parked', await state());
      let seen = consumer.messages.length;
      const news = () => consumer.messages.slice(seen);
      const isBackWith = (parked: number) => (told: Info) =>
        hasParked(parked)(told) && isLive(told);
      say('stop at 2', await replay(stream, 'g', 2));
      await consumer.count(seen + 2);
      await infoWhen(stream, 'g', isBackWith(4));
      say('stop at 2: delivered', news().map(sent));
      say('stop at 2: state', await state());
      consumer.ack([id('prp0')]);
      await consumer.settle(300);
      const outstanding = ['outstandingMessagesCount', 'totalInFlightMessages'] as const;
      say('ack with the id of the event', pick(await info(stream, 'g'), ...outstanding));
      consumer.ack(consumer.idsOf(seen));
      await infoWhen(stream, 'g', hasOutstanding(1), 3000);
      say('ack with the id of the link', pick(await info(stream, 'g'), ...outstanding));
      const second = consumer.idsOf(seen + 1);
      seen = consumer.messages.length;
      consumer.nack(second, 'RETRY', 'again');
      await consumer.count(seen + 1);
      say('retried', news().map(delivery));
      consumer.nack(second, 'RETRY', 'again');
      await infoWhen(stream, 'g', hasParked(5));
      const last = (await eventsIn(parkedOf('prp::g'))).at(-1);
      say('retried too often: parked again', last);
      say('state', await state());
      seen = consumer.messages.length;
      say('stop beyond the end', await replay(stream, 'g', 99));
      await consumer.count(seen + 5);
      await infoWhen(stream, 'g', isBackWith(0));
      say('stop beyond the end: delivered', news().map(delivery));
      say('stop beyond the end: state', await state());
      consumer.ackAll();
      await infoWhen(stream, 'g', hasOutstanding(0));
      seen = consumer.messages.length;
      say('again, nothing left', await replay(stream, 'g'));
      await consumer.settle(400);
      say('again, nothing left: delivered', news().map(delivery));
      const live = await infoWhen(stream, 'g', isLive, 3000);
      say('again, nothing left: state', pick(live, 'status', 'parkedMessageCount'));
      await append(stream, jsonEventsOf('prp', 1, 8));
      await consumer.count(seen + 1);
      consumer.nack([id('prp8')], 'PARK', 'x');
      await infoWhen(stream, 'g', hasParked(1), 5000);
      say('parked after a replay', await state());
      say('stop at 0', await replay(stream, 'g', 0));
      await sleep(1500);
      say('stop at 0: state', await state());
      seen = consumer.messages.length;
      say('replay after that', await replay(stream, 'g'));
      await consumer.settle(700);
      say('replay after that: delivered', news().map(delivery));
      say('replay after that: state', await state());
    },

    'replay without a consumer': async (say, groups) => {
      const { create, consume, info, infoWhen, replay, append } = groups;
      const stream = 'prw';
      await append(stream, jsonEventsOf('prw', 3));
      await append('prw-2', jsonEventsOf('prw2-', 1));
      await append('prw-l', [link('prwl0', '0@prw-2')]);
      await create(stream, 'g', 'start');
      await create('prw-l', 'g', 'start', { resolveLinks: true });
      const consumer = await consume(stream, 'g', 10);
      await consumer.count(4);
      consumer.nack([id('prw0'), id('prw1')], 'PARK', 'x');
      await infoWhen(stream, 'g', hasParked(2));
      consumer.ack([id('prw2')]);
      await infoWhen(stream, 'g', hasOutstanding(0));
      consumer.cancel();
      await infoWhen(stream, 'g', ({ connectionsList }) => connectionsList.length === 0);
      say('replay', await replay(stream, 'g'));
      await infoWhen(stream, 'g', ({ retryBufferCount }) => retryBufferCount === 2);
      say('state', pick(await info(stream, 'g'), ...COUNTS));
      const next = await consume(stream, 'g', 10);
      await next.count(3);
      say('the next consumer', deliveries(next).sort());
      next.cancel();
      const links = await consume('prw-l', 'g');
      await links.count(2);
      links.nack(links.idsOf(1), 'PARK', 'x');
      await infoWhen('prw-l', 'g', hasParked(1));
      await server.client.deleteStream('prw-2');
      say('replay of an event that is gone', await replay('prw-l', 'g'));
      await links.count(3);
      say('delivered', links.messages.slice(2).map(sent));
    },
  });

type GroupName = [source: string | typeof ALL, group: string];

/** The counts of a group, and the metadata of its parked messages. */
async function stateOf({ info, lying }: Groups, stream: string) {
  const counts = pick(await info(stream, 'g'), ...COUNTS) as object;
  const metadata = await lying(`$$${parkedOf(`${stream}::g`)}`);
  return { ...counts, metadata: metadata.map(dataOf) };
}

const dataOf = (row: Lying | ReadMessage) =>
  typeof row === 'object' && 'data' in row ? row.data : row;
