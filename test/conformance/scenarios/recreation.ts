// Streams that are deleted and written again, step by step: what is readable, and their metadata.
import {
  briefAppend,
  event,
  expected,
  expectedAt,
  STREAM_METADATA,
  type Expectation,
} from '../wire/append.js';
import { attempt, outcome } from '../wire/client-results.js';
import { type DeletionReply } from '../wire/deletion.js';
import { type ShownBytes } from '../wire/protobuf.js';
import { brief, type Recorded } from '../wire/read-reply.js';
import { type Server } from '../wire/server.js';
import { sleep } from '../wire/waiting.js';
import { type Say, type Subject } from '../scenario.js';
import { streamsOf } from './streams.js';

const CHANGING_MS = 150;

const done = (reply: DeletionReply) => (reply.status ? reply : 'ok');

export const recreation: Subject = (server) => {
  const { client, rawDelete, rawTombstone } = server;
  const { write, setMetadata, stateOf, revisions } = callsOf(server);
  const remove = (stream: string, expectation: Expectation = expected.any) =>
    rawDelete(stream, expectation).then(done);
  const tombstone = (stream: string) => rawTombstone(stream, expected.any).then(done);
  /** Steps that show a reply and the state of the stream after it. */
  const stepsOf =
    (say: Say, stream: string, prefix = '') =>
    async (step: string, reply: Promise<unknown>) =>
      say(prefix + step, { reply: await reply, ...(await stateOf(stream)) });

  return {
    'delete: recreate, step by step': async (say) => {
      const stream = 'dl-steps';
      const step = stepsOf(say, stream);
      const { any, noStream, exists } = expected;
      await step('three events', write(stream, noStream, 'abc'));
      await step('delete', remove(stream, expectedAt(2)));
      await step('the same events again, no_stream', write(stream, noStream, 'abc'));
      await step('the same events again, any', write(stream, any, 'abc'));
      await step('append at 1', write(stream, expectedAt(1), 'x'));
      await step('append no_stream', write(stream, noStream, 'd'));
      await step('append any', write(stream, any, 'e'));
      await step('append no_stream again', write(stream, noStream, 'f'));
      await step('delete again', remove(stream, exists));
      await step('delete what is deleted', remove(stream));
      await step('append at the last revision', write(stream, expectedAt(4), 'g'));
      await step('delete a third time', remove(stream, expectedAt(5)));
      await step('append any', write(stream, any, 'hi'));
      await step('tombstone', tombstone(stream));
    },

    'delete: metadata around it': async (say) => {
      const { any, noStream, exists } = expected;
      /** Steps on a stream of some events, deleted or not. */
      const begin = async (stream: string, labels: string, deleted?: 'deleted') => {
        if (labels !== '') await write(stream, any, labels);
        if (deleted) await remove(stream);
        return stepsOf(say, stream, `${stream}: `);
      };
      let step = await begin('dm-custom', 'ab');
      await step('metadata', setMetadata('dm-custom', '{"$maxCount":9,"mine":"x"}'));
      await step('delete', remove('dm-custom'));
      await step('append', write('dm-custom', any, 'c'));
      step = await begin('dm-set', 'ab', 'deleted');
      await step('metadata while deleted', setMetadata('dm-set', '{"mine":"x"}'));
      await step('append stream_exists', write('dm-set', exists, 'c'));
      step = await begin('dm-tb', 'ab', 'deleted');
      await step('$tb 1 while deleted', setMetadata('dm-tb', '{"$tb":1}'));
      step = await begin('dm-bad', 'ab', 'deleted');
      await step('invalid JSON while deleted', setMetadata('dm-bad', '{{{'));
      step = await begin('dm-empty', 'ab', 'deleted');
      await step('append of no events', write('dm-empty', any, ''));
      await step('append', write('dm-empty', any, 'c'));
      step = await begin('dm-empty-exact', 'ab', 'deleted');
      await step('append of no events at 1', write('dm-empty-exact', expectedAt(1), ''));
      step = await begin('dm-only', '');
      const metadata = '{"$maxCount":5}';
      await step('metadata of a stream never written', setMetadata('dm-only', metadata));
      await step('append stream_exists', write('dm-only', exists, 'a'));
      await setMetadata('dm-only-deleted', metadata);
      step = await begin('dm-only-deleted', '');
      await step('delete', remove('dm-only-deleted'));
      await step('append', write('dm-only-deleted', any, 'a'));
      step = await begin('dm-direct', 'ab');
      const deleting = '{"$tb":9223372036854775807,"mine":1}';
      await step('$tb 2^63-1 written as metadata', setMetadata('dm-direct', deleting));
      await step('append no_stream', write('dm-direct', noStream, 'c'));
      step = await begin('dm-beyond', 'ab');
      await step('$tb 50', setMetadata('dm-beyond', '{"$tb":50}'));
      await step('append no_stream', write('dm-beyond', noStream, 'c'));
      await step('append any', write('dm-beyond', any, 'd'));
      step = await begin('dm-count', 'abc');
      await setMetadata('dm-count', '{"$maxCount":2}');
      await step('delete', remove('dm-count'));
      await step('append', write('dm-count', any, 'def'));
    },

    'delete: metadata streams': async (say) => {
      const { any } = expected;
      const one = 'ds-one';
      await write(one, any, 'a');
      await setMetadata(one, '{"$maxCount":5}');
      await setMetadata(one, '{"$maxCount":6}');
      say('metastream has two events, one visible', await revisions(`$$${one}`));
      say('delete of the metastream', await remove(`$$${one}`));
      say('still readable', await stateOf(one));
      say('what the delete wrote', await revisions(`$$$$${one}`));
      const at = (revision: number, data: string) =>
        setMetadata(one, data, { at: expectedAt(revision) });
      say('metadata at its last revision', await at(1, '{"$maxCount":7}'));
      say('metadata at a wrong revision', await at(7, '{"$maxCount":8}'));
      const two = 'ds-two';
      await write(two, any, 'ab');
      await setMetadata(two, '{"$tb":1}');
      say('tombstone of the metastream', await tombstone(`$$${two}`));
      say('the metadata counts no more', await revisions(two));
      say('read of the metastream', await revisions(`$$${two}`));
      say('metadata', await setMetadata(two, '{"$tb":1}', { label: 'again' }));
      say('append to the stream', await write(two, any, 'c'));
      const three = 'ds-three';
      await write(three, any, 'a');
      await tombstone(three);
      say('metadata of a tombstoned stream', await setMetadata(three, '{"$tb":1}'));
      say('read of its metastream', await revisions(`$$${three}`));
      const get = () => client.getStreamMetadata(three);
      say('client: getStreamMetadata', await attempt(get));
      const set = () => client.setStreamMetadata(three, { maxCount: 1 });
      say('client: setStreamMetadata', await outcome(set));
    },
  };
};

