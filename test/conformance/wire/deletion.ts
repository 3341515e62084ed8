// Delete and Tombstone, and their replies as they were sent.
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type Expectation, type StreamsClient } from './append.js';
import { pairOf, type Pair } from './position.js';
import { fill, streamIdentifier, type Name } from './protobuf.js';
import { type Status } from './status.js';
import { unary, type Answer, type CallOptions, type Target } from './target.js';

export interface DeletionReply {
  position?: Pair | 'no_position' | 'unset';
  status?: Status;
}

export type Deletion = (
  stream: Name | undefined,
  expectation: Expectation,
  more?: CallOptions,
) => Promise<DeletionReply>;

interface DeletionResponse {
  getPosition(): Parameters<typeof pairOf>[0] | undefined;
  hasNoPosition(): boolean;
}

export const deletion =
  (target: Target, client: StreamsClient): Deletion =>
  async (stream, expectation, more) => {
    const options = new streams.DeleteReq.Options();
    if (stream !== undefined) options.setStreamIdentifier(streamIdentifier(stream));
    expectation(options);
    const request = fill(new streams.DeleteReq(), { options });
    return shown(await unary(target, client.delete.bind(client), request, more));
  };

export const tombstoning =
  (target: Target, client: StreamsClient): Deletion =>
  async (stream, expectation, more) => {
    const options = new streams.TombstoneReq.Options();
    if (stream !== undefined) options.setStreamIdentifier(streamIdentifier(stream));
    expectation(options);
    const request = fill(new streams.TombstoneReq(), { options });
    return shown(await unary(target, client.tombstone.bind(client), request, more));
  };

function shown({ status, reply }: Answer<DeletionResponse>): DeletionReply {
  if (status) return { status };
  const at = reply?.getPosition();
  if (at) return { position: pairOf(at) };
  return { position: reply?.hasNoPosition() ? 'no_position' : 'unset' };
}
