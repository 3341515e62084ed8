// A reader of Server-Sent Events, over the fetch of Node.

export interface SentEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

export interface EventReader {
  readonly status: number;
  readonly headers: Headers;
  /** The next event; undefined when the stream has ended, in whatever way. */
  next(): Promise<SentEvent | undefined>;
  /** Waits for whatever comes: an event, a comment or an id alone. False when the stream has ended. */
  more(): Promise<boolean>;
  /** The id to come back with, as a browser would. */
  lastEventId(): string | undefined;
  /** Comments so far. */
  comments(): readonly string[];
  close(): void;
}

export async function readEvents(
  url: string,
  { token, lastEventId }: { token: string; lastEventId?: string | undefined },
): Promise<EventReader> {
  const leaving = new AbortController();
  const response = await fetch(url, {
    signal: leaving.signal,
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
  });
  const comments: string[] = [];
  const events: SentEvent[] = [];
  const blocks = blocksOf(response);
  let last = lastEventId;
  const more = async () => {
    const block = await blocks.next().catch(() => undefined);
    if (block === undefined || block.done === true) return false;
    const fields = new Map<string, string>();
    for (const line of block.value.split('\n')) {
      const [, name = '', value = ''] = /^(\w*): ?(.*)$/s.exec(line) ?? [];
      if (name === '') comments.push(value);
      else fields.set(name, value);
    }
    last = fields.get('id') ?? last;
    const data = fields.get('data');
    const [id = '', type = ''] = [fields.get('id'), fields.get('event')];
    if (data !== undefined) events.push({ id, type, data: JSON.parse(data) as unknown });
    return true;
  };
  const next = async () => {
    while (events.length === 0 && (await more()));
    return events.shift();
  };
  return {
    ...{ status: response.status, headers: response.headers, next, more },
    lastEventId: () => last,
    comments: () => comments,
    close: () => leaving.abort(),
  };
}

async function* blocksOf({ body }: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body ?? []) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    yield* blocks;
  }
}
