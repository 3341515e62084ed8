// Read requests that are no good, and the forms of ids.
import streams, { type ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { BEYOND_LONG } from '../wire/numbers.js';
import { empty, fill, readUuid } from '../wire/protobuf.js';
import { labelOf } from '../wire/ids.js';
import { brief } from '../wire/read-reply.js';
import {
  all,
  BACKWARD,
  bareRequest,
  byStreamName,
  counted,
  directed,
  filtered,
  onAll,
  onStream,
  prefixes,
  regex,
  stringIds,
  subscription,
  unfiltered,
  windowed,
  type Part,
} from '../wire/read-request.js';
import { type Subject } from '../scenario.js';
import { streamsOf } from './streams.js';

const PATIENCE_MS = 5000;

export const readRequests: Subject = (server) => ({
  'read: invalid requests': async (say) => {
    const { UUIDOption } = streams.ReadReq.Options;
    await streamsOf(server).writeMany('ri', 2);
    const send = async (step: string, request: ReadReq) => {
      const read = server.openReadOf(request);
      await read.until(() => read.ended, PATIENCE_MS);
      const hangs = !read.ended;
      const messages = read.messages.map((message) => brief(message));
      read.cancel();
      say(step, hangs ? [...messages, 'does not end'] : messages);
    };
    const sendParts = (step: string, ...parts: Part[]) => send(step, bareRequest(...parts));
    const count = counted(5);
    const start = onStream('ri', 'start');
    const usual = all(unfiltered, stringIds);
    const emptyUuidOption: Part = (options) => options.setUuidOption(new UUIDOption());
    await send('no options', new streams.ReadReq());
    await sendParts('empty options');
    await sendParts('no uuid option', start, count, unfiltered);
    await sendParts('uuid option without a value', start, count, unfiltered, emptyUuidOption);
    await sendParts('no stream option', count, usual);
    await sendParts('no count option', start, usual);
    await sendParts('no filter option', start, count, stringIds);
    await sendParts('stream without a revision option', onStream('ri'), count, usual);
    const withoutIdentifier = onStream(undefined, 'start');
    await sendParts('stream without an identifier', withoutIdentifier, count, usual);
    await sendParts('empty stream name', onStream('', 'start'), count, usual);
    await sendParts('revision 2^63', onStream('ri', BEYOND_LONG), count, usual);
    await sendParts('all without a position option', onAll(), count, usual);
    await sendParts('direction 2', start, count, usual, directed(2));
    const back = directed(BACKWARD);
    const matching = byStreamName(prefixes('ri'));
    const window = windowed('count');
    const good = all(filtered(matching, window), stringIds);
    await sendParts('stream with a filter', start, count, good);
    await sendParts('stream subscription with a filter', start, subscription, good);
    await sendParts('stream subscription backwards', start, subscription, usual, back);
    const fromStart = onAll('start');
    await sendParts('all subscription backwards', fromStart, subscription, usual, back);
    await sendParts('filtered subscription backwards', fromStart, subscription, good, back);
    const ofAll = all(fromStart, count, stringIds);
    await sendParts('filter without an expression', ofAll, filtered(window));
    await sendParts('filter without a window', ofAll, filtered(matching));
    const badRegex = filtered(window, byStreamName(regex('(')));
    await sendParts('filter with a bad regex', ofAll, badRegex);
    const live = all(subscription, usual);
    await sendParts('stream subscription without a revision option', onStream('ri'), live);
    await sendParts('stream subscription, empty stream name', onStream('', 'start'), live);
    await sendParts('all subscription without a position option', onAll(), live);
  },

  'read: uuid option': async (say) => {
    const { UUIDOption } = streams.ReadReq.Options;
    await streamsOf(server).write('ru', 'a');
    const forms = {
      structured: { structured: empty() },
      string: { string: empty() },
      neither: {},
    };
    for (const [form, fields] of Object.entries(forms)) {
      const uuidOption = fill(new UUIDOption(), fields);
      const parts = all(onStream('ru', 'start'), counted(1), (o) => o.setUuidOption(uuidOption));
      const read = server.openRead(parts);
      await read.until(() => read.ended);
      const id = readUuid(read.rawMessages[0]?.getEvent()?.getEvent()?.getId());
      say(form, { form: id.form, value: labelOf(id.id) });
    }
  },
});
