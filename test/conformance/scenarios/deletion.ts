// Soft delete, tombstone, and what comes after them.
import streams from '@eventstore/db-client/generated/streams_pb.js';
import {
  ANY,
  NO_STREAM,
  STREAM_EXISTS,
  type AppendExpectedRevision,
  type EventData,
  type ExpectedRevision,
} from '@eventstore/db-client';
import { event, expected, expectedAt } from '../wire/append.js';
import { allOf, appended, attempt, outcome, revisionsOf } from '../wire/client-results.js';
import { type Deletion } from '../wire/deletion.js';
import { jsonEventOf } from '../wire/ids.js';
import { BEYOND_LONG, MAX_LONG, MAX_ULONG } from '../wire/numbers.js';
import { numberOf } from '../wire/position.js';
import { eventOf, present } from '../wire/read-reply.js';
import { all, counted, onAll } from '../wire/read-request.js';
import { unary, type Answer } from '../wire/target.js';
import { type Subject } from '../scenario.js';
import { throughBothKinds, type KindOptions } from './both-kinds.js';
import { streamsOf } from './streams.js';

export const deletion: Subject = (server) => {
  const { client, rawAppend, rawDelete, rawTombstone, rawRead } = server;
  const append = async (
    stream: string,
    events: EventData,
    options: KindOptions & { expectedRevision?: AppendExpectedRevision },
  ) => appended(await attempt(() => client.appendToStream(stream, events, options)));

  return {
    ...throughBothKinds('deleted streams', async (say, stream, options) => {
      const one = (label: string, expectedRevision?: AppendExpectedRevision) =>
        append(stream, jsonEventOf(stream + label), {
          ...(expectedRevision !== undefined && { expectedRevision }),
          ...options,
        });
      const remove = (expectedRevision: ExpectedRevision = ANY) =>
        outcome(() => client.deleteStream(stream, { expectedRevision }), 'deleted');
      const two = [jsonEventOf(`${stream}a`), jsonEventOf(`${stream}b`)];
      await client.appendToStream(stream, two, options);
      say('delete at wrong revision', await remove(9n));
      say('delete', await remove(1n));
      say('read', await allOf(client.readStream(stream)));
      say('exists', await one('x', STREAM_EXISTS));
      say('old events at no_stream', await one('a', NO_STREAM));
      say('recreate no_stream', await one('c', NO_STREAM));
      say('read again', await allOf(client.readStream(stream)));
      const metadata = async () => (await client.getStreamMetadata(stream)).metadata ?? null;
      say('metadata', await attempt(async () => ({ metadata: await metadata() })));
      say('delete again', await remove());
      say('recreate any', await one('d'));
      say('recreate at last revision', await one('e', 3n));
      say('read third', await revisionsOf(client.readStream(stream)));
    }),

    ...throughBothKinds('tombstoned streams', async (say, stream, options) => {
      const two = [jsonEventOf(`${stream}a`), jsonEventOf(`${stream}b`)];
      await client.appendToStream(stream, two, options);
      const tombstone = (name: string, expectedRevision: ExpectedRevision = ANY) =>
        outcome(() => client.tombstoneStream(name, { expectedRevision }), 'tombstoned');
      const remove = (name: string, expectedRevision: ExpectedRevision = ANY) =>
        outcome(() => client.deleteStream(name, { expectedRevision }), 'deleted');
      say('at wrong revision', await tombstone(stream, 0n));
      say('tombstone', await tombstone(stream));
      const expectations: [string, AppendExpectedRevision][] = [
        ['any', ANY],
        ['no_stream', NO_STREAM],
        ['exists', STREAM_EXISTS],
        ['1', 1n],
      ];
      for (const [name, expectedRevision] of expectations) {
        const one = jsonEventOf(`${stream}z${name}`);
        say(`append ${name}`, await append(stream, one, { expectedRevision, ...options }));
      }
      const old = jsonEventOf(`${stream}a`);
      const atNoStream = { ...options, expectedRevision: NO_STREAM as AppendExpectedRevision };
      say('old events', await append(stream, old, atNoStream));
      say('read', await allOf(client.readStream(stream)));
      say('again', await tombstone(stream));
      say('delete', await remove(stream));
      say('never written', await tombstone(`${stream}-never`));
      say('delete never written', await remove(`${stream}-never2`));
      say('delete never written no_stream', await remove(`${stream}-never3`, NO_STREAM));
    }),

    'delete: replies and $all': async (say) => {
      const stream = 'dr-all';
      const first = await rawAppend(stream, expected.noStream, [event('dr-a'), event('dr-b')]);
      say('append', first);
      say('delete', await rawDelete(stream, expected.any));
      say('recreate', await rawAppend(stream, expected.noStream, [event('dr-c')]));
      say('delete again', await rawDelete(stream, expectedAt(2)));
      say('append of no events', await rawAppend(stream, expected.any, []));
      say('tombstone', await rawTombstone(stream, expected.any));
      const never = await rawTombstone(`${stream}-never`, expected.noStream);
      say('tombstone of a stream never written', never);
      const from = present(first.success, 'the first append').pos;
      const at = numberOf(Array.isArray(from) || typeof from === 'string' ? NOWHERE : from);
      const limits = { ms: 20_000, until: 1000 };
      const messages = await rawRead(all(onAll(at), counted(1000)), limits);
      const isOwn = (name: string | undefined) => name === undefined || name.includes(stream);
      say(
        '$all',
        messages.filter((message) => isOwn(eventOf(message)?.stream)),
      );
    },

    'delete: invalid requests': async (say) => {
      const client = server.streams;
      const invalid = async (kind: string, call: Deletion, bare: Promise<Answer<unknown>>) => {
        say(`${kind}: no options`, (await bare).status);
        say(`${kind}: no stream identifier`, await call(undefined, expected.any));
        say(`${kind}: empty stream name`, await call('', expected.any));
        const stream = `di-${kind}`;
        say(`${kind}: no expected revision`, await call(stream, expected.unset));
        const never = await call(stream, expectedAt(MAX_ULONG));
        say(`${kind}: revision 2^64-1, stream never written`, never);
        say(`${kind}: revision 2^63`, await call(stream, expectedAt(BEYOND_LONG)));
        await streamsOf(server).write(`${stream}-2`, 'a');
        say(`${kind}: revision 2^63-1`, await call(`${stream}-2`, expectedAt(MAX_LONG)));
      };
      const bareDelete = unary(server.target, client.delete.bind(client), new streams.DeleteReq());
      await invalid('delete', rawDelete, bareDelete);
      const bareTombstone = unary(
        server.target,
        client.tombstone.bind(client),
        new streams.TombstoneReq(),
      );
      await invalid('tombstone', rawTombstone, bareTombstone);
    },
  };
};

const NOWHERE = { $pos: '0' };
