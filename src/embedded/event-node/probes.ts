// What the port answers over HTTP/1: that the node is there, for whoever supervises it.
import { type RequestListener } from 'node:http';

const ALIVE_PATH = '/health/live';

export const answerProbe: RequestListener = (request, response) => {
  const path = request.url?.split('?')[0];
  response.writeHead(path === ALIVE_PATH ? 204 : 404).end();
};
