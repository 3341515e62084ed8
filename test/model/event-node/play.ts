// Does the same to the event node and to the model of it, and compares what both say. Positions are
// compared by what is known of them: new ones rise, known ones are those told before.
import {
  append,
  counted,
  deleteStream,
  idOf,
  onAll,
  onStream,
  openBatch,
  openRead,
  readAll,
  readRequest,
  subscribed,
  type Appended,
  type StreamsClient,
} from '../../support/event-node-wire.js';
import { expectedOf, type From, type Move } from './moves.js';
import { type Answer, type Expected, StreamsModel } from './streams-model.js';

const TOLD_REVISION = { end: '9223372036854775807' };
const METADATA = { type: '$metadata', 'content-type': 'application/json' };

const PATIENCE_MS = 10_000;

interface Subscription {
  stream: string;
  /** Revisions that must have come, and 'deleted' if it has ended. */
  expected: string[];
  after: number;
  reading: Awaited<ReturnType<typeof subscribed>>;
}

/** One history on a node; its streams have names of their own. */
export class Play {
  private readonly model = new StreamsModel();
  private subscriptions: Subscription[] = [];
  private lastPosition = 0;
  private start = 0;
  private metadataWritten = 0;
  /** How many events subscribers were told of. */
  private told = 0;

  constructor(
    private readonly prefix: string,
    private client: StreamsClient,
  ) {}

  async begin(): Promise<void> {
    const { position } = await append(this.client, `${this.prefix}begin`, 'any', [
      { id: idOf(`${this.prefix}begin`) },
    ]);
    this.start = this.lastPosition = position ?? 0;
  }

  /** After a restart of the node: it has forgotten what it kept in memory, and nothing else. */
  restarted(client: StreamsClient): void {
    this.client = client;
    this.model.restart();
  }

  async do(move: Exclude<Move, { do: 'restart' }>): Promise<void> {
    const name = move.stream.replace(/^(\$\$)?/, `$1${this.prefix}`);
    switch (move.do) {
      case 'append':
        return this.append(name, move);
      case 'metadata':
        return this.setMetadata(name, move.data);
      case 'delete':
      case 'tombstone': {
        const expected = expectedOf(this.model, name, move.expected);
        const told = await deleteStream(this.client, move.do, { stream: name, expected });
        return this.compare(this.model.delete(move.do, name, expected), told);
      }
      case 'read':
        return this.read(name, move);
      case 'subscribe':
        return this.subscribe(name, move.from);
    }
  }

  /** Every event of the history is in $all, once and in order; every subscriber got what he should. */
  async end(): Promise<void> {
    await this.endSubscriptions();
    const request = readRequest((options) => {
      onAll({ commit: this.start, prepare: this.start })(options);
      counted(10_000, false)(options);
    });
    const reading = openRead(this.client, request);
    await reading.whole();
    const own = reading.replies.flatMap((reply) => reply.getEvent()?.getEvent() ?? []).slice(1);
    const seen = own.map((event) => ({
      stream: Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
      revision: event.getStreamRevision(),
      data: Buffer.from(event.getData_asU8()).toString(),
      position: Number(event.getCommitPosition()),
    }));
    expect(seen).toEqual(
      this.model.all.map(({ stream, revision, data, position }) => ({
        stream,
        revision: revision === 'end' ? TOLD_REVISION.end : String(revision),
        data,
        position: position ?? (expect.any(Number) as number),
      })),
    );
    const positions = seen.map(({ position }) => position);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  }

  async endSubscriptions(): Promise<void> {
    for (const { expected, reading, stream } of this.subscriptions.splice(0)) {
      const others = reading.messages.includes('caught_up') ? 2 : 0;
      await Promise.race([reading.count(expected.length + others), patience()]);
      const came = reading.messages
        .filter((message) => message !== 'confirmation' && message !== 'caught_up')
        .map((message) => shortly(message.replace(`${stream}/`, '')));
      expect(came).toEqual(expected);
      reading.cancel();
    }
  }

