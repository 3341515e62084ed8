// What metadata of a stream does to reads of it.
import { event, expected, JSON_METADATA, STREAM_METADATA } from '../wire/append.js';
import { id } from '../wire/ids.js';
import { type Recorded } from '../wire/read-reply.js';
import { BACKWARD, counted, directed, FORWARD, onAll } from '../wire/read-request.js';
import { eachOf, waitFor } from '../wire/waiting.js';
import { type Subject } from '../scenario.js';
import { lineOf, streamsOf } from './streams.js';

const VALUES = [
  ...['{"$maxCount":2}', '{"$maxCount":0}', '{"$maxCount":-1}', '{"$maxCount":"2"}'],
  ...['{"$maxCount":2.0}', '{"$maxCount":2.5}', '{"$maxCount":1e0}', '{"$maxCount":null}'],
  ...['{"$maxCount":true}', '{"$maxCount":9223372036854775807}'],
  ...['{"$maxCount":9223372036854775808}', '{"$tb":2}', '{"$tb":0}', '{"$tb":-1}', '{"$tb":"2"}'],
  ...['{"$tb":4}', '{"$tb":5}', '{"$tb":9223372036854775806}', '{"$maxAge":0}', '{"$maxAge":-1}'],
  ...['{"$maxAge":100000}', '{"$maxAge":"1"}', '{"$maxAge":9223372036854775807}'],
  ...['{"$maxCount":2,"$tb":"x"}', '{"$tb":1,"$maxCount":2}', '{"$tb":3,"$maxCount":2}'],
  ...['{"$MaxCount":2}', '{"$maxCount":1,"$maxCount":2}', '{"maxCount":2}'],
  ...['{"$cacheControl":"x","$maxCount":2}', '{"$cacheControl":5,"$maxCount":2}'],
  ...['{"$tmp":true,"$maxCount":2}', '{"$tmp":1,"$maxCount":2}', '{"$acl":"x","$maxCount":2}'],
  ...['{"$acl":{"$r":5},"$maxCount":2}', '{"$acl":{"$r":"a","$w":["b","c"]},"$maxCount":2}'],
  ...['{"$acl":{"$r":[1]},"$maxCount":2}', '{"$acl":{"other":"x"},"$maxCount":2}'],
  ...['{"mine":[1,{"a":2}],"$maxCount":2}', '{"mine":"x","$maxCount":2}', '{', '', '[]', '"x"'],
  ...['null', '5', '{"$maxCount":2} x', '{"$maxCount":2,}', "{'$maxCount':2}", '{$maxCount:2}'],
  ...['{"$maxCount":/* two */2}', '\ufeff{"$maxCount":2}', ' {"$maxCount":2}'],
  ...['{"$maxCount":02}', '{"$maxCount":0x2}', '{"$maxCount":+2}'],
];
const AT_A_TIME = 6;

export const readMetadata: Subject = (server) => {
  const { writeMany, setMetadata, readLine, readWhole } = streamsOf(server);
  const readTen = (stream: string) => readLine(stream, FORWARD, 'start', 10);

  return {
    'read: metadata values': async (say) => {
      const values = VALUES.map((value, n) => ({ value, stream: `rm-${n}` }));
      const rows = await eachOf(values, AT_A_TIME, async ({ value, stream }) => {
        await writeMany(stream, 4);
        await setMetadata(stream, value);
        return { value, visible: await readTen(stream) };
      });
      for (const { value, visible } of rows) say(value, visible);
      await writeMany('rm-octet', 4);
      const octets = { ...STREAM_METADATA, 'content-type': 'application/octet-stream' };
      await setMetadata('rm-octet', '{"$maxCount":2}', { meta: octets });
      say('not marked as JSON', await readTen('rm-octet'));
      await writeMany('rm-type', 4);
      await setMetadata('rm-type', '{"$maxCount":2}', { meta: JSON_METADATA });
      say('of another event type', await readTen('rm-type'));
      await writeMany('rm-two', 4);
      const two = ['{"$maxCount":1}', '{"$tb":1}'].map((data) =>
        event(`rm-two/${data}`, { meta: STREAM_METADATA, data }),
      );
      await server.rawAppend('$$rm-two', expected.any, two);
      say('two in one append: the last counts', await readTen('rm-two'));
      say('their metastream', await readTen('$$rm-two'));
      const backwards = await readLine('$$rm-two', BACKWARD, 'end', 10);
      say('their metastream, backwards', backwards);
      const first = await readLine('$$rm-two', FORWARD, 0, 1);
      say('their metastream, from revision 0, 1', first);
      await setMetadata('rm-first', '{"$maxCount":2}');
      await writeMany('rm-first', 4);
      say('metadata before the events', await readTen('rm-first'));
      await setMetadata('$all', '{"$maxCount":1,"$tb":5,"mine":"rm"}');
      const ofAll = ({ stream }: Recorded) => (stream === '$$$all' ? 'metadata of $all' : 'other');
      const label = (e: Recorded) => (e.stream === 'rm-first' ? e.rev : ofAll(e));
      const tail = await readWhole(onAll('end'), directed(BACKWARD), counted(5));
      say('metadata of $all does not truncate it', lineOf(tail, label));
      await setMetadata('$all', '{}');
    },

    'read: maxAge': async (say) => {
      await writeMany('rg', 3);
      const isGone = () =>
        waitFor(async () => (await readTen('rg')) === 'end', 20_000, 200).then(Boolean);
      await setMetadata('rg', '{"$maxAge":1}');
      say('after a second nothing is left', await isGone());
      say('forwards from 0', await readLine('rg', FORWARD, 0, 10));
      say('backwards from the end', await readLine('rg', BACKWARD, 'end', 10));
      await setMetadata('rg', '{"$maxAge":1000}');
      say('longer again: visible again', await readTen('rg'));
      await setMetadata('rg', '{"$maxAge":1}', { id: id('rg/meta/second') });
      await isGone();
      await setMetadata('rg', '{"$maxAge":1000,"$maxCount":2}');
      say('with $maxCount 2', await readTen('rg'));
    },

    'read: in-memory streams': async (say) => {
      // What starts with $mem- can be written, but is read from memory.
      say('append', Object.keys(await streamsOf(server).write('$mem-written', 'a')));
      say('read', await readLine('$mem-written', FORWARD, 'start', 5));
    },
  };
};
