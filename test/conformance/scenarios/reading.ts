// Reads of streams and of $all through the official client, and stream metadata as it shows them.
import {
  BACKWARDS,
  END,
  NO_STREAM,
  START,
  type Direction,
  type ReadStreamOptions,
  type StreamMetadata,
} from '@eventstore/db-client';
import { allOf, appended, attempt, revisionsOf, type ClientRead } from '../wire/client-results.js';
import { binaryEventOf, jsonEventOf, jsonEventsOf } from '../wire/ids.js';
import { numberOf } from '../wire/position.js';
import { eventOf, present } from '../wire/read-reply.js';
import { sleep } from '../wire/waiting.js';
import { type Subject } from '../scenario.js';
import { streamsOf, UNARY } from './streams.js';

export const reading: Subject = (server) => {
  const { client } = server;
  const { readFrom, readLast } = streamsOf(server);

  return {
    'read: a stream': async (say) => {
      const stream = 'read-stream';
      await client.appendToStream(stream, jsonEventsOf('rs', 10), UNARY);
      const read = async (step: string, options: ReadStreamOptions) =>
        say(step, await revisionsOf(client.readStream(stream, options)));
      await read('all', {});
      await read('from 3', { fromRevision: 3n });
      await read('from 3 max 2', { fromRevision: 3n, maxCount: 2 });
      await read('from 10', { fromRevision: 10n });
      await read('from 99', { fromRevision: 99n });
      await read('from end forwards', { fromRevision: END });
      const backwards = { direction: BACKWARDS } as const;
      await read('back from end', { ...backwards, fromRevision: END, maxCount: 3 });
      await read('back from start', { ...backwards, fromRevision: START });
      await read('back from 4', { ...backwards, fromRevision: 4n });
      await read('back from 99', { ...backwards, fromRevision: 99n, maxCount: 2 });
      await read('max 0', { maxCount: 0 });
      say('missing', await allOf(client.readStream('read-missing')));
      say('missing raw', await readFrom('read-missing', 'start', 5));
      say('raw two', await readFrom(stream, 'start', 2));
      await client.tombstoneStream('read-tomb');
      say('tombstone raw', await readFrom('read-tomb', 'start', 5));
    },

    'read: metadata limits': async (say) => {
      const make = async (stream: string, metadata: StreamMetadata) => {
        await client.appendToStream(stream, jsonEventsOf(`${stream}-`, 6), UNARY);
        await client.setStreamMetadata(stream, metadata);
      };
      const read = async (step: string, stream: string, options: ReadStreamOptions = {}) =>
        say(step, await revisionsOf(client.readStream(stream, options)));
      const metadata = (stream: string) =>
        attempt(async () => ({
          metadata: (await client.getStreamMetadata(stream)).metadata ?? null,
        }));
      await make('ml-count', { maxCount: 2 });
      await read('maxCount 2', 'ml-count');
      await read('maxCount 2 back', 'ml-count', { direction: BACKWARDS, fromRevision: END });
      await read('maxCount 2 from 1', 'ml-count', { fromRevision: 1n });
      await make('ml-tb', { truncateBefore: 4 });
      await read('truncateBefore 4', 'ml-tb');
      await make('ml-both', { truncateBefore: 1, maxCount: 3 });
      await read('both', 'ml-both');
      await make('ml-tball', { truncateBefore: 99 });
      await read('truncate beyond', 'ml-tball');
      await make('ml-age', { maxAge: 1 });
      await sleep(2500);
      await read('maxAge 1', 'ml-age');
      say('metadata', await metadata('ml-both'));
      say('no metadata', await metadata('ml-none'));
      const custom = { mine: 'x', maxAge: 5, acl: { readRoles: ['$all'] } };
      await client.setStreamMetadata('ml-custom', custom);
      say('custom', await metadata('ml-custom'));
      say('metastream raw', await readFrom('$$ml-both', 'start', 5));
    },

    'read: links': async (say) => {
      await client.appendToStream('ln-src', jsonEventsOf('ln', 2), UNARY);
      const targets = ['1@ln-src', '9@ln-src', '0@ln-none', 'rubbish'];
      const links = targets.map((target, n) => binaryEventOf(`l${n}`, target, '$>'));
      await client.appendToStream('ln', links, UNARY);
      say('unresolved', await allOf(client.readStream('ln')));
      say('resolved', await allOf(client.readStream('ln', { resolveLinkTos: true })));
    },

    'read: all': async (say) => {
      await client.appendToStream('ra-1', [jsonEventOf('a0'), jsonEventOf('a1')], UNARY);
      await client.appendToStream('ra-2', [jsonEventOf('a2')], UNARY);
      const own = (reads: ClientRead[]) =>
        reads.filter(({ error, event }) => error || /^ra-[12]$/.test(event?.stream ?? ''));
      const mine = own(await allOf(client.readAll()));
      say('mine', mine);
      const at = (place: number, more = 0n) => {
        const [commit, prepare] = present(mine[place]?.event?.pos, 'position');
        return { commit: numberOf(commit) + more, prepare: numberOf(prepare) + more };
      };
      const read = async (step: string, options: Parameters<typeof client.readAll>[0]) => {
        const reads = own(await allOf(client.readAll(options)));
        say(
          step,
          reads.map((found) => (found.error ? found : found.event?.id)),
        );
      };
      await read('from a1 inclusive', { fromPosition: at(1) });
      const before = { direction: BACKWARDS as Direction, fromPosition: at(2), maxCount: 2 };
      await read('back from a2 exclusive', before);
      await read('back from end', { direction: BACKWARDS, fromPosition: END, maxCount: 1 });
      await read('from end', { fromPosition: END });
      await read('not a boundary', { fromPosition: at(1, 1n), maxCount: 1 });
    },

    'client: stream metadata': async (say) => {
      const set = async (
        step: string,
        metadata: StreamMetadata,
        revision: bigint | typeof NO_STREAM,
      ) => {
        const options = { expectedRevision: revision };
        const call = () => client.setStreamMetadata('cm', metadata, options);
        say(step, appended(await attempt(call)));
      };
      await set('set at no_stream', { maxCount: 5, mine: 'x' }, NO_STREAM);
      await set('set at no_stream again', { maxCount: 6 }, NO_STREAM);
      const acl = { readRoles: ['a'], writeRoles: ['b', 'c'] };
      await set('set at 0', { maxAge: 7, truncateBefore: 1, cacheControl: 9, acl }, 0n);
      const { metadata, streamName, metastreamRevision } = await client.getStreamMetadata('cm');
      say('get', { metadata, streamName });
      const raw = present(eventOf((await readLast('$$cm', 1))[0]), 'metadata');
      say('raw', raw.data);
      const isRevision = String(metastreamRevision) === raw.rev;
      say('metastreamRevision is the revision', isRevision);
      const isPosition = String(metastreamRevision) === raw.pos[0].$pos;
      say('metastreamRevision is the commit position', isPosition);
      const none = await client.getStreamMetadata('cm-none');
      const revision = String(none.metastreamRevision);
      say('get, never set', { metadata: none.metadata ?? null, metastreamRevision: revision });
    },
  };
};
