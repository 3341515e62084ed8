// The client process, as the bench sees it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ClientFailed, type Task, type TaskResult } from './client/task.js';

export interface Client {
  /** One at a time; rejects with what failed. */
  run(task: Task): Promise<TaskResult>;
  stop(): Promise<void>;
}

export function startClient(url: string): Client {
  const path = fileURLToPath(new URL('./client/main.js', import.meta.url));
  const child = fork(path, [url]);
  const ended = once(child, 'exit').then((): ClientFailed => ({ failed: 'the client ended' }));
  return {
    run: async (task) => {
      const answered = new Promise<TaskResult | ClientFailed>((resolve) => {
        child.once('message', (answer: TaskResult | ClientFailed) => resolve(answer));
      });
      child.send(task);
      const answer = await Promise.race([answered, ended]);
      if ('failed' in answer) throw new Error(answer.failed);
      return answer;
    },
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
