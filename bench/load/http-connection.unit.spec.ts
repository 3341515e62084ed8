import { type AddressInfo, type Server, createServer } from 'node:net';
import { HttpConnection } from './http-connection.js';

const HEAD = 'HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nContent-Length: 9\r\n\r\n';
const ANSWER = `${HEAD}{"id":1}\n`;

/** Answers each request with these pieces, one write after the other. */
function serverWith(pieces: readonly string[]): Promise<{ server: Server; url: string }> {
  const server = createServer((socket) => {
    socket.on('data', () => {
      pieces.forEach((piece, n) => setTimeout(() => socket.write(piece), n * 5));
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ server, url: `http://127.0.0.1:${port}` });
    });
  });
}

async function answersTo(pieces: readonly string[], requests: number) {
  const { server, url } = await serverWith(pieces);
  const connection = await HttpConnection.open(url);
  const answers: [number, string][] = [];
  try {
    for (let n = 0; n < requests; n += 1) {
      const { status, body } = await connection.send('GET / HTTP/1.1\r\n\r\n');
      answers.push([status, body.toString('utf8')]);
    }
    return answers;
  } finally {
    connection.close();
    server.close();
  }
}

describe('a connection of the load', () => {
  it('reads an answer that comes in one piece, and the next one', async () => {
    const answer = [201, '{"id":1}\n'];
    expect(await answersTo([ANSWER], 2)).toEqual([answer, answer]);
  });

  it('reads answers that come in pieces', async () => {
    const pieces = [ANSWER.slice(0, 30), ANSWER.slice(30, HEAD.length + 2), ANSWER.slice(-7)];
    expect(await answersTo(pieces, 2)).toEqual([
      [201, '{"id":1}\n'],
      [201, '{"id":1}\n'],
    ]);
  });

  it('fails on an answer of unknown length', async () => {
    const answer = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
    await expect(answersTo([answer], 1)).rejects.toThrow('without a Content-Length');
  });
});
