// Scenarios that are played twice: through unary Append and through BatchAppend.
import { type AppendReply, expected, type WireEvent } from '../wire/append.js';
import { expectedInBatch, replyTo } from '../wire/batch-append.js';
import { type Name } from '../wire/protobuf.js';
import { type Server } from '../wire/server.js';
import { type Say, type Scenarios } from '../scenario.js';
import { UNARY } from './streams.js';

export type KindOptions = Partial<typeof UNARY>;

const streamOf = (name: string, kind: string) => `${name.replace(/[^a-z]+/gi, '-')}-${kind}`;

/** Through the client, which takes the one for calls with credentials and the other without. */
export function throughBothKinds(
  name: string,
  play: (say: Say, stream: string, options: KindOptions) => Promise<void>,
): Scenarios {
  return {
    [`${name} (unary)`]: (say) => play(say, streamOf(name, 'unary'), UNARY),
    [`${name} (batch)`]: (say) => play(say, streamOf(name, 'batch'), {}),
  };
}

export type AppendOfEitherKind = (
  stream: Name,
  expectation: keyof typeof expected,
  events: WireEvent[],
) => Promise<AppendReply>;

/** Message by message. */
export function rawThroughBothKinds(
  server: Server,
  name: string,
  play: (say: Say, stream: string, append: AppendOfEitherKind) => Promise<void>,
): Scenarios {
  return {
    [`${name} (unary)`]: (say) =>
      play(say, streamOf(name, 'unary'), (stream, expectation, events) =>
        server.rawAppend(stream, expected[expectation], events),
      ),
    [`${name} (batch)`]: async (say) => {
      const batch = server.openBatch();
      let sent = 0;
      await play(say, streamOf(name, 'batch'), async (stream, expectation, events) => {
        const expect = expectedInBatch[expectation];
        batch.send({ cid: `${name} ${sent}`, stream, expect, events, final: true });
        return replyTo(batch, sent++);
      });
      batch.cancel();
    },
  };
}
