// Finds TCP ports on the loopback address. Ports are picked below the range from which systems hand
// out ports to outgoing connections, so that one stays ours while its server restarts.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const PORT_FIRST = 20_000;
const PORT_LAST = 31_999;
const PICK_ATTEMPTS = 100;

/** True when a server could listen on this port now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** `wanted` when it is free, else another one. */
export async function freePort(wanted?: number): Promise<number> {
  if (wanted !== undefined && (await isPortFree(wanted))) return wanted;
  for (let attempt = 0; attempt < PICK_ATTEMPTS; attempt += 1) {
    const port = randomInt(PORT_FIRST, PORT_LAST + 1);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No free port was found between ${PORT_FIRST} and ${PORT_LAST}.`);
}
