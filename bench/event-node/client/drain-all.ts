// Reads $all from end to end and decodes nothing, so that it is the node that sets the pace.
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type Done } from './task.js';

const COUNT = String(2n ** 63n - 1n);
const RECEIVED_BYTES_MAX = 17 * 1_024 * 1_024;

export async function drainAll(url: string): Promise<Done> {
  const address = /\/\/([^?]*)/.exec(url)?.[1] ?? '';
  const read = streamsService.StreamsService.read;
  const Caller = makeGenericClientConstructor({}, 'Undecoded');
  const caller = new Caller(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': RECEIVED_BYTES_MAX,
  });
  const messages = caller.makeServerStreamRequest(
    read.path,
    read.requestSerialize,
    (bytes: Buffer) => bytes.length,
    everything(),
  );
  let events = 0;
  for await (const bytes of messages) if (bytes) events += 1;
  caller.close();
  return { events };
}

function everything() {
  const { Options } = streams.ReadReq;
  const all = new Options.AllOptions();
  all.setStart(new shared.Empty());
  const uuid = new Options.UUIDOption();
  uuid.setString(new shared.Empty());
  const options = new Options();
  options.setAll(all);
  options.setReadDirection(Options.ReadDirection.FORWARDS);
  options.setResolveLinks(false);
  options.setCount(COUNT);
  options.setNoFilter(new shared.Empty());
  options.setUuidOption(uuid);
  const request = new streams.ReadReq();
  request.setOptions(options);
  return request;
}