/** What this subject does to streams, and sees of them. */
function callsOf(server: Server) {
  const { readFrom, readLast } = streamsOf(server);
  const revisions = async (stream: string) =>
    (await readFrom(stream, 'start', 50)).map((message) => brief(message));
  const shown = (e: Recorded) => `${e.rev} ${e.type} ${e.contentType} ${textOf(e.data)}`;
  const stateNow = async (stream: string) => ({
    stream: await revisions(stream),
    metadata: (await readLast(`$$${stream}`, 1)).map((message) => brief(message, shown)),
  });
  return {
    revisions,
    /**
     * What is readable, and the last metadata. Those that a recreation writes may become readable
     * after the reply: they are read until nothing changes.
     */
    stateOf: async (stream: string) => {
      let before: typeof now | undefined;
      let now = await stateNow(stream);
      while (JSON.stringify(now) !== JSON.stringify(before)) {
        await sleep(CHANGING_MS);
        before = now;
        now = await stateNow(stream);
      }
      return now;
    },
    write: async (stream: string, expectation: Expectation, labels: string) => {
      const events = [...labels].map((label) => event(`${stream}/${label}`));
      return briefAppend(await server.rawAppend(stream, expectation, events));
    },
    setMetadata: async (
      stream: string,
      data: string,
      { label = '', at = expected.any }: { label?: string; at?: Expectation } = {},
    ) => {
      const metadata = event(`${stream}/meta/${data}${label}`, { meta: STREAM_METADATA, data });
      return briefAppend(await server.rawAppend(`$$${stream}`, at, [metadata]));
    },
  };
}

const textOf = (data: ShownBytes) => (typeof data === 'string' ? data : '[object Object]');
