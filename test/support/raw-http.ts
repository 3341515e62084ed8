// HTTP by hand, for what clients do not do: half a request, and no HTTP at all.
import { type Socket, connect } from 'node:net';

export interface RawConnection {
  send(text: string): void;
  /** All that was received so far, once it matches. Rejects when the connection ends before. */
  received(pattern: RegExp): Promise<string>;
  end(): void;
}

export function rawConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once('error', reject);
    socket.once('connect', () => resolve(over(socket)));
  });
}

function over(socket: Socket): RawConnection {
  let text = '';
  let ended: Error | undefined;
  let look = () => {};
  socket.on('data', (data) => {
    text += data.toString();
    look();
  });
  const end = () => {
    ended = new Error(`the connection ended after: ${text}`);
    look();
  };
  socket.on('close', end);
  socket.on('error', end);
  return {
    send: (part) => void socket.write(part),
    received: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (pattern.test(text)) resolve(text);
          else if (ended) reject(ended);
        };
        look();
      }),
    end: () => socket.destroy(),
  };
}