  private async append(name: string, move: Move & { do: 'append' }): Promise<void> {
    const expected = expectedOf(this.model, name, move.expected);
    const ids = [...move.letters].map((letter) => idOf(`${this.prefix}${letter}`));
    const events = ids.map((id) => ({ id, data: '{}' }));
    const told = move.batch
      ? await batchAppend(this.client, name, expected, events)
      : await append(this.client, name, expected, events);
    this.compare(this.model.append(name, expected, events), told);
  }

  private async setMetadata(name: string, data: string): Promise<void> {
    const id = idOf(`${name} ${this.metadataWritten++}`);
    const event = { id, data, metadata: METADATA };
    const told = await append(this.client, `$$${name}`, 'any', [event]);
    this.compare(this.model.append(`$$${name}`, 'any', [event]), told);
  }

  private compare(answer: Answer, told: Appended): void {
    expect(shortly(told.text)).toBe(answer.text);
    if (answer.known === 'hidden') expect(told.position).toBeUndefined();
    else if (answer.known) expect(told.position).toBe(answer.known.position ?? told.position);
    else if (answer.written) {
      expect(told.position).toBeGreaterThan(this.lastPosition);
      this.lastPosition = told.position ?? 0;
      const last = answer.written.at(-1);
      if (last) last.position = told.position;
    }
    this.tellSubscribers();
  }

  /** What was written since comes to those who wait for it. */
  private tellSubscribers(): void {
    for (const { stream, revision } of this.model.all.slice(this.told)) {
      for (const subscription of this.subscriptions) {
        if (subscription.stream !== stream) continue;
        if (revision === 'end') subscription.expected.push(TOLD_REVISION.end, 'deleted');
        else if (revision > subscription.after) subscription.expected.push(String(revision));
      }
    }
    this.told = this.model.all.length;
  }

  private async read(name: string, move: Move & { do: 'read' }): Promise<void> {
    const { from, count, backwards } = move;
    const messages = await readAll(this.client, onStream(name, from), counted(count, backwards));
    const came = messages.map((message) => shortly(message.replace(`${name}/`, '')));
    expect(came).toEqual(this.readOfModel(name, move));
  }

  private readOfModel(name: string, { from, count, backwards }: Move & { do: 'read' }): string[] {
    if (from === 'end' && !backwards) return ['UNKNOWN: Unexpected ReadStreamResult: Error'];
    if (this.model.isEnded(name)) return ['deleted'];
    if (!this.model.exists(name)) return ['not_found', 'end'];
    const revisions = this.model.visible(name).map(({ revision }) => Number(revision));
    const first = from === 'start' ? 0 : from === 'end' ? Infinity : from;
    const asked = backwards
      ? revisions.toReversed().filter((revision) => revision <= first)
      : revisions.filter((revision) => revision >= first);
    return [...asked.slice(0, count).map(String), 'end'];
  }

  private async subscribe(stream: string, from: From): Promise<void> {
    const reading = await subscribed(this.client, onStream(stream, from));
    const last = this.model.last(stream);
    const after = from === 'start' ? -1 : from === 'end' ? last : from;
    const history = this.model.visible(stream).map(({ revision }) => Number(revision));
    const expected = this.model.isEnded(stream)
      ? ['deleted']
      : history.filter((revision) => revision > after).map(String);
    this.subscriptions.push({ stream, expected, after: Math.max(after, -1), reading });
  }
}

/** What has not come by then never comes: the comparison then says what is missing. */
const patience = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());

async function batchAppend(
  client: StreamsClient,
  stream: string,
  expected: Expected,
  events: { id: string; data: string }[],
): Promise<Appended> {
  const batch = openBatch(client);
  batch.send({ id: stream, stream, expected, events, final: true });
  await batch.count(1);
  batch.cancel();
  return { text: batch.replies[0]?.slice(stream.length + 1) ?? '', position: batch.positions[0] };
}

/** The two calls tell a deleted stream, and a delete tells a conflict, in ways of their own. */
function shortly(text: string): string {
  if (/is deleted\. \[stream-deleted\]$|^NOT_FOUND StreamDeleted$/.test(text)) return 'deleted';
  const actual = /^FAILED_PRECONDITION: Delete failed .* Actual version: (-?\d+) /.exec(text)?.[1];
  return actual === undefined ? text : `wrong ${actual}`;
}
