// Consumers: opening one, what is delivered to it, what it may send, where a group starts.
import persistent, { type ReadReq } from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { openConsumer, originalIn, type Consumer } from '../../wire/consumer.js';
import { allOf } from '../../wire/client-results.js';
import { delivered, deliveries, delivery, sent, type Info } from '../../wire/group-replies.js';
import { ackOf, ALL, consumption, nackOf, prefixFilter } from '../../wire/group-requests.js';
import { binaryEventOf, id, jsonEventOf, jsonEventsOf } from '../../wire/ids.js';
import { numberOf } from '../../wire/position.js';
import { empty, fill } from '../../wire/protobuf.js';
import { present } from '../../wire/read-reply.js';
import { sleep } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import { groupScenarios } from './groups.js';

const { Ack, Nack, Options } = persistent.ReadReq;
const message = () => new persistent.ReadReq();

const link = (label: string, target: string) => binaryEventOf(label, target, '$>');

export const consuming: Subject = (server) =>
  groupScenarios(server, {
    'opening a consumer stream': async (say, { create, infoWhen, append }) => {
      const stream = 'po';
      await append(stream, jsonEventsOf('po', 3));
      await create(stream, 'g', 'start');
      await create(stream, 'other', 'start');
      await create(ALL, 'po-all', 'start', {}, { filter: prefixFilter('po') });
      const first = async (step: string, request: ReadReq) => {
        const consumer = openConsumer(server, request);
        await consumer.until((messages) => messages.length > 3, 1200);
        say(step, consumer.messages.map(delivery));
        consumer.cancel();
        await infoWhen(stream, 'g', ({ connectionsList }) => connectionsList.length === 0);
      };
      await first('a stream', consumption(stream, 'g'));
      await first('$all', consumption(ALL, 'po-all'));
      await first('$all by name', consumption('$all', 'po-all'));
      await first('unknown group', consumption(stream, 'nope'));
      await first('unknown stream', consumption('po-none', 'g'));
      await first('unknown group of $all', consumption(ALL, 'nope'));
      await first('empty group', consumption(stream, ''));
      await first('empty stream name', consumption('', 'g'));
      await first('no stream', consumption(undefined, 'g'));
      await first('no uuid option', consumption(stream, 'g', 10, null));
      const unset = new Options.UUIDOption();
      await first('empty uuid option', consumption(stream, 'other', 10, unset));
      await first('buffer 0', consumption(stream, 'g', 0));
      await first('buffer -1', consumption(stream, 'g', -1));
      await first('first message an ack', fill(message(), { ack: new Ack() }));
      await first('first message a nack', fill(message(), { nack: new Nack() }));
      await first('first message empty', message());
      const silent = openConsumer(server);
      silent.end();
      await silent.until(() => false, 3000);
      say('ended without a message', silent.messages);
      const halves = fill(new Options.UUIDOption(), { structured: empty() });
      const structured = openConsumer(server, consumption(stream, 'other', 1, halves));
      await structured.count(2);
      const ownId = present(originalIn(structured.rawMessages[1]).getId(), 'id');
      const parts = ownId.getStructured();
      const hex = (half = '0') => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0');
      const both = hex(parts?.getMostSignificantBits()) + hex(parts?.getLeastSignificantBits());
      say('structured id is the two halves', both === id('po0').replace(/-/g, ''));
      structured.write(fill(message(), { ack: fill(new Ack(), { idsList: [ownId] }) }));
      await structured.count(3);
      say('acknowledged by it', deliveries(structured));
      structured.cancel();
    },

    'later messages of a consumer': async (say, { create, infoOf, append }) => {
      const stream = 'pt';
      await append(stream, jsonEventsOf('pt', 8));
      const play = async (step: string, request: ReadReq) => {
        const group = `g ${step}`;
        await create(stream, group, 'start');
        const consumer = openConsumer(server, consumption(stream, group, 2));
        await consumer.count(3);
        consumer.write(request);
        consumer.ack([id('pt0')]);
        consumer.ack([id('pt1')]);
        await consumer.until((messages) => messages.length > 4, 2500);
        say(step, deliveries(consumer));
        consumer.cancel();
      };
      await play('ack without ids', fill(message(), { ack: new Ack() }));
      const oldField = fill(new Ack(), { id: Buffer.from('x') });
      await play('ack in the old id field', fill(message(), { ack: oldField }));
      await play('ack of a malformed id', ackOf('zzz'));
      const emptyId = fill(new Ack(), { idsList: [new shared.UUID()] });
      await play('ack of an empty id', fill(message(), { ack: emptyId }));
      await play('second options', consumption(stream, 'g'));
      await play('empty message', message());
      await play('nack with action 9', nackOf([id('pt0')], 9, ''));
      await create(stream, 'half', 'end');
      const half = openConsumer(server, consumption(stream, 'half', 3));
      await half.count(1);
      half.write(fill(message(), { ack: new Ack() }));
      half.end();
      await sleep(300);
      await append(stream, jsonEventsOf('pt', 5, 8));
      await half.count(4);
      await half.settle(300);
      say('half-closed: still delivers', deliveries(half));
      const { connectionsList } = await infoOf(stream, 'half');
      say('half-closed: still connected', connectionsList.length);
      half.cancel();
    },

    'messages as sent': async (say, { create, consume, append }) => {
      const first = jsonEventOf('pms0', { a: 1 }, 'T', { m: 2 });
      await append('pms', [first, binaryEventOf('pms1', [1, 2])]);
      const targets = ['1@pms', '7@pms', '0@pms-none', 'rubbish'];
      await append(
        'pms-l',
        targets.map((target, n) => link(`pmsl${n}`, target)),
      );
      const show = async (step: string, source: string | typeof ALL, count: number) => {
        const consumer = await consume(source, step);
        await consumer.count(count);
        say(step, consumer.messages.map(sent));
        consumer.cancel();
      };
      await create('pms', 'stream');
      await show('stream', 'pms', 3);
      await create('pms-l', 'links resolved', 'start', { resolveLinks: true });
      await show('links resolved', 'pms-l', 5);
      await create('pms-l', 'links not resolved');
      await show('links not resolved', 'pms-l', 5);
      const filter = prefixFilter('pms');
      await create(ALL, 'pms $all', 'start', { resolveLinks: false }, { filter });
      await show('pms $all', ALL, 7);
      const resolved = 'pms $all links resolved';
      await create(ALL, resolved, 'start', { resolveLinks: true }, { filter });
      await show(resolved, ALL, 7);
      await create('pms-l', 'live', 'end', { resolveLinks: true });
      const live = await consume('pms-l', 'live');
      const later = ['1@pms', '0@pms-none', 'rubbish', 'a@b'];
      await append(
        'pms-l',
        later.map((target, n) => link(`pmsl${4 + n}`, target)),
      );
      await live.count(5);
      say('live links resolved', live.messages.map(delivery));
    },

    'where a group starts': async (say, { create, consume, infoWhen, append }) => {
      const stream = 'pw';
      const places = [0, 2, 4, 5, 7, 'start', 'end'];
      await append(stream, jsonEventsOf('pw', 5));
      const isLive = ({ status }: Info) => status === 'Live';
      for (const from of places) {
        await create(stream, `${from}`, from);
        await infoWhen(stream, `${from}`, isLive);
      }
      const filter = prefixFilter('pw');
      await create(ALL, 'pw-end', 'end', {}, { filter });
      const third = (await allOf(server.client.readStream(stream)))[2]?.event?.pos;
      const [commit, prepare] = present(third, 'position');
      await create(ALL, 'pw-2', [numberOf(commit), numberOf(prepare)], {}, { filter });
      const consumers: [string | number, Consumer][] = [];
      for (const from of places) {
        consumers.push([from, await consume(stream, `${from}`, 50)]);
      }
      const end = await consume(ALL, 'pw-end', 50);
      const two = await consume(ALL, 'pw-2', 50);
      await append(stream, jsonEventsOf('pw', 5, 5));
      for (const [from, consumer] of consumers) {
        await consumer.until(delivered('9@'));
        say(`from ${from}`, deliveries(consumer));
      }
      await end.count(6);
      await two.until(delivered('9@'));
      say('$all from end', deliveries(end));
      say('$all from the position of 2', deliveries(two));
      await create('pw-later', 'g', 'start');
      const later = await consume('pw-later', 'g');
      await append('pw-later', jsonEventsOf('pwl', 2));
      await later.count(3);
      say('stream written later', deliveries(later));
    },
  });
