// Appends over one long call, as EventStoreDB's BatchAppend has it: each is a message with an id that
// its answer repeats. The official client can do that too, but keeps what waits for answers in one table
// for all clients of a process, and a broken connection of one of them breaks the others. Here each call
// has a table of its own; connecting, finding the leader and connecting again is left to the client.
import { randomUUID } from 'node:crypto';
import { type EventStoreDBClient, UnavailableError } from '@eventstore/db-client';
import streamsService, {
  type StreamsClient,
} from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type CallOptions, type ClientDuplexStream, type Metadata } from '@grpc/grpc-js';
import { within } from '../platform/time-limit.js';
import { appendResultOf, digitsOf, repliedTo } from './eventstoredb-append-reply.js';
import { type Append, appendRequest } from './eventstoredb-append-request.js';
import { AppendRejected, type AppendResult } from './event-store.js';

type Call = ClientDuplexStream<Buffer, BatchAppendResp>;

/** What the client has for its own calls, and leaves out of its public types. */
interface Connection {
  /** When a call ends with an error, the client connects again if that may help. */
  readonly GRPCStreamCreator: (
    service: typeof streamsService.StreamsClient,
    name: string,
    begin: (grpc: StreamsClient) => Call,
    calls: WeakMap<StreamsClient, Call>,
  ) => () => Promise<Call>;
  readonly callArguments: (
    options: { readonly requiresLeader: boolean },
    call: { readonly deadline: number },
  ) => [Metadata, CallOptions];
}

interface Waiting {
  readonly answer: (reply: BatchAppendResp) => void;
  readonly fail: (error: Error) => void;
}

export class AppendCall {
  private readonly calls = new WeakMap<StreamsClient, Call>();
  /** By the id of the append; a call that is over has no table. */
  private readonly waiting = new WeakMap<Call, Map<string, Waiting>>();
  private latest: Call | undefined;
  private readonly open: () => Promise<Call>;
  private readonly callArguments: Connection['callArguments'];

  constructor(
    client: EventStoreDBClient,
    private readonly timeoutMs: number,
  ) {
    const opener = Reflect.get(client, 'GRPCStreamCreator') as Connection['GRPCStreamCreator'];
    this.callArguments = Reflect.get(client, 'callArguments') as Connection['callArguments'];
    const { StreamsClient } = streamsService;
    this.open = opener(StreamsClient, 'append', (grpc) => this.begin(grpc), this.calls);
  }

  /** Throws AppendRejected; any other error when the outcome is unknown: the next call is then a new one. */
  async append(append: Omit<Append, 'correlationId'>): Promise<AppendResult> {
    const call = await within(this.timeoutMs, this.open());
    try {
      return appendResultOf(await within(this.timeoutMs, this.sent(call, append)));
    } catch (error) {
      if (!(error instanceof AppendRejected)) this.abandon(call, error);
      throw error;
    }
  }

  private sent(call: Call, append: Omit<Append, 'correlationId'>): Promise<BatchAppendResp> {
    return new Promise((answer, fail) => {
      const correlationId = randomUUID();
      const waiting = this.waiting.get(call);
      if (!waiting) return fail(new Error('the call for appends is over'));
      waiting.set(digitsOf(correlationId), { answer, fail });
      call.write(appendRequest({ correlationId, ...append }));
    });
  }

  private begin(grpc: StreamsClient): Call {
    const { path, responseDeserialize } = streamsService.StreamsService.batchAppend;
    const call: Call = grpc.makeBidiStreamRequest(
      path,
      (request: Buffer) => request,
      responseDeserialize,
      ...this.callArguments({ requiresLeader: true }, { deadline: Infinity }),
    );
    // The client may have connected again for reasons of its own: what waits on the old call is answered.
    this.latest?.end();
    this.latest = call;
    const waiting = new Map<string, Waiting>();
    this.waiting.set(call, waiting);
    call.on('data', (reply: BatchAppendResp) => {
      const id = repliedTo(reply);
      waiting.get(id)?.answer(reply);
      waiting.delete(id);
    });
    const over = (error: Error) => {
      this.waiting.delete(call);
      if (this.calls.get(grpc) === call) this.calls.delete(grpc);
      for (const { fail } of waiting.values()) fail(error);
      waiting.clear();
    };
    call.on('error', over);
    call.on('end', () => {
      over(new Error('the server ended the call for appends'));
      call.end();
    });
    return call;
  }

  /** Everybody who waits on this call learns it, and the client connects again: to the leader, if it can. */
  private abandon(call: Call, cause: unknown): void {
    if (!this.waiting.has(call)) return;
    call.destroy(new UnavailableError(undefined, String(cause)));
    call.cancel();
  }
}
