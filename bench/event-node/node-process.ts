// An event node of its own for the bench, in its own process, and a client of it in another.
import { type BenchProcess, startProcess } from '../bench-process.js';
import { startClient, type Client } from './client-process.js';
import { type Task, type TaskResult } from './client/task.js';

export interface BenchNode {
  readonly process: BenchProcess;
  run(task: Task): Promise<MeasuredTask>;
  stop(): Promise<void>;
}

export interface MeasuredTask extends TaskResult {
  /** Of the node, all its threads. */
  readonly nodeCpuMs: number;
}

/** On a folder, which may hold a log already. */
export async function startBenchNode(dataDir: string): Promise<BenchNode> {
  const node = await startProcess('embedded/event-node/main.js', ['--data', dataDir], {});
  const client: Client = startClient(`esdb://127.0.0.1:${node.ready.port}?tls=false`);
  const cpuMs = () => node.used()?.cpuMs ?? NaN;
  return {
    process: node,
    run: async (task) => {
      const before = cpuMs();
      const result = await client.run(task);
      return { ...result, nodeCpuMs: cpuMs() - before };
    },
    stop: async () => {
      await client.stop();
      await node.stop();
    },
  };
}
