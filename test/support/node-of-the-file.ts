// An event node in this process with a client of its bare protocol, for all tests of a file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventNode, startEventNode } from '../../src/embedded/event-node/start.js';
import { type StreamsClient, connect } from './event-node-wire.js';

/** There from the first hook on. */
export interface NodeOfTheFile {
  node: EventNode;
  client: StreamsClient;
}

/** Registers the hooks that start it on a folder of its own and take it away again. */
export function nodeOfTheFile(): Readonly<NodeOfTheFile> {
  const dataDir = mkdtempSync(join(tmpdir(), 'daybook-node-'));
  const its = {} as NodeOfTheFile;
  beforeAll(async () => {
    its.node = await startEventNode({ dataDir });
    its.client = connect(its.node.port);
  });
  afterAll(async () => {
    its.client.close();
    await its.node.stop();
    rmSync(dataDir, { recursive: true });
  });
  return its;
}
