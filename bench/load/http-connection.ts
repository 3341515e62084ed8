// One keep-alive HTTP/1.1 connection that sends a request and waits for its answer: a fraction of what
// node:http costs per request, so that more of the machine is left to what is measured. Takes answers
// with a Content-Length alone, which is what all that is measured here sends.
import { type Socket, connect } from 'node:net';

const ANSWER_TIMEOUT_MS = 60_000;
const HEAD_END = '\r\n\r\n';
/** Where the status stands in `HTTP/1.1 200 OK`. */
const STATUS_FROM = 9;
const STATUS_TO = 12;

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export class HttpConnection {
  private waiting: Waiting | undefined;
  private received: Buffer[] = [];
  private receivedBytes = 0;
  private head: { status: number; bodyFrom: number; bytes: number } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the connection was closed')));
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
  }

  /** Throws when nobody listens there. */
  static open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new HttpConnection(socket));
      });
    });
  }

  /** `request`: the whole of it, head and body. Not before the one before it was answered. */
  send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received.push(chunk);
    this.receivedBytes += chunk.length;
    this.head ??= this.readHead();
    if (this.head === undefined || this.receivedBytes < this.head.bytes) return;
    const { status, bodyFrom, bytes } = this.head;
    const whole = joined(this.received);
    this.received = [];
    this.receivedBytes = 0;
    this.head = undefined;
    this.waiting?.resolve({ status, body: whole.subarray(bodyFrom, bytes) });
  }

  private readHead() {
    const whole = joined(this.received);
    this.received = [whole];
    const end = whole.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const text = whole.toString('latin1', 0, end);
    const [, length] = /\r\ncontent-length: *(\d+)/i.exec(text) ?? [];
    if (length === undefined) {
      this.socket.destroy(new Error('an answer without a Content-Length'));
      return undefined;
    }
    const bodyFrom = end + HEAD_END.length;
    const status = Number(text.slice(STATUS_FROM, STATUS_TO));
    return { status, bodyFrom, bytes: bodyFrom + Number(length) };
  }

  private fail(error: Error): void {
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks);
}
