// What one durable append costs, beside what it is made of: a durable write and a call. In turn, so
// that whatever else the machine does hits all of them.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { type EventStoreDBClient } from '@eventstore/db-client';
import { eventAt } from './events.js';
import { type Done, type Task } from './task.js';

const WRITE_BYTES = 1_024;
const STREAM = 'bench-one-at-a-time';

export async function oneAtATime(
  client: EventStoreDBClient,
  url: string,
  { folder, rounds }: Task & { kind: 'one at a time' },
): Promise<Done> {
  const path = join(folder, 'durable-write');
  const file = openSync(path, 'w');
  const address = /\/\/([^?]*)/.exec(url)?.[1] ?? '';
  const caller = new gossip.GossipClient(address, credentials.createInsecure());
  const emptyCall = () =>
    new Promise<void>((resolve, reject) => {
      caller.read(new shared.Empty(), (error) => (error ? reject(error) : resolve()));
    });
  const durableWrite = () => {
    writeSync(file, Buffer.alloc(WRITE_BYTES));
    fdatasyncSync(file);
  };
  const work = {
    'append of one event': (round: number) => client.appendToStream(STREAM, [eventAt(round)]),
    'empty call': emptyCall,
    'durable write': durableWrite,
  };
  const timesMs: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, doIt] of Object.entries(work)) {
      const startedAt = performance.now();
      await doIt(round);
      (timesMs[name] ??= []).push(performance.now() - startedAt);
    }
  }
  closeSync(file);
  rmSync(path);
  caller.close();
  return { events: rounds, timesMs };
}
