import { type AddressInfo } from 'node:net';
import { createServer, get } from 'node:http';
import { once } from 'node:events';
import { sendEvents } from './server-sent-events.js';

const MESSAGE = `data: ${'x'.repeat(100_000)}\n\n`;
const MESSAGES = 200;

describe('a stream of events', () => {
  it('leaves nothing behind on its answer, however often the reader was slow', async () => {
    const listeners: number[] = [];
    const server = createServer((_request, response) => {
      // eslint-disable-next-line @typescript-eslint/require-await -- a source that is never waited for
      async function* messages() {
        for (let n = 0; n < MESSAGES; n += 1) {
          listeners.push(response.listenerCount('close'));
          yield MESSAGE;
        }
      }
      const { signal } = new AbortController();
      void sendEvents(response, messages, { headers: {}, signal });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    let bytes = 0;
    await new Promise<void>((resolve, reject) => {
      get({ port, host: '127.0.0.1' }, (answer) => {
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        answer.on('end', resolve);
      }).on('error', reject);
    });
    server.close();
    expect(bytes).toBeGreaterThan(MESSAGES * MESSAGE.length);
    expect(listeners).toHaveLength(MESSAGES);
    expect(Math.max(...listeners)).toBe(listeners[0]);
  });
});
