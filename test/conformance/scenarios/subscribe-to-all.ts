// Catch-up subscriptions to $all: where they begin, what they show, many of them; links.
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { event, expected, STREAM_METADATA } from '../wire/append.js';
import { jsonEventOf } from '../wire/ids.js';
import { BEYOND_LONG, MAX_LONG, MAX_ULONG } from '../wire/numbers.js';
import { follow } from '../wire/open-call.js';
import { eventOf, linkOf, readReply, type ReadMessage, type Recorded } from '../wire/read-reply.js';
import {
  all,
  byEventType,
  byStreamName,
  prefixes,
  readRequest,
  regex,
  resolvingLinks,
  type FilterPart,
  type FromPosition,
} from '../wire/read-request.js';
import { sleep, waitFor } from '../wire/waiting.js';
import { type Subject } from '../scenario.js';
import { UNARY } from './streams.js';
import {
  briefly,
  close,
  hasCaughtUp,
  isCheckpoint,
  positionOf,
  seen,
  SILENCE_MS,
  subscriptionsTo,
  toAll,
  toFiltered,
  toStream,
} from './subscriptions.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FAR = 1_000_000_000n;

export const subscribeToAll: Subject = (server) => {
  const { client, rawAppend, rawDelete, rawTombstone, openRead } = server;
  const { live, append } = subscriptionsTo(server);

  return {
    'subscribe: all with filters': async (say) => {
      const write = (stream: string, type: string, ...labels: string[]) => {
        const events = labels.map((label) => jsonEventOf(label, {}, type));
        return client.appendToStream(stream, events, UNARY);
      };
      await write('fa-1', 'Apple', 'fa0', 'fa1', 'fa2');
      await write('fb-1', 'Banana', 'fb0', 'fb1');
      await write('fa-2', 'Banana', 'fa3');
      const run = async (step: string, by: FilterPart) => {
        const messages = close(await live(toFiltered('start', by)));
        const name = ({ stream, rev }: Recorded) => `${stream}/${rev}`;
        const others = messages.filter((message) => !isCheckpoint(message));
        say(step, briefly(others, name));
      };
      await run('prefix fa-', byStreamName(prefixes('fa-')));
      await run('prefix fa- or fb-', byStreamName(prefixes('fa-', 'fb-')));
      await run('regex stream', byStreamName(regex('^f[ab]-1$')));
      await run('type prefix', byEventType(prefixes('Banan')));
      await run('type regex', byEventType(regex('^App')));
    },

    'subscribe: links': async (say) => {
      await append('sk-src', 'sk/a', 'sk/b');
      const targets = [
        ...['1@sk-src', '9@sk-src', '0@sk-none', 'rubbish', 'x@sk-src', '1', '-1@sk-src'],
        '0@sk-links',
      ];
      const meta = { type: '$>', 'content-type': 'text/plain' };
      const writeLinks = (prefix: string) =>
        rawAppend(
          'sk-links',
          expected.any,
          targets.map((target) => event(`sk/${prefix} ${target}`, { meta, data: target })),
        );
      const target = (e: Recorded | undefined) =>
        e ? `event ${e.stream}/${e.rev} ${e.type}` : 'no event';
      const kind = (message: ReadMessage) =>
        `${linkOf(message) ? 'link' : 'no link'}, ${target(eventOf(message))}`;
      const table = (messages: ReadMessage[]): object =>
        Object.fromEntries(
          messages
            .filter((message) => typeof message === 'object')
            .map((message, n): [string, string] => [targets[n] ?? '', kind(message)]),
        );
      await writeLinks('h');
      const history = await live(all(toStream('sk-links', 'start'), resolvingLinks));
      say('history', table(history.messages));
      const before = history.messages.length;
      await writeLinks('l');
      await history.count(before + targets.length);
      await history.settle(SILENCE_MS);
      say('live', table(close(history).slice(before)));
      const fromAll = await live(all(toAll('end'), resolvingLinks));
      await writeLinks('m');
      await fromAll.count(2 + targets.length);
      say('live, $all', table(close(fromAll)));
      const plain = await live(toStream('sk-links', 22));
      say('without resolve_links', close(plain).slice(1));
    },

    'subscribe: all, positions': async (say) => {
      const mark = async (label: string) => positionOf(await append('sa-1', `sa/${label}`));
      const a = await mark('a');
      const b = await mark('b');
      const c = await mark('c');
      const name = ({ stream, id }: Recorded) => (stream.startsWith('sa-') ? id.slice(3) : 'other');
      let count = 0;
      const play = async (step: string, from: FromPosition) => {
        const subscribed = openRead(toAll(from));
        await subscribed.until(hasCaughtUp);
        const before = subscribed.messages.length;
        const label = `sa/live${count++}`;
        await append('sa-2', label);
        if (!subscribed.ended) {
          const reference = await live(toStream('sa-2', 'start'));
          await seen(reference, label);
          reference.cancel();
          await subscribed.settle(SILENCE_MS);
        }
        const messages = close(subscribed);
        const isOwn = (message: ReadMessage) => {
          const id = eventOf(message)?.id ?? '';
          return !id.includes('live') || id === label;
        };
        const short = (part: ReadMessage[]) =>
          briefly(part.filter(isOwn), name)
            .join(' ')
            .replace(/(other )+/g, 'other ')
            .replace(label.slice(3), 'live');
        const history = short(messages.slice(0, before));
        say(step, { history, 'one more': short(messages.slice(before)) });
      };
      await play('from start', 'start');
      await play('from 0/0', 0n);
      await play('from a', a);
      await play('from b', b);
      await play('from c', c);
      await play('from end', 'end');
      await play('from 2^64-1', [MAX_ULONG, MAX_ULONG]);
      await play('from c + 1,000,000,000', c + FAR);
      await play('from 2^63-1', [MAX_LONG, MAX_LONG]);
      await play('from b + 1', b + 1n);
      await play('from commit c, prepare 0', [c, 0n]);
      await play('from commit c, prepare b', [c, b]);
      await play('prepare beyond commit', [b, c]);
      await play('from 2^63', [BEYOND_LONG, BEYOND_LONG]);
    },

    'subscribe: all, live': async (say) => {
      const subscribed = await live(toAll('end'));
      await append('sv-1', 'sv/a', 'sv/b');
      const metadata = event('sv/m', { meta: STREAM_METADATA, data: '{"$maxCount":5}' });
      await rawAppend('$$sv-1', expected.any, [metadata]);
      await rawDelete('sv-1', expected.any);
      await append('sv-1', 'sv/c');
      await append('sv-1');
      await rawTombstone('sv-1', expected.any);
      await append('$sv-system', 'sv/d');
      await append('sv-2', 'sv/e');
      await seen(subscribed, 'sv/e');
      const text = (data: Recorded['data']) => (typeof data === 'string' ? data : data.base64);
      const name = (e: Recorded) => `${e.stream}/${e.rev} ${e.type} ${text(e.data)}`;
      say('every kind of event', briefly(close(subscribed), name));
    },

    'subscribe: confirmation': async (say) => {
      const ids: string[] = [];
      for (const part of [toStream('sq', 'start'), toStream('sq', 'start'), toAll('end')]) {
        const subscribed = await live(part);
        ids.push(subscribed.rawMessages[0]?.getConfirmation()?.getSubscriptionId() ?? '');
        subscribed.cancel();
      }
      say(
        'ids are uuids',
        ids.map((id) => UUID.test(id)),
      );
      say('all different', new Set(ids).size === ids.length);
    },

    'subscribe: many on one connection': async (say) => {
      // A real server allows 100 calls at a time on one connection; the next ones wait for a place.
      const { target } = server;
      const ownConnection = { 'grpc.use_local_subchannel_pool': 1 };
      const streams = target.stub(streamsGrpc.StreamsClient, ownConnection);
      const request = readRequest(toStream('sy', 'start'));
      const all = Array.from({ length: 105 }, () =>
        follow(streams.read(request, target.headers(undefined)), readReply),
      );
      const confirmed = () => all.filter(({ messages }) => messages[0] === 'confirmation');
      await waitFor(() => confirmed().length >= 100);
      await sleep(1500);
      say('of 105 confirmed', confirmed().length);
      const five = confirmed().slice(0, 5);
      five.forEach((subscribed) => subscribed.cancel());
      await waitFor(() => confirmed().length === 105);
      say('after five were cancelled', confirmed().length);
      all.forEach((subscribed) => subscribed.cancel());
    },
  };
};
