// TLS and HTTP on the port of a secure server.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { EventStoreDBClient } from '@eventstore/db-client';
import { errorOf } from '../../wire/client-results.js';
import { present } from '../../wire/read-reply.js';
import { type User } from '../../wire/target.js';
import { type Subject } from '../../scenario.js';
import { ACTORS, secureScenarios, type Actor } from './actors.js';

const PATHS = [
  ...['/health/live', '/info', '/gossip', '/ping', '/streams/su', '/users', '/subscriptions'],
  '/nothing',
];
const ASKING: Actor[] = ['anonymous', 'wrong password', 'plain', 'admin'];
const PATIENCE_MS = 4000;

interface Port {
  address: string;
  port: number;
  ca: Buffer;
}

const anyName = () => undefined;

interface Handshake {
  protocol?: string | null;
  alpn?: string | false | null;
  error?: string;
}

/** What a handshake with these options comes to. */
const handshake = ({ address, port, ca }: Port, options: tls.ConnectionOptions) =>
  new Promise<Handshake>((resolve) => {
    const all = { host: address, port, ca, servername: 'localhost', ...options };
    const socket = tls.connect(all, () => {
      resolve({ protocol: socket.getProtocol(), alpn: socket.alpnProtocol });
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ error: error.code ?? error.message }),
    );
  });

/** What comes back for bytes without TLS. */
const plainText = ({ address, port }: Port, bytes: string) =>
  new Promise<string>((resolve) => {
    let got = '';
    const socket = net.connect(port, address, () => socket.write(bytes));
    socket.on('data', (data) => (got += data.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => resolve(got === '' ? 'closed without an answer' : got.slice(0, 40)));
    setTimeout(() => resolve('nothing'), 5000).unref();
  });

const getByHttp1 = ({ address, port, ca }: Port, path: string, user: User | null) =>
  new Promise<string>((resolve) => {
    const auth = user ? { auth: `${user.username}:${user.password}` } : {};
    const trusted = { ca, servername: 'localhost', checkServerIdentity: anyName };
    const options = { host: address, port, path, agent: false, ...trusted, ...auth };
    const request = https.get(options, (response) => {
      const challenge = response.headers['www-authenticate'] ?? '';
      const line = `${response.httpVersion} ${response.statusCode} ${challenge}`.trim();
      response.resume().on('end', () => resolve(line));
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    request.setTimeout(PATIENCE_MS, () => {
      resolve('no answer');
      request.destroy();
    });
  });

const getByHttp2 = ({ ca }: Port, host: string, path: string) =>
  new Promise<unknown>((resolve) => {
    const options = { ca, servername: 'localhost', checkServerIdentity: anyName };
    const session = http2.connect(`https://${host}`, options);
    session.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    session.request({ ':path': path }).on('response', (headers) => {
      resolve(headers[':status']);
      session.close();
    });
  });

/** What the client reports of a connection string. */
async function report(url: string): Promise<unknown> {
  const client = EventStoreDBClient.connectionString(url);
  try {
    for await (const read of client.readStream('su', { maxCount: 1 })) void read;
    return 'ok';
  } catch (thrown) {
    return errorOf(thrown);
  } finally {
    await client.dispose();
  }
}

export const secureTransport: Subject = (server) =>
  secureScenarios(server, {
    tls: async (say) => {
      const { host, caFile } = server.target;
      const [address = '', number] = host.split(':');
      const ca = readFileSync(present(caFile, 'tlsCAFile in the connection string'));
      const port: Port = { address, port: Number(number), ca };
      for (const version of ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const) {
        const { error, protocol } = await handshake(port, {
          minVersion: version,
          maxVersion: version,
          ciphers: 'DEFAULT@SECLEVEL=0',
          checkServerIdentity: anyName,
        });
        say(version, error ? 'refused' : protocol);
      }
      const offers = [['h2'], ['http/1.1'], ['h2', 'http/1.1'], ['http/1.1', 'h2'], ['spdy/9']];
      for (const offer of [...offers, undefined]) {
        const offered = offer ? { ALPNProtocols: offer } : {};
        const { error, alpn } = await handshake(port, {
          ...offered,
          checkServerIdentity: anyName,
        });
        say(`alpn ${String(offer)}`, error ? 'refused' : String(alpn));
      }
      const { error } = await handshake(port, { ca: undefined });
      say('without the CA', error ? 'refused by the client' : 'accepted');
      const http1 = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
      say('plain HTTP/1 on the port', await plainText(port, http1));
      const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0';
      say('plain HTTP/2 on the port', await plainText(port, preface));
      for (const path of PATHS) {
        const outcomes: Record<string, Actor[]> = {};
        for (const actor of ASKING) {
          (outcomes[await getByHttp1(port, path, ACTORS[actor])] ??= []).push(actor);
        }
        say(`HTTP/1 GET ${path}`, outcomes);
      }
      say('HTTP/2 GET /health/live', await getByHttp2(port, host, '/health/live'));
      const asAdmin = `esdb://admin:changeit@${host}`;
      say('the client without the CA', await report(`${asAdmin}?tls=true`));
      say('the client without TLS', await report(`${asAdmin}?tls=false`));
      const unverified = await report(`${asAdmin}?tls=true&tlsVerifyCert=false`);
      say('the client with tlsVerifyCert=false', unverified);
    },
  });
