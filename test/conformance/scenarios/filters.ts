// Filters of subscriptions to $all: what passes, and requests that are no good.
import { event, expected, JSON_METADATA, STREAM_METADATA } from '../wire/append.js';
import { brief, originalOf, type ReadMessage } from '../wire/read-reply.js';
import {
  all,
  byEventType,
  byStreamName,
  expression,
  filtered,
  multiplied,
  prefixes,
  regex,
  resolvingLinks,
  windowed,
  type FilterPart,
  type Part,
} from '../wire/read-request.js';
import { type Subject } from '../scenario.js';
import {
  close,
  hasCaughtUp,
  positionOf,
  subscriptionsTo,
  toAll,
  toFiltered,
} from './subscriptions.js';

const SILENCE_MS = 200;

export const filters: Subject = (server) => {
  const { rawAppend, openRead } = server;
  const { append } = subscriptionsTo(server);

  return {
    filters: async (say) => {
      const first = positionOf(await append('fi-first', 'fi/first'));
      await append('fi-a1', 'fi/0');
      await append('fi-A2', 'fi/1');
      await append('$fi-system', 'fi/2');
      const metadata = event('fi/3', { meta: STREAM_METADATA, data: '{"$maxCount":5}' });
      await rawAppend('$$fi-a1', expected.any, [metadata]);
      await append('fi-été', 'fi/4');
      const typed = (type: string, n: number) =>
        event(`fi/${5 + n}`, { meta: { ...JSON_METADATA, type } });
      const types = ['Order', 'order', 'OrderPaid', '$order', 'Öl'];
      await rawAppend('fi-types', expected.any, types.map(typed));
      const linkMeta = { type: '$>', 'content-type': 'text/plain' };
      const link = event('fi/10', { meta: linkMeta, data: '0@fi-a1' });
      await rawAppend('fi-links', expected.any, [link]);
      const run = async (step: string, by: FilterPart, more: Part = () => {}) => {
        const subscribed = openRead(all(toFiltered(first, by, { window: 1000 }), more));
        await subscribed.until(hasCaughtUp);
        await subscribed.settle(SILENCE_MS);
        const isShown = (message: ReadMessage) =>
          typeof message === 'string' || message.status || originalOf(message);
        const messages = close(subscribed).filter(isShown);
        say(
          step,
          messages.map((message) => brief(message, ({ stream, rev }) => `${stream}/${rev}`)),
        );
      };
      const withPrefixes = (...list: string[]) => byStreamName(prefixes(...list));
      const withRegex = (text: string) => byStreamName(regex(text));
      await run('stream prefix', withPrefixes('fi-a'));
      await run('stream prefix, case', withPrefixes('fi-A'));
      await run('stream prefixes', withPrefixes('fi-a', '$$'));
      await run('stream prefix with an accent', withPrefixes('fi-é'));
      await run('empty prefix', withPrefixes(''));
      await run('no prefix, no regex', withPrefixes());
      const emptyRegex = expression({ regex: '', prefixList: ['fi-a'] });
      await run('empty regex, a prefix', byStreamName(emptyRegex));
      const both = expression({ regex: '^fi-A', prefixList: ['fi-a'] });
      await run('regex and a prefix', byStreamName(both));
      await run('stream regex', withRegex('^fi-[aA]'));
      await run('stream regex, unanchored', withRegex('a1|types$'));
      await run('no system streams', withRegex('^[^$].*'));
      await run('no system events', byEventType(regex('^[^$].*')));
      await run('type prefix', byEventType(prefixes('Order')));
      await run('type prefixes', byEventType(prefixes('order', '$o')));
      await run('type regex', byEventType(regex('^Order$|^.l$')));
      await run('type regex, inline option', byEventType(regex('(?i)^order$')));
      await run('type regex, lookbehind', byEventType(regex('(?<=Order)Paid')));
      await run('type regex, unicode class', byEventType(regex('^\\p{Lu}l$')));
      const links = byEventType(prefixes('$>'));
      await run('type of a link, resolved: the link counts', links, resolvingLinks);
      const own = withPrefixes('fi-a');
      await run('stream of a link, resolved: the link counts', own, resolvingLinks);
    },

    'filters: invalid': async (say) => {
      const run = async (step: string, ...parts: FilterPart[]) => {
        const subscribed = openRead(all(toAll('end'), filtered(...parts)));
        await subscribed.until(hasCaughtUp, 3000);
        await subscribed.settle(SILENCE_MS);
        say(
          step,
          close(subscribed).map((message) => brief(message)),
        );
      };
      const good = byStreamName(prefixes('no-such-'));
      const usual: FilterPart = (filter) => {
        multiplied(1)(filter);
        windowed(10)(filter);
      };
      await run('no expression', usual);
      await run('no window', multiplied(1), good);
      await run('multiplier 0', multiplied(0), windowed(10), good);
      await run('bad regex', usual, byStreamName(regex('(')));
      await run('bad regex for types', usual, byEventType(regex('[')));
      await run('window 0, from end', multiplied(1), windowed(0), good);
    },
  };
};
