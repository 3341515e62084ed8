// A TCP proxy between a client and a server, for what a network does to both: answers that never
// arrive, connections that break.
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** From now on the server gets everything and the client hears nothing; connections stay open. */
  swallowReplies(): void;
  /** Breaks every connection; new ones work again. */
  cut(): void;
  close(): Promise<void>;
}

/** Told of what a client sends, of each connection by a listener of its own. */
export type Overhearing = () => (sent: Buffer) => void;

export async function startTcpProxy(
  targetPort: number,
  overhearing: Overhearing = () => () => undefined,
): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let swallowing = false;
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    const overhear = overhearing();
    client.on('data', (chunk) => {
      overhear(chunk);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!swallowing) client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    swallowing = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    swallowReplies: () => {
      swallowing = true;
    },
    cut,
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
