// The port of the node. It stays open as long as the node runs, and hands each connection on: HTTP/2
// to the gRPC server of the moment, HTTP/1 to a small one for probes. With TLS the two are told apart
// by ALPN, and whoever speaks plain text gets no answer; without it, by the first bytes.
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { type TlsIdentity } from './tls.js';

export interface FrontDoorOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  tls?: TlsIdentity | undefined;
}

export interface Rooms {
  http2(connection: Socket): void;
  http1: RequestListener;
}

export interface FrontDoor {
  port: number;
  /** Takes no more connections; those left once everybody had his answer are cut. */
  close(answered: Promise<void>): Promise<void>;
}

/** For somebody who connects and then says nothing. */
const GREETING_TIMEOUT_MS = 10_000;
const HTTP2_GREETING = 'PRI';
const HTTP2_PROTOCOL = 'h2';

/** Rejects with the error of the operating system if it cannot listen. */
export async function openFrontDoor(options: FrontDoorOptions, rooms: Rooms): Promise<FrontDoor> {
  const probes = createHttpServer(rooms.http1);
  const connections = new Set<Socket>();
  const admit = (connection: Socket, isHttp2: boolean) => {
    if (isHttp2) return rooms.http2(connection);
    probes.emit('connection', connection);
    connection.resume();
  };
  const server = options.tls ? tlsServer(options.tls, admit) : plainServer(admit);
  server.on('connection', (connection: Socket) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  const port = await listen(server, options);
  return {
    port,
    close: async (answered) => {
      server.close();
      await answered;
      for (const connection of connections) connection.destroy();
    },
  };
}

type Admit = (connection: Socket, isHttp2: boolean) => void;

function tlsServer({ certificate, privateKey }: TlsIdentity, admit: Admit): Server {
  return createTlsServer(
    {
      cert: certificate,
      key: privateKey,
      minVersion: 'TLSv1.2',
      ALPNProtocols: [HTTP2_PROTOCOL, 'http/1.1'],
      handshakeTimeout: GREETING_TIMEOUT_MS,
      noDelay: true,
    },
    (connection) => {
      // Nobody else listens for as long as it waits to be handed on.
      connection.on('error', () => connection.destroy());
      admit(connection, connection.alpnProtocol === HTTP2_PROTOCOL);
    },
  );
}

function plainServer(admit: Admit): Server {
  return createTcpServer({ noDelay: true }, (connection) => {
    connection.on('error', () => connection.destroy());
    connection.setTimeout(GREETING_TIMEOUT_MS, () => connection.destroy());
    onGreeting(connection, (first) => {
      connection.setTimeout(0);
      connection.removeAllListeners('timeout');
      connection.pause();
      connection.unshift(first);
      admit(connection, first.toString('latin1', 0, HTTP2_GREETING.length) === HTTP2_GREETING);
    });
  });
}

/** What comes first, as much of it as tells HTTP/1 from HTTP/2: it may come byte by byte. */
function onGreeting(connection: Socket, greeted: (first: Buffer) => void): void {
  let first = Buffer.alloc(0);
  const take = (chunk: Buffer) => {
    first = Buffer.concat([first, chunk]);
    if (first.length < HTTP2_GREETING.length) return;
    connection.off('data', take);
    greeted(first);
  };
  connection.on('data', take);
}

function listen(server: Server, { host, port }: FrontDoorOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
