// What streams are to their users, in memory and without any regard to speed: a list of events, and
// what can be said by looking through it. Written from the rules, not from the node.

export type Expected = 'any' | 'no_stream' | 'stream_exists' | bigint;

export interface Stored {
  stream: string;
  /** 'end' is a tombstone. */
  revision: number | 'end';
  id: string;
  data: string;
  /** Told by the node when it was written; undefined if nobody was told. */
  position?: number | undefined;
}

/** An answer, and the events it is about: written now, or known and perhaps hidden. */
export interface Answer {
  text: `ok ${number}` | `wrong ${number}` | 'ok' | 'deleted';
  written?: Stored[];
  known?: Stored | 'hidden';
}

interface Metadata {
  $maxCount?: number;
  $tb?: number;
}

const DELETED = 2 ** 63;
const DELETED_METADATA = '{"$tb":9223372036854775807}';

export class StreamsModel {
  readonly all: Stored[] = [];
  private readonly recent = new Map<string, { stream: string; revision: number }>();

  /** The node forgets what it keeps in memory. */
  restart(): void {
    this.recent.clear();
  }

  append(stream: string, expected: Expected, events: { id: string; data: string }[]): Answer {
    const ids = events.map(({ id }) => id);
    const decision = this.decide(stream, expected, ids);
    if (decision === 'deleted') return { text: 'deleted' };
    if (decision === 'wrong') return { text: `wrong ${this.last(stream)}` };
    if (decision !== 'write') {
      const known = this.visible(stream).find(({ revision }) => revision === decision);
      return { text: `ok ${decision}`, known: known ?? 'hidden' };
    }
    const deleted = [stream, originalOf(stream)].filter((name) => this.isDeleted(name));
    const from = new Map(deleted.map((name) => [name, this.last(name) + 1]));
    const written = events.map(({ id, data }) => this.write(stream, id, data));
    const text = `ok ${this.last(stream)}` as const;
    for (const [name, revision] of from) this.bringBack(name, revision);
    return { text, written };
  }

  delete(kind: 'delete' | 'tombstone', stream: string, expected: Expected): Answer {
    const wrong: Answer = { text: `wrong ${this.last(stream)}` };
    const decision = this.decide(stream, expected, ['an id of its own']);
    if (decision === 'deleted') return { text: 'deleted' };
    if (decision !== 'write') return wrong;
    if (kind === 'tombstone') return { text: 'ok', written: [this.write(stream, '', '', 'end')] };
    if (this.last(stream) < 0 && !this.hasMetadata(stream)) return wrong;
    if (this.isEnded(`$$${stream}`)) return { text: 'deleted' };
    return { text: 'ok', written: [this.write(`$$${stream}`, '', DELETED_METADATA)] };
  }

  /** Tombstoned, or the metadata of a tombstoned stream. */
  isEnded(stream: string): boolean {
    const ends = (name: string) =>
      this.all.some((event) => event.stream === name && event.revision === 'end');
    return ends(stream) || (isMetastream(stream) && ends(originalOf(stream)));
  }

  private isDeleted(stream: string): boolean {
    return this.metadata(stream).$tb === DELETED;
  }

  last(stream: string): number {
    return this.events(stream).length - 1;
  }

  /** What readers of the stream may see. */
  visible(stream: string): Stored[] {
    const { $maxCount = Infinity, $tb = 0 } = this.metadata(stream);
    const first = Math.max($tb, this.events(stream).length - $maxCount);
    return this.events(stream).slice(Math.max(0, first));
  }

  /** Whether readers are told that there is such a stream. */
  exists(stream: string): boolean {
    return this.last(stream) >= 0 && !this.isDeleted(stream);
  }

  private events(stream: string): Stored[] {
    return this.all.filter((event) => event.stream === stream && event.revision !== 'end');
  }

  private hasMetadata(stream: string): boolean {
    return this.all.some((event) => event.stream === `$$${stream}`);
  }

  private metadata(stream: string): Metadata {
    if (isMetastream(stream)) return { $maxCount: 1 };
    if (this.isEnded(`$$${stream}`)) return {};
    return parsed(this.events(`$$${stream}`).at(-1)?.data) ?? {};
  }

  private decide(
    stream: string,
    expected: Expected,
    ids: string[],
  ): 'write' | 'wrong' | 'deleted' | number {
    const last = this.last(stream);
    if (this.isEnded(stream)) return 'deleted';
    if (expected === 'stream_exists' && this.isDeleted(stream)) return 'deleted';
    if (expected === 'stream_exists' && last < 0 && !this.hasMetadata(stream)) return 'wrong';
    if (expected === 'any' || expected === 'stream_exists') {
      const known = ids.map((id) => this.recent.get(id));
      const revisions = known.map((k) => (k?.stream === stream ? k.revision : undefined));
      if (revisions[0] === undefined) return 'write';
      return revisions.includes(undefined) ? 'wrong' : (revisions.at(-1) ?? 'wrong');
    }
    const at = expected === 'no_stream' ? -1 : Number(expected);
    if (at === last) return 'write';
    if (at > last || ids.length === 0) return 'wrong';
    const stored = this.events(stream).slice(at + 1, at + 1 + ids.length);
    if (ids.join() === stored.map(({ id }) => id).join()) return at + ids.length;
    const isNew = at === -1 && this.isDeleted(stream) && stored[0]?.id !== ids[0];
    return isNew ? 'write' : 'wrong';
  }

  private write(stream: string, id: string, data: string, end?: 'end'): Stored {
    const revision = end ?? this.last(stream) + 1;
    const event: Stored = { stream, revision, id, data };
    this.all.push(event);
    if (revision !== 'end' && !this.recent.has(id)) this.recent.set(id, { stream, revision });
    return event;
  }

  private bringBack(stream: string, revision: number): void {
    const before = parsed(this.events(`$$${stream}`).at(-1)?.data);
    if (before) this.write(`$$${stream}`, '', JSON.stringify({ ...before, $tb: revision }));
  }
}

export const isMetastream = (stream: string) => stream.startsWith('$$');
const originalOf = (stream: string) => (isMetastream(stream) ? stream.slice(2) : '');

function parsed(text: string | undefined): Metadata | undefined {
  try {
    return JSON.parse(text ?? '') as Metadata;
  } catch {
    return undefined;
  }
}
