// Links: what they resolve to, and what happens to those that point nowhere.
import { event, expected } from '../wire/append.js';
import { numberOf } from '../wire/position.js';
import {
  eventOf,
  fieldsOf,
  linkOf,
  originalOf,
  present,
  type ReadMessage,
} from '../wire/read-reply.js';
import {
  BACKWARD,
  counted,
  directed,
  FORWARD,
  onAll,
  onStream,
  resolvingLinks,
} from '../wire/read-request.js';
import { type Server } from '../wire/server.js';
import { type Subject } from '../scenario.js';
import { streamsOf } from './streams.js';

const TARGETS = {
  event: '2@lt-src',
  'last event': '4@lt-src',
  'revision beyond the end': '9@lt-src',
  'stream never written': '0@lt-none',
  'truncated event': '1@lt-tb',
  'event of a truncated stream': '3@lt-tb',
  'soft-deleted stream': '0@lt-deleted',
  'tombstoned stream': '0@lt-tomb',
  'stream name with @': '1@lt@at',
  'another link': '0@lt-links',
  metadata: '0@$$lt-meta',
  'revision -1': '-1@lt-src',
  'revision -2': '-2@lt-src',
  'no revision': '@lt-src',
  'no stream': '1@',
  'no at sign': '1',
  'revision with a space': ' 1@lt-src',
  'not a number': 'x@lt-src',
  'revision of 20 digits': '18446744073709551615@lt-src',
  empty: '',
};

const link = (label: string, target: string, contentType = 'text/plain') =>
  event(`lt/${label}`, { meta: { type: '$>', 'content-type': contentType }, data: target });

async function makeTargets(server: Server): Promise<void> {
  const { writeMany, setMetadata } = streamsOf(server);
  const { rawAppend, rawDelete, rawTombstone } = server;
  await writeMany('lt-src', 5);
  await writeMany('lt-tb', 5);
  await setMetadata('lt-tb', '{"$tb":3}');
  await writeMany('lt-deleted', 3);
  await rawDelete('lt-deleted', expected.any);
  await writeMany('lt-tomb', 3);
  await rawTombstone('lt-tomb', expected.any);
  await writeMany('lt@at', 2);
  await rawAppend('lt-links', expected.any, [link('inner', '1@lt-src')]);
  await setMetadata('lt-meta', '{"$tb":0}');
}

const NAMES = [...Object.keys(TARGETS), 'as JSON'];

/** What became of each link, by its name. */
function tableOf(messages: ReadMessage[]): Record<string, string> {
  const rows = messages.flatMap((message) => {
    const original = originalOf(message);
    if (!original) return [];
    const target = eventOf(message);
    const found = target ? `event ${target.stream}/${target.rev}` : 'no event';
    const kind = linkOf(message) ? `link and ${found}` : 'event only';
    const hasPosition = fieldsOf(message).commit !== 'no_position';
    const position = hasPosition ? 'commit position of the link' : 'no_position';
    return [[NAMES[Number(original.rev)], `${kind}, ${position}`] as const];
  });
  return Object.fromEntries(rows) as Record<string, string>;
}

export const readLinks: Subject = (server) => ({
  'read: link targets': async (say) => {
    const { readWhole, readLine } = streamsOf(server);
    await makeTargets(server);
    const links = Object.entries(TARGETS).map(([name, target]) => link(name, target));
    await server.rawAppend('lt', expected.any, links);
    const asJson = link('as JSON', '2@lt-src', 'application/json');
    await server.rawAppend('lt', expected.any, [asJson]);
    const read = (direction: number, from: string) =>
      readWhole(onStream('lt', from), directed(direction), counted(100), resolvingLinks);
    const forwards = await read(FORWARD, 'start');
    const table = tableOf(forwards);
    say('resolved, forwards', table);
    const isTheSame = (messages: ReadMessage[]) =>
      JSON.stringify(tableOf(messages)) === JSON.stringify(table);
    const backwards = (await read(BACKWARD, 'end')).reverse();
    say('resolved, backwards, the same', isTheSame(backwards));
    const first = present(originalOf(forwards[0]), 'the first link').pos[0];
    const fromAll = await readWhole(onAll(numberOf(first)), counted(10_000), resolvingLinks);
    const own = fromAll.filter((message) => originalOf(message)?.stream === 'lt');
    say('resolved, in $all, the same', isTheSame(own));
    say('one resolved', forwards[0]);
    say('one not resolvable', forwards[2]);
    const noLink = forwards.find((message) => eventOf(message) && !linkOf(message));
    say('one that is no link', noLink ?? 'none');
    say('not resolved', await readLine('lt', FORWARD, 'start', 100));
  },
});
